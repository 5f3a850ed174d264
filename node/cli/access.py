"""What `people export --person` writes: one file with everything about one person, for a machine and for herself."""

import json
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO

from federation.ground.writing import encode
from node.cli import consent, disclosures
from node.cli.session import Session
from node.domain.consent import standard_wording
from node.services.access import AccessView, WrittenView
from node.services.mentorship.views import MentorshipView

MACHINE, READABLE = "everything.json", "everything.txt"


def bundle(node: Session, view: AccessView, person: Iterable[str]) -> bytes:
    """A ZIP file of both; `person` are the lines about her herself, `node` speaks her language."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(MACHINE, json.dumps(encode(view), ensure_ascii=False, indent=2))
        file.writestr(READABLE, "\n".join([*_lines(node, view, person), ""]))
    return packed.getvalue()


def _lines(node: Session, view: AccessView, person: Iterable[str]) -> Iterator[str]:
    yield node.say("access.title", name=view.person.name, program=view.program, day=f"{view.made_at:%Y-%m-%d}")
    yield from _section(node, "person", person)
    yield from _section(node, "consents", (_consent(node, view, number) for number in range(len(view.consents))))
    yield from _section(node, "disclosures", disclosures.disclosed(node, view.disclosures))
    yield from _section(
        node,
        "requests",
        (
            f"{one.opened_at:%Y-%m-%d}  {one.program_name}  {one.need.occupation}  {node.say(f'stage.{one.stage}')}"
            for one in view.requests
        ),
    )
    yield from _section(node, "mentorships", (line for one in view.mentorships for line in _mentorship(node, one)))
    yield from _section(node, "notes", (f"{one.at:%Y-%m-%d}  {one.words}" for one in view.notes))
    yield from _section(node, "plans", (f"{one.at:%Y-%m-%d %H:%M}  {one.where}" for one in view.plans))
    yield from _section(node, "letters", (_letter(node, one) for one in view.letters))
    yield from _section(node, "remarks", (f"{one.at:%Y-%m-%d}  {one.words}" for one in view.remarks))
    yield from _section(node, "acts", (f"{act.at:%Y-%m-%d %H:%M}  {node.say(f'act.{act.act}')}" for act in view.acts))
    yield ""
    yield node.say("access.records", file=MACHINE, count=len(view.records))


def _section(node: Session, name: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield f"== {node.say(f'access.{name}')} =="
    yield from list(lines) or [node.say("access.nothing")]


def _consent(node: Session, view: AccessView, number: int) -> str:
    one = view.consents[number]
    said = node.say(one.wording) if one.wording == standard_wording(one.purpose) else one.wording
    return f"{consent.one_line(node, one)}\n    {said}"


def _mentorship(node: Session, one: MentorshipView) -> Iterator[str]:
    state = node.say(f"outcome.{one.outcome}") if one.outcome else node.say(f"mentorship.{one.state}")
    yield f"{one.opened_at:%Y-%m-%d}  {node.say(f'place.{one.place}')}  {state}"
    if one.words:
        yield f"    {one.words}"
    for goal in one.goals:
        yield f"    {goal.words}  {goal.due_on}  {node.say(f'goal.{goal.state}')}"
        yield from (f"      {step.words}" for step in goal.steps)
    for held in one.meetings:
        yield f"    {node.say('mentorship.meeting', day=held.held_on, minutes=held.minutes)}"


def _letter(node: Session, one: WrittenView) -> str:
    line = f"{one.letter.written_at:%Y-%m-%d}  {node.say(f'letter.state.{one.letter.state}')}"
    return line if one.other is None else f"{line}  {one.other.name}  {one.other.email}  {one.other.phone}".rstrip()
