"""The published roster as the exchange reads it: who may do what here. Signatures were checked before it was stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from federation.exchange.domain.errors import RecipientLeftError, RecipientUnknownError
from protocol.documents import from_moment
from protocol.ids import NodeId
from protocol.keys import VerifyingKey
from protocol.roster import Member, Members, NotMemberError, Policy, Standing, SuspendedError, Suspension

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from protocol.ids import KeyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """Which version of each role's file is published."""

    root: int
    targets: int
    suspensions: int
    snapshot: int
    timestamp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Members by id, the sticky suspensions, the policy, and who may admit."""

    versions: Versions
    members: Mapping[NodeId, Member]
    suspended: frozenset[NodeId]
    policy: Policy
    admissions: Mapping[KeyId, VerifyingKey]
    identities: Mapping[KeyId, NodeId]

    @classmethod
    def of(
        cls,
        versions: Versions,
        members: Members,
        policy: Policy,
        suspensions: frozenset[Suspension],
        *,
        admissions: Mapping[KeyId, VerifyingKey],
    ) -> Self:
        """The roster that these files make."""
        by_id: dict[NodeId, Member] = {NodeId(member.id): member for member in members.members}
        return cls(
            versions=versions,
            members=by_id,
            suspended=frozenset(node for node in by_id if any(entry.subject == node for entry in suspensions)),
            policy=policy,
            admissions=admissions,
            identities={member.identity.key_id: node for node, member in by_id.items()},
        )

    def participant(self, node: NodeId, now: datetime) -> Member:
        """A member that may fetch, acknowledge and send: active or suspended. Raises: NotMember-, SuspendedError."""
        member = self.members.get(node)
        if member is None or from_moment(member.valid_from) > now:
            raise NotMemberError(node=node)
        if member.status is Standing.LEFT:
            raise SuspendedError(node=node)
        return member

    def active(self, node: NodeId, now: datetime) -> Member:
        """A member in good standing. Raises: NotMemberError, SuspendedError."""
        member = self.participant(node, now)
        if not self.is_active(node):
            raise SuspendedError(node=node)
        return member

    def is_active(self, node: NodeId) -> bool:
        """Whether `node` is a member in good standing."""
        member = self.members.get(node)
        return member is not None and member.status is Standing.ACTIVE and node not in self.suspended

    def recipient(self, node: NodeId) -> Member:
        """A member whose mailbox takes letters. Raises: RecipientUnknownError, RecipientLeftError."""
        member = self.members.get(node)
        if member is None:
            raise RecipientUnknownError(to=node)
        if member.status is Standing.LEFT:
            raise RecipientLeftError(to=node)
        return member

    def identity(self, node: NodeId) -> VerifyingKey:
        """The identity key the roster pins. Raises: NotMemberError."""
        member = self.members.get(node)
        if member is None:
            raise NotMemberError(node=node)
        return VerifyingKey.from_jwk(member.identity)
