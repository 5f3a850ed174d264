"""What the stewards sign: members, policy and suspensions, as targets of a TUF repository.

Signatures, versions and expiry of the files are the roster client's work; here is what they say, and what sticks.
Specification: docs/protocol/06-roster.md.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from protocol.documents import (
    Count,
    Crit,
    DigestText,
    Document,
    KeyIdText,
    Label,
    Moment,
    NodeIdText,
    Version,
    from_moment,
)
from protocol.errors import ProtocolError
from protocol.keys import Jwk
from protocol.vocabulary import Publishes, SizeBracket

if TYPE_CHECKING:
    from datetime import datetime

    from protocol.ids import NodeId

LIMIT = 5_000_000
MEMBERS = "members.json"
POLICY = "policy.json"
SUSPENSIONS = "suspensions.json"
SUSPENSIONS_ROLE = "suspensions"

Url = Annotated[str, StringConstraints(pattern=r"^https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?$", max_length=200)]


class NotMemberError(ProtocolError):
    """No such member."""

    code = "member-unknown"
    status = 403
    title = "The program is not a member of this federation."
    remedy = "Run `mentorweave sync`; if it stays, ask a steward whether the program was admitted."


class SuspendedError(NotMemberError):
    """The member is suspended, or has left."""

    code = "member-inactive"
    title = "The program is suspended or has left the federation."
    remedy = "Ask a steward; withdrawals and erasures are still passed on."


class SuccessionError(ProtocolError):
    """A new list of members changes what may not change."""

    code = "roster-succession"
    status = 409
    title = "The new list of members changes something that is fixed."
    remedy = "Make the proposal again from the newest list; a changed identity needs `mentorweave-fed propose rekey`."


class Standing(StrEnum):
    """A member's standing in the roster."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEFT = "left"


class ProtocolRange(Document):
    """Which versions of this language a member speaks."""

    min: Version = 1
    max: Version = 1


class Quotas(Document):
    """How much one member may send: messages a day, first messages of a thread a day, cards open at a time.

    `cards` is for how many waiting mentees the stewards vouch: without their word a member asks by name only.
    """

    messages: Count = 2_000
    first_contacts: Count = 200
    cards: Count = 0


class Member(Document):
    """One program as the stewards admitted it."""

    id: NodeIdText
    name: Label
    region: Label
    identity: Jwk
    status: Standing
    valid_from: Moment
    relay: Url
    protocol: ProtocolRange = ProtocolRange()
    min_key_version: Version = 1
    quotas: Quotas = Quotas()
    publishes: Publishes
    size: SizeBracket

    @model_validator(mode="after")
    def _signs(self) -> Self:
        if self.identity.crv != "Ed25519":
            raise ValueError("identity")
        return self


class Cleared(Document):
    """A suspension that the admissions role lifted."""

    key: KeyIdText
    serial: Count


class Members(Document):
    """`members.json`."""

    signed_at: Moment
    members: tuple[Member, ...]
    cleared: tuple[Cleared, ...] = ()
    crit: Crit = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        ids = {member.id for member in self.members}
        identities = {member.identity.x for member in self.members}
        if len(ids) != len(self.members) or len(identities) != len(self.members):
            raise ValueError("members")
        return self


class BoardKeys(Document):
    """The need board's own keys."""

    sign: Jwk
    seal: Jwk

    @model_validator(mode="after")
    def _sign_and_seal(self) -> Self:
        if (self.sign.crv, self.seal.crv) != ("Ed25519", "X25519"):
            raise ValueError("board")
        return self


class Bonuses(Document):
    """Public points across programs."""

    tier: Annotated[int, Field(ge=0, le=1_000)] = 150
    no_exact_mentor: Annotated[int, Field(ge=0, le=1_000)] = 100


class Policy(Document):
    """`policy.json`."""

    signed_at: Moment
    board: BoardKeys
    vocabulary: DigestText
    board_interval: Annotated[int, Field(ge=1, description="seconds between two batches")] = 604_800
    bonuses: Bonuses = Bonuses()
    quotas: Quotas = Quotas()
    crit: Crit = ()


class Suspension(Document):
    """One member stopped by one duty key; `(key, serial)` names it for ever."""

    key: KeyIdText
    serial: Count
    subject: NodeIdText
    since: Moment

    @property
    def name(self) -> tuple[str, int]:
        """What a clearing names."""
        return (self.key, self.serial)


class Suspensions(Document):
    """`suspensions.json`: deny only. Its `signed_at` is what the age of a roster is measured by."""

    signed_at: Moment
    entries: tuple[Suspension, ...] = ()
    crit: Crit = ()


def stick(kept: frozenset[Suspension], found: Suspensions, cleared: tuple[Cleared, ...]) -> frozenset[Suspension]:
    """The suspensions that hold (06-roster 6.2.1): every one ever seen, until the admissions role clears it by name."""
    lifted = {(entry.key, entry.serial) for entry in cleared}
    return frozenset(entry for entry in kept | set(found.entries) if entry.name not in lifted)


def standing(
    members: Members, suspensions: frozenset[Suspension], node: NodeId, *, at: datetime | None = None
) -> Standing:
    """Where `node` stands; with `at`, a member whose time has not come is none. Raises: NotMemberError."""
    member = find(members, node)
    if at is not None and at < from_moment(member.valid_from):
        raise NotMemberError(node=node)
    if member.status is Standing.ACTIVE and any(entry.subject == node for entry in suspensions):
        return Standing.SUSPENDED
    return member.status


def find(members: Members, node: NodeId) -> Member:
    """The entry of `node`. Raises: NotMemberError."""
    for member in members.members:
        if member.id == node:
            return member
    raise NotMemberError(node=node)


def check_succession(before: Members, after: Members) -> None:
    """Refuse a list that rewrites what is fixed (06-roster 6.1.5), before stewards sign it. Raises: SuccessionError.

    A member never vanishes; another identity key needs a higher `min_key_version`, and that never falls; what a member
    publishes, and its declared size, are fixed for a calendar year (UTC); `signed_at` never falls.
    """
    if after.signed_at < before.signed_at:
        raise SuccessionError(field="signed_at")
    same_year = from_moment(after.signed_at).year == from_moment(before.signed_at).year
    found = {member.id: member for member in after.members}
    for old in before.members:
        new = found.get(old.id)
        if new is None:
            raise SuccessionError(node=old.id, field="id")
        if new.min_key_version < old.min_key_version + (new.identity != old.identity):
            raise SuccessionError(node=old.id, field="min_key_version")
        if same_year and (new.publishes, new.size) != (old.publishes, old.size):
            raise SuccessionError(node=old.id, field="publishes")
