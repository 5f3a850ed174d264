"""What a proposal would change, fact by fact, so that nobody signs what she has not read.

Wording belongs to the command line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from federation.governance.domain.content import SIGNED_OFFLINE, Content
from federation.governance.domain.trust import Role, RoleName, Trust
from protocol.documents import Document
from protocol.keys import Jwk
from protocol.roster import Member, Members, Suspensions


class ChangeKind(StrEnum):
    """The kinds of change there are."""

    FOUNDED = "founded"
    MEMBER_ADDED = "member-added"
    MEMBER_GONE = "member-gone"
    MEMBER_CHANGED = "member-changed"
    CLEARED = "cleared"
    UNCLEARED = "uncleared"
    POLICY_CHANGED = "policy-changed"
    SUSPENDED = "suspended"
    NO_LONGER_NAMED = "no-longer-named"
    KEY_ADDED = "key-added"
    KEY_REMOVED = "key-removed"
    KEY_RENAMED = "key-renamed"
    THRESHOLD_CHANGED = "threshold-changed"
    SIGNED_UNTIL = "signed-until"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One fact that would be different. `subject` is an id or a role; `field` names what changes."""

    kind: ChangeKind
    subject: str
    field: str = ""
    before: str = ""
    after: str = ""


def compare(old: Content | None, new: Content) -> tuple[Change, ...]:
    """Every difference between the published state and the proposed one; all of it where nothing is published."""
    if old is None:
        first = Change(kind=ChangeKind.FOUNDED, subject="federation")
        return (first, *_roles(None, new.trust), *_policy(None, new.policy), *_dates(None, new))
    return (
        *_roles(old.trust, new.trust),
        *_members(old.members, new.members),
        *_cleared(old.members, new.members),
        *_policy(old.policy, new.policy),
        *_suspensions(old.suspensions, new.suspensions),
        *_dates(old, new),
    )


def _roles(old: Trust | None, new: Trust) -> Iterator[Change]:
    for name in RoleName:
        role, before = new.role(name), old.role(name) if old is not None else None
        yield from _holders(name, before, role)
        if before is None or before.threshold != role.threshold:
            yield Change(
                kind=ChangeKind.THRESHOLD_CHANGED,
                subject=name.value,
                field=str(len(role.holders)),
                before="" if before is None else str(before.threshold),
                after=str(role.threshold),
            )


def _holders(name: RoleName, old: Role | None, new: Role) -> Iterator[Change]:
    before = {} if old is None else {holder.key_id: holder.name for holder in old.holders}
    after = {holder.key_id: holder.name for holder in new.holders}
    for key, holder in after.items():
        if key not in before:
            yield Change(kind=ChangeKind.KEY_ADDED, subject=name.value, field=holder, after=key)
        elif before[key] != holder:
            yield Change(kind=ChangeKind.KEY_RENAMED, subject=name.value, field=key, before=before[key], after=holder)
    for key, holder in before.items():
        if key not in after:
            yield Change(kind=ChangeKind.KEY_REMOVED, subject=name.value, field=holder, before=key)


def _members(old: Members, new: Members) -> Iterator[Change]:
    before = {member.id: member for member in old.members}
    after = {member.id: member for member in new.members}
    for node, member in after.items():
        if node not in before:
            yield Change(kind=ChangeKind.MEMBER_ADDED, subject=node, field="name", after=member.name)
        yield from _fields(before.get(node), member)
    for node, member in before.items():
        if node not in after:
            yield Change(kind=ChangeKind.MEMBER_GONE, subject=node, field="name", before=member.name)


def _fields(old: Member | None, new: Member) -> Iterator[Change]:
    for name, was, now in _differences(old, new):
        yield Change(kind=ChangeKind.MEMBER_CHANGED, subject=new.id, field=name, before=was, after=now)


def _policy(old: Document | None, new: Document) -> Iterator[Change]:
    for name, was, now in _differences(old, new):
        if name != "signed_at":
            yield Change(kind=ChangeKind.POLICY_CHANGED, subject="policy", field=name, before=was, after=now)


def _differences(old: Document | None, new: Document) -> Iterator[tuple[str, str, str]]:
    before = dict(_leaves(old, ""))
    after = dict(_leaves(new, ""))
    for name in [*after, *(name for name in before if name not in after)]:
        was, now = before.get(name, ""), after.get(name, "")
        if was != now:
            yield name, was, now


def _leaves(document: Document | None, prefix: str) -> Iterator[tuple[str, str]]:
    # A key is told by its id, as it is everywhere else, and a document by its fields.
    for name in type(document).model_fields if document is not None else ():
        value = getattr(document, name)
        if isinstance(value, Jwk):
            yield prefix + name, value.key_id
        elif isinstance(value, Document):
            yield from _leaves(value, f"{prefix}{name}.")
        elif value != ():
            yield prefix + name, str(value)


def _cleared(old: Members, new: Members) -> Iterator[Change]:
    before, after = ({(entry.key, entry.serial) for entry in members.cleared} for members in (old, new))
    for key, serial in sorted(after - before):
        yield Change(kind=ChangeKind.CLEARED, subject=key, field=str(serial))
    for key, serial in sorted(before - after):
        yield Change(kind=ChangeKind.UNCLEARED, subject=key, field=str(serial))


def _suspensions(old: Suspensions, new: Suspensions) -> Iterator[Change]:
    for entry in new.entries:
        if entry not in old.entries:
            yield Change(kind=ChangeKind.SUSPENDED, subject=entry.subject, field=str(entry.serial), after=entry.key)
    for entry in old.entries:
        if entry not in new.entries:
            yield Change(
                kind=ChangeKind.NO_LONGER_NAMED, subject=entry.subject, field=str(entry.serial), before=entry.key
            )


def _dates(old: Content | None, new: Content) -> Iterator[Change]:
    for role in SIGNED_OFFLINE:
        was = None if old is None else old.expires.of(role)
        # A file signed anew within the minute has a new number and the same date; it is still signed anew.
        if old is None or (was, old.versions.of(role)) != (new.expires.of(role), new.versions.of(role)):
            yield Change(
                kind=ChangeKind.SIGNED_UNTIL,
                subject=role.value,
                field=str(new.versions.of(role)),
                before=_day(was),
                after=_day(new.expires.of(role)),
            )


def _day(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).isoformat(timespec="minutes").replace("+00:00", "Z")
