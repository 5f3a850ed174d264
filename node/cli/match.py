"""`mentorweave match`: mentors for a mentee, ranked and explained. People decide."""

from typing import Annotated

import typer

from node.cli import assigning, draft, rules
from node.cli.session import Session, session
from node.domain.matching.rules import HIGHEST
from node.domain.person import PersonId
from node.domain.request import UnknownRequestError
from node.services.board.explaining import OutsidePointsView
from node.services.matching.views import OptionView, PartView, SuggestionView
from node.words.reasons import reason
from protocol.ids import Digest, ThreadId

app = typer.Typer(name="match", help="Mentors for a mentee.", no_args_is_help=True)
app.add_typer(assigning.app)
app.add_typer(rules.app)
app.add_typer(draft.app)

_DIGEST = 64
"""Digits of an anonymous request's id; a person's id is shorter."""

MenteeArgument = Annotated[str, typer.Argument(help="The mentee's id.")]
PairedArgument = Annotated[str, typer.Argument(help="The mentee's id, or that of a request from outside.")]
MentorArgument = Annotated[str, typer.Argument(help="The mentor's id.")]
UndoOption = Annotated[bool, typer.Option("--undo", help="Take it back.")]


@app.command()
def suggest(mentee: MenteeArgument, limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 10) -> None:
    """Rank the program's own mentors for one mentee, say why, what would help, and what else there is."""
    with session() as node:
        view = node.services.matching.suggest(node.actor, PersonId(mentee), limit)
        lines = [line for found in view.suggestions for line in _lines(node, found)]
        lines = lines or [node.say("match.none")]
        lines += [node.say(f"help.{h.obstacle}", count=h.mentors) for h in view.would_help]
        lines += [_option(node, option) for option in view.next_best]
        if view.notes:
            lines.append(node.say("match.notes", notes=view.notes))
        node.reporter.answer(view, lines)


@app.command()
def why(mentee: PairedArgument, mentor: MentorArgument) -> None:
    """Say everything that speaks for and against one pair; of a request from outside, its public points."""
    with session() as node:
        outside = _outside(node, mentee, PersonId(mentor))
        if outside is not None:
            _why_outside(node, outside)
            return
        view = node.services.matching.why(node.actor, PersonId(mentee), PersonId(mentor))
        node.reporter.answer(view, [*_lines(node, view), _parts(node, view.parts)])


def _outside(node: Session, request: str, mentor: PersonId) -> OutsidePointsView | None:
    """The points of a request from outside; None where the id is that of a person."""
    if len(request) == _DIGEST:
        return node.services.board.why(node.actor, Digest(request), mentor)
    try:
        return node.services.board.why.named(node.actor, ThreadId(request), mentor)
    except UnknownRequestError:
        return None


def _why_outside(node: Session, view: OutsidePointsView) -> None:
    bonuses = {"waiting": view.for_waiting, "exact": view.for_no_exact_mentor}
    sentence = "match.outside" if len(view.request) == _DIGEST else "match.named"
    total = node.say(sentence, points=view.points, fit=view.fit, highest=HIGHEST, **bonuses)
    reasons = [
        f"  {'+' if part.speaks_for else '-'} {reason(node.say, part.reason.code, part.reason.details)}"
        for part in view.parts
        if part.reason is not None
    ]
    obstacles = [f"  x {node.say(f'obstacle.{rule}')}" for rule in view.obstacles]
    lines = [f"{view.mentor}  {view.name}  {total}", *obstacles, *reasons, _parts(node, view.parts)]
    node.reporter.answer(view, lines)


def _parts(node: Session, parts: tuple[PartView, ...]) -> str:
    found = ", ".join(f"{node.say(f'criterion.{p.criterion}')} {p.points}/{p.most}" for p in parts)
    return node.say("match.parts", parts=found)


@app.command(name="why-not")
def why_not(mentee: MenteeArgument) -> None:
    """Say why the newest draft leaves a mentee without a mentor."""
    with session() as node:
        view = node.services.drafts.why_not(node.actor, PersonId(mentee))
        params = {"cutoff": view.cutoff, "own": view.own, "mentor": view.mentor, "fit": view.fit}
        node.reporter.answer(view, [node.say(f"why.{view.why or 'matched'}", **params)])


@app.command()
def exclude(mentee: MenteeArgument, mentor: MentorArgument, undo: UndoOption = False) -> None:
    """Keep two people apart: they are never suggested to each other."""
    with session() as node:
        view = node.services.matching.keep_apart(node.actor, PersonId(mentee), PersonId(mentor), apart=not undo)
        node.reporter.answer(view, [node.say("match.allowed" if undo else "match.kept_apart")])


@app.command()
def pin(mentee: MenteeArgument, mentor: MentorArgument, undo: UndoOption = False) -> None:
    """Put these two together in every draft; a pin never breaks a hard rule."""
    with session() as node:
        view = node.services.matching.pin(node.actor, PersonId(mentee), PersonId(mentor), pinned=not undo)
        node.reporter.answer(view, [node.say("match.unpinned" if undo else "match.pinned")])


@app.command()
def approve(mentee: MenteeArgument, mentor: MentorArgument) -> None:
    """Put two of our own together: a seat is taken, and each gets a letter."""
    with session() as node:
        view = node.services.mentorships.approve(node.actor, PersonId(mentee), PersonId(mentor))
        node.reporter.answer(view, [node.say("match.approved", mentorship=view.id)])


def _lines(node: Session, view: SuggestionView) -> list[str]:
    title = view.title_fr if node.say.language == "fr" else view.title_en
    circle = "match.in_circle" if view.place_in_circle else "match.is_circle"
    marks = (("!", "match.is_pinned", view.pinned), ("o", circle, view.circle))
    signed = (
        *((sign, node.say(code)) for sign, code, holds in marks if holds),
        *(("x", node.say(f"obstacle.{rule}")) for rule in view.obstacles),
        *(("+", reason(node.say, found.code, found.details)) for found in view.reasons_for),
        *(("-", reason(node.say, found.code, found.details)) for found in view.reasons_against),
    )
    score = node.say("match.score", fit=view.fit, highest=HIGHEST, seats=view.free_seats)
    head = f"{view.mentor}  {view.name}  {view.occupation} {title}  {score}"
    notes = [f"  {node.say('match.notes', notes=view.notes)}"] if view.notes else []
    return [head, *(f"  {sign} {line}" for sign, line in signed), *notes]


def _option(node: Session, view: OptionView) -> str:
    return node.say(f"option.{view.option}", mentors=view.mentors, name=view.name, mentor=view.best, fit=view.fit)
