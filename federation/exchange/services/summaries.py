"""Summaries of availability: publish one, serve them to active members. What they say is left to the members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from federation.exchange.domain.errors import MismatchError, NoSuchItemError, NotYoursError
from federation.exchange.domain.summary import StoredSummary
from federation.exchange.services.ports.work import Area
from protocol.documents import from_moment
from protocol.summaries import VerifiedSummary, check_declared, check_order, verify_summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from federation.exchange.domain.caller import Caller
    from federation.exchange.services.ports.members import Directory
    from federation.exchange.services.ports.work import UnitOfWork
    from federation.ground.clock import Clock
    from protocol.ids import Digest, NodeId


@dataclass(frozen=True, slots=True)
class PublishSummary:
    """Take an active member's newest summary; the same bytes again change nothing."""

    work: UnitOfWork
    directory: Directory
    clock: Clock

    def __call__(self, caller: Caller, node: NodeId, digest: Digest, token: bytes) -> bool:
        """Whether it is new. Raises: errors of summaries, NotYoursError, MismatchError, SuspendedError."""
        now = self.clock.now()
        member = caller.roster.active(caller.node, now)
        if caller.node != node:
            raise NotYoursError(node=caller.node)
        found = verify_summary(token, keys=self.directory.signing_keys(node, now), node=node, now=now)
        check_declared(found.summary, member)
        if found.digest != digest or not found.is_current(now):
            raise MismatchError(node=node)
        with self.work() as work:
            work.nonces.remember(caller.key_id, caller.nonce, caller.expires)
            work.lock(Area.SUMMARIES)
            newest = work.summaries.newest(node)
            check_order(newest.position if newest else None, newest.digest if newest else None, found)
            if newest is not None and newest.digest == digest:
                return False
            work.summaries.add(_stored(found), token)
        return True


def _stored(found: VerifiedSummary) -> StoredSummary:
    return StoredSummary(
        node=found.node, digest=found.digest, position=found.position, expires_at=from_moment(found.summary.exp)
    )


@dataclass(frozen=True, slots=True)
class ReadSummaries:
    """Serve summaries to active members, of active members."""

    work: UnitOfWork
    clock: Clock

    def index(self, caller: Caller) -> Sequence[StoredSummary]:
        """The newest summary of every active member, by member. Raises: SuspendedError, NotMemberError."""
        now = self.clock.now()
        roster = caller.roster
        roster.active(caller.node, now)
        with self.work() as work:
            work.nonces.remember(caller.key_id, caller.nonce, caller.expires)
            found = work.summaries.index(now)
        return [summary for summary in found if roster.is_active(summary.node)]

    def one(self, caller: Caller, node: NodeId, digest: Digest) -> bytes:
        """One summary. Raises: NoSuchItemError."""
        roster = caller.roster
        roster.active(caller.node, self.clock.now())
        with self.work() as work:
            work.nonces.remember(caller.key_id, caller.nonce, caller.expires)
            token = work.summaries.token(node, digest) if roster.is_active(node) else None
        if token is None:
            raise NoSuchItemError(kind="summary")
        return token
