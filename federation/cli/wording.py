"""How a steward is spoken to, in English or French: one line for one fact, and the two lines of a refusal.

The sentences lie in `words.tsv` and `french.tsv` beside this module; facts and refusals come without words.
"""

import csv
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import resources

from federation.governance.domain.deadlines import Alarm, Deadline
from federation.governance.domain.diff import Change
from federation.governance.services.ports import RoleCheck
from federation.governance.services.views import (
    HistoryView,
    ProposalView,
    PublishedView,
    RosterView,
    SixWords,
    StatusView,
)
from federation.ground.french import word
from federation.ground.refusal import Explained

LANGUAGE = "MENTORWEAVE_FED_LANGUAGE"
_LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")


def language() -> str:
    """`fr` or `en`: as the variable says, else as this machine speaks to whoever is signed in."""
    named = next((os.environ[name] for name in (LANGUAGE, *_LOCALES) if os.environ.get(name)), "")
    return "fr" if named.lower().startswith("fr") else "en"


def say(code: str, **params: object) -> str:
    """The sentence for `code`. Raises: KeyError for a code the table does not hold."""
    english, french = sentences()[code]
    return (french if language() == "fr" else english).format_map(params)


def word_refusal(error: Explained) -> tuple[str, str]:
    """Why, and what to do next."""
    return word(error, language(), "federation.cli")


@cache
def sentences() -> Mapping[str, tuple[str, str]]:
    """Every code with its English and its French sentence."""
    table = resources.files("federation.cli").joinpath("words.tsv").read_text("utf-8")
    return {code: (english, french) for code, english, french in csv.reader(table.splitlines()[1:], "excel-tab")}


def change_lines(changes: Iterable[Change]) -> Iterator[str]:
    """What would be different, one line a fact."""
    for change in changes:
        yield say(
            f"change.{change.kind.value}",
            subject=change.subject,
            field=change.field,
            before=change.before or say("none"),
            after=change.after or say("none"),
        )


def diff_lines(view: ProposalView) -> Iterator[str]:
    """What a signer must read: what changes, the words to compare, who signed."""
    yield say("proposal", kind=view.kind.value, by=view.by, exchange=view.exchange)
    yield from change_lines(view.changes)
    if view.words is not None:
        yield from words_lines(view.words)
    yield from map(_check_line, view.checks)


def _check_line(check: RoleCheck) -> str:
    return say(
        "check",
        role=check.role.value if check.by_new_root else say("check.before", role=check.role.value),
        signed=", ".join(check.signed) or say("check.nobody"),
        count=len(check.signed),
        threshold=check.threshold,
        state=say("check.more", missing=check.missing) if check.missing else say("check.enough"),
    )


def words_lines(words: SixWords) -> Iterator[str]:
    """The six words in both languages."""
    yield say("words.compare")
    yield "  " + " ".join(words.english)
    yield "  " + " ".join(words.french)


def roster_lines(view: RosterView) -> Iterator[str]:
    """The roster in full."""
    yield say("roster.exchange", exchange=view.exchange)
    yield versions_line("roster.versions", view)
    yield say("roster.sha256", sha256=view.root_sha256)
    for role in view.roles:
        names = ", ".join(role.holders)
        yield say("roster.role", role=role.role, threshold=role.threshold, count=len(role.holders), names=names)
    for member in view.members:
        standing = say(f"standing.{member.standing.value}")
        yield f"{member.id}  {standing:<9}  {member.name} ({member.region})"
    for stop in view.suspensions:
        since = _moment(stop.since)
        yield say("roster.suspended", subject=stop.subject, moment=since, key=stop.key, serial=stop.serial)
    yield from deadline_lines(view)


def versions_line(code: str, view: RosterView | PublishedView) -> str:
    """Which versions of the stewards' files those are."""
    root, targets, suspensions = view.root_version, view.targets_version, view.suspensions_version
    return say(code, root=root, targets=targets, suspensions=suspensions)


def deadline_lines(view: RosterView) -> Iterator[str]:
    """How long every file lasts, and what to do about those that end."""
    if not view.live:
        yield say("roster.away", moment=_moment(view.read_at))
    for end in view.deadlines:
        line = say(
            "end.line", role=f"  {end.role.value:<11}", moment=_moment(end.expires), days=f"{_number(end.days):>7}"
        )
        yield line + (f"  {say(f'alarm.{end.alarm.value}')}" if end.alarm is not Alarm.NONE else "")
    yield from alarm_lines(view.deadlines)


def alarm_lines(deadlines: Iterable[Deadline]) -> Iterator[str]:
    """What ends soon, and what to do about it."""
    for end in deadlines:
        if end.alarm is not Alarm.NONE:
            code = "end.past" if end.alarm is Alarm.PAST else "end.in"
            yield say(code, role=end.role.value, days=_number(end.days), next=say(f"next.{end.role.value}"))


def status_lines(view: StatusView) -> Iterator[str]:
    """Where a steward stands."""
    yield say("status.steward", steward=view.steward, acts=view.acts, head=view.head)
    if view.codes:
        yield say("status.codes", codes=", ".join(view.codes))
    if view.roster is None:
        yield say("status.unread")
        return
    yield say("status.counts", programs=len(view.roster.members), suspensions=len(view.roster.suspensions))
    yield from deadline_lines(view.roster)


def history_lines(view: HistoryView) -> Iterator[str]:
    """The record of acts."""
    for act in view.acts:
        yield f"{act.n:>4}  {_moment(act.at)}  {act.by}  {act.verb.value}  {act.what}  {act.subject}".rstrip()
    yield say("history.holds", head=view.head)


def _number(value: float) -> str:
    text = f"{value:.1f}"
    return text.replace(".", ",") if language() == "fr" else text


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="minutes").replace("+00:00", "Z")
