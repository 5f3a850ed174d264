"""How facts of the roster read in a terminal: one line for one fact."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from federation.governance.domain.deadlines import Alarm, Deadline
from federation.governance.domain.diff import Change, ChangeKind
from federation.governance.domain.trust import RoleName
from federation.governance.services.ports import RoleCheck
from federation.governance.services.views import HistoryView, ProposalView, RosterView, SixWords, StatusView

_CHANGES = {
    ChangeKind.FOUNDED: "+ A new federation.",
    ChangeKind.MEMBER_ADDED: "+ Program {subject} joins: {after}",
    ChangeKind.MEMBER_GONE: "- Program {subject} is erased from the roster: {before}",
    ChangeKind.MEMBER_CHANGED: "~ Program {subject}: {field} {before} -> {after}",
    ChangeKind.CLEARED: "+ The suspension {subject}/{field} is lifted.",
    ChangeKind.UNCLEARED: "- The lifting of suspension {subject}/{field} is taken back.",
    ChangeKind.POLICY_CHANGED: "~ Policy: {field} {before} -> {after}",
    ChangeKind.SUSPENDED: "- Program {subject} is suspended by duty key {after} (serial {field}).",
    ChangeKind.NO_LONGER_NAMED: "~ The suspension of {subject} by {before} (serial {field}) is no longer repeated.",
    ChangeKind.KEY_ADDED: "+ {field} may sign {subject} with key {after}",
    ChangeKind.KEY_REMOVED: "- {field} may no longer sign {subject} with key {before}",
    ChangeKind.KEY_RENAMED: "~ Key {field} of {subject} is called {after} (before: {before})",
    ChangeKind.THRESHOLD_CHANGED: "~ {subject} needs {after} of {field} signatures (before: {before})",
    ChangeKind.SIGNED_UNTIL: "~ {subject} version {field} holds until {after} (before: {before})",
}
_NONE = "none"

_ALARMS = {
    Alarm.NONE: "",
    Alarm.FIRST: "  soon",
    Alarm.SECOND: "  SOON",
    Alarm.LAST: "  NOW",
    Alarm.PAST: "  PAST",
}
_NEXT_STEPS = {
    RoleName.ROOT: "Run `mentorweave-fed propose root` and let the stewards sign.",
    RoleName.TARGETS: "Run `mentorweave-fed propose renew` and let the stewards sign.",
    RoleName.SUSPENSIONS: "No duty server is running: start `mentorweave-fed serve --duty`.",
    RoleName.SNAPSHOT: "The exchange does not renew its files: check that it runs.",
    RoleName.TIMESTAMP: "The exchange does not renew its files: check that it runs.",
}


def change_lines(changes: Iterable[Change]) -> Iterator[str]:
    """What would be different, one line a fact."""
    for change in changes:
        yield _CHANGES[change.kind].format(
            subject=change.subject,
            field=change.field,
            before=change.before or _NONE,
            after=change.after or _NONE,
        )


def diff_lines(view: ProposalView) -> Iterator[str]:
    """What a signer must read: what changes, the words to compare, who signed."""
    yield f"Proposal `{view.kind.value}` by {view.by}, for {view.exchange}"
    yield from change_lines(view.changes)
    if view.words is not None:
        yield from words_lines(view.words)
    yield from map(_check_line, view.checks)


def _check_line(check: RoleCheck) -> str:
    name = check.role.value if check.by_new_root else f"{check.role.value} (before the change)"
    state = "enough" if not check.missing else f"{check.missing} more needed"
    signed = ", ".join(check.signed) or "nobody yet"
    return f"  {name}: signed by {signed}; {len(check.signed)} of {check.threshold}, {state}"


def words_lines(words: SixWords) -> Iterator[str]:
    """The six words in both languages."""
    yield "Phone the program and compare, in both directions:"
    yield "  " + " ".join(words.english)
    yield "  " + " ".join(words.french)


def roster_lines(view: RosterView) -> Iterator[str]:
    """The roster in full."""
    yield f"Exchange {view.exchange}"
    yield f"Root {view.root_version}, targets {view.targets_version}, suspensions {view.suspensions_version}"
    yield f"SHA-256 of the root: {view.root_sha256}"
    for role in view.roles:
        yield f"  {role.role}: {role.threshold} of {len(role.holders)} ({', '.join(role.holders)})"
    for member in view.members:
        yield f"{member.id}  {member.standing.value:<9}  {member.name} ({member.region})"
    for stop in view.suspensions:
        yield f"Suspended: {stop.subject} since {_moment(stop.since)} by {stop.key}/{stop.serial}"
    yield from deadline_lines(view)


def deadline_lines(view: RosterView) -> Iterator[str]:
    """How long every file lasts, and what to do about those that end."""
    if not view.live:
        yield f"The exchange does not answer; this is the copy of {_moment(view.read_at)}."
    for end in view.deadlines:
        yield f"  {end.role.value:<11} {_moment(end.expires)}  {end.days:>7.1f} days{_ALARMS[end.alarm]}"
    for end in view.deadlines:
        if end.alarm is not Alarm.NONE:
            yield _alarm_line(end)


def _alarm_line(end: Deadline) -> str:
    state = "is past its date" if end.alarm is Alarm.PAST else f"ends in {end.days:.1f} days"
    return f"{end.role.value} {state}. {_NEXT_STEPS[end.role]}"


def status_lines(view: StatusView) -> Iterator[str]:
    """Where a steward stands."""
    yield f"Steward {view.steward}; {view.acts} acts on record, head {view.head}"
    if view.codes:
        yield f"Join codes issued: {', '.join(view.codes)}"
    if view.roster is None:
        yield "No roster was read here yet."
        return
    yield f"{len(view.roster.members)} programs, {len(view.roster.suspensions)} suspensions"
    yield from deadline_lines(view.roster)


def history_lines(view: HistoryView) -> Iterator[str]:
    """The record of acts."""
    for act in view.acts:
        yield f"{act.n:>4}  {_moment(act.at)}  {act.by}  {act.verb.value}  {act.what}  {act.subject}".rstrip()
    yield f"The chain holds; head {view.head}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="minutes").replace("+00:00", "Z")
