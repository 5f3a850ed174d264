"""The roster as a member knows it: who belongs, who is stopped, and how old that knowledge is.

Fetching and verifying is `roster_client`'s work, keeping it `roster_store`'s; here are the rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from protocol.documents import from_moment
from protocol.errors import ProtocolError
from protocol.ids import Digest, NodeId
from protocol.keys import VerifyingKey
from protocol.roster import (
    Member,
    Members,
    Policy,
    Standing,
    SuspendedError,
    Suspension,
    Suspensions,
    find,
    standing,
    stick,
)
from protocol.seen import Seen
from protocol.statements import CLOCK_SKEW

FRESH = timedelta(hours=48)
WARN = timedelta(days=7)
SILENT = timedelta(days=30)


class RosterRollbackError(ProtocolError):
    """The served roster is older than the one already verified."""

    code = "roster-rollback"
    status = 409
    title = "An older list of member programs was served than the one already verified."
    remedy = "The last verified copy is used; tell the stewards if this stays."


class Tier(StrEnum):
    """What the age of a roster still allows (DESIGN section 3)."""

    FRESH = "fresh"
    WARN = "warn"
    NO_NEW = "no_new"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The last copy that verified. Versions are those of the signed files; `batch` is the last of the need board."""

    root: int
    targets: int
    suspensions: int
    targets_expires: datetime
    signed_at: datetime | None
    members: Members
    policy: Policy
    stuck: frozenset[Suspension]
    verified_at: datetime
    batch: Digest | None = None

    def age(self, now: datetime) -> timedelta | None:
        """Now minus `signed_at` of the newest suspensions that verified while valid; None when none ever did."""
        return None if self.signed_at is None else max(now - self.signed_at, timedelta(0))

    def tier(self, now: datetime) -> Tier:
        """What may be done across programs with a roster of this age."""
        age = self.age(now)
        if age is None or age > SILENT:
            return Tier.SILENT
        if age > WARN or now >= self.targets_expires:
            return Tier.NO_NEW
        return Tier.WARN if age > FRESH else Tier.FRESH

    def member(self, node: NodeId) -> Member:
        """The entry of `node`. Raises: NotMemberError."""
        return find(self.members, node)

    def standing(self, node: NodeId, at: datetime | None = None) -> Standing:
        """Where `node` stands; with `at`, a member whose time has not come is none. Raises: NotMemberError."""
        return standing(self.members, self.stuck, node, at=at)

    def identity(self, node: NodeId) -> VerifyingKey:
        """The identity key that the stewards pinned. Raises: NotMemberError."""
        return VerifyingKey.from_jwk(self.member(node).identity)

    def require_active(self, node: NodeId, at: datetime) -> Member:
        """The entry of `node`, if it may take part. Raises: NotMemberError, SuspendedError."""
        if self.standing(node, at) is not Standing.ACTIVE:
            raise SuspendedError(node=node)
        return self.member(node)

    @property
    def active(self) -> tuple[Member, ...]:
        """The members that are neither suspended nor gone."""
        members = self.members.members
        return tuple(member for member in members if self.standing(NodeId(member.id)) is Standing.ACTIVE)

    @property
    def seen(self) -> Seen:
        """What this member tells others it has seen."""
        return Seen(root=self.root, targets=self.targets, suspensions=self.suspensions, batch=self.batch)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """Files that verified just now. `suspensions` is None where that role alone did not; `withheld` says why."""

    root: int
    targets: int
    targets_expires: datetime
    members: Members
    policy: Policy
    suspensions_version: int
    suspensions: Suspensions | None
    withheld: str | None


def renewed(last: Roster | None, found: Fetched, now: datetime) -> Roster:
    """The roster after a fetch: suspensions stick, and only a steward's own date makes it younger.

    Raises: RosterRollbackError.
    """
    if last is not None and (found.root, found.targets) < (last.root, last.targets):
        raise RosterRollbackError(root=found.root, targets=found.targets)
    suspensions = found.suspensions or Suspensions(signed_at=0)
    stuck = frozenset[Suspension]() if last is None else last.stuck
    dates = [] if last is None or last.signed_at is None else [last.signed_at]
    signed_at = from_moment(suspensions.signed_at)
    # A date in the future would make an old file look fresh for ever; what it denies still holds.
    if found.suspensions is not None and signed_at <= now + CLOCK_SKEW:
        dates.append(signed_at)
    return Roster(
        root=found.root,
        targets=found.targets,
        suspensions=max(found.suspensions_version, 0 if last is None else last.suspensions),
        targets_expires=found.targets_expires,
        signed_at=max(dates, default=None),
        members=found.members,
        policy=found.policy,
        stuck=stick(stuck, suspensions, found.members.cleared),
        verified_at=now,
        batch=None if last is None else last.batch,
    )
