"""Two chains of messages, one by each end, and the judgement of each new link.

A link is judged against what its author could see: illegal there is refused and leaves a void place in its chain; legal
there but overtaken is kept and resolved. So both ends, holding the same links, hold the same state.
Specification: docs/protocol/05-messages.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from protocol.bodies import CONTROL, Kind
from protocol.errors import ProtocolError
from protocol.ids import Digest
from protocol.thread.table import ENDS, RANKS, TABLE, UNCONDITIONAL, Side, State, is_final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocol.messages import VerifiedMessage


class ThreadError(ProtocolError):
    """A message does not fit its thread."""

    code = "thread-invalid"
    status = 409
    title = "A letter does not fit what was said before."
    remedy = "Nothing was changed; the two programs compare their copies by themselves."


class EquivocationError(ThreadError):
    """Two signed messages at one place: proof that somebody tells two stories."""

    code = "thread-equivocation"
    title = "A program signed two different letters under one number."
    remedy = "Both letters are kept as evidence; tell the stewards."


class BrokenChainError(ThreadError):
    """`prev` is not the hash of the message before."""

    code = "thread-chain"
    title = "A letter does not follow the one before it."


class ForkedViewError(ThreadError):
    """The author saw another message of ours than the one we sent."""

    code = "thread-fork"
    title = "The other program holds another copy of our letters than we do."


class ViewRegressError(ThreadError):
    """The author claims to have seen less than it had before."""

    code = "thread-view-regress"
    title = "A letter claims to have seen less than an earlier one."


class IllegalTransitionError(ThreadError):
    """The message is not allowed in the state its author could see."""

    code = "thread-illegal"
    status = 422
    title = "A letter says what may not be said at this point."
    remedy = "Ask the other program to update; nothing was changed here."


class Verdict(StrEnum):
    """What became of a link that was not refused."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    PARKED = "parked"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One message's place in its thread. `void`: it was refused, and only holds its place."""

    side: Side
    n: int
    kind: Kind
    digest: Digest
    prev: Digest | None
    seen_n: int
    seen_hash: Digest | None
    void: bool = False


@dataclass(frozen=True, slots=True)
class Resolution:
    """The state of a set of links, and those that were overtaken by others."""

    state: State
    overtaken: frozenset[tuple[Side, int]]


def _step(state: State, link: Link) -> State | None:
    """The state after `link`, or None when others overtook it (05-messages 5.5.4)."""
    after = TABLE.get((state, link.side, link.kind))
    if after is not None:
        return after
    end = ENDS.get(link.kind)
    return end if end is not None and RANKS[end] > RANKS.get(state, 0) else None


def link_of(message: VerifiedMessage, side: Side) -> Link:
    """The place of a message that `side` wrote. Raises: ThreadError for one that stands outside the chains."""
    claims = message.claims
    if message.kind in CONTROL:
        raise ThreadError(kind=message.kind.value)
    seen = claims.seen_peer
    return Link(
        side=side,
        n=claims.n,
        kind=message.kind,
        digest=message.digest,
        prev=None if claims.prev is None else Digest(claims.prev),
        seen_n=0 if seen is None else seen.n,
        seen_hash=None if seen is None else Digest(seen.hash),
    )


@dataclass(frozen=True, slots=True)
class Thread:
    """The links of both ends, in order and without gaps."""

    home: tuple[Link, ...] = ()
    host: tuple[Link, ...] = ()

    def chain(self, side: Side) -> tuple[Link, ...]:
        """The links of `side`."""
        return self.home if side is Side.HOME else self.host

    def resolve(self) -> Resolution:
        """The state these links add up to, whatever the order in which they came (05-messages 5.5.3)."""
        state, overtaken = State.NEW, set[tuple[Side, int]]()
        done = {Side.HOME: 0, Side.HOST: 0}
        while link := self._next(done):
            done[link.side] += 1
            after = None if link.void else _step(state, link)
            if after is None:
                overtaken.add((link.side, link.n))
            else:
                state = after
        return Resolution(state, frozenset(overtaken))

    def _next(self, done: dict[Side, int]) -> Link | None:
        """The next link whose author had seen no more than what is already resolved; home first, to have one order."""
        for side in Side:
            chain = self.chain(side)
            if done[side] < len(chain) and chain[done[side]].seen_n <= done[side.other]:
                return chain[done[side]]
        return None

    @property
    def state(self) -> State:
        """Where the request stands."""
        return self.resolve().state

    def state_with(self, parked: Iterable[Link]) -> State:
        """Where the request stands, counting withdrawn consents and erasures that still wait behind a gap.

        Both may be said in any state, so no missing letter can make them illegal; and what an erasing program had sent
        before is gone, so that the gap may never close (05-messages 5.5.6).
        """
        found = [self.state, *(ENDS[link.kind] for link in parked if link.kind in UNCONDITIONAL)]
        return max(found, key=lambda state: RANKS.get(state, 0))

    @property
    def is_over(self) -> bool:
        """Whether the state is final."""
        return is_final(self.state)

    def seen_by(self, link: Link) -> Thread:
        """The links that the author of `link` had before it."""
        own, other = self.chain(link.side)[: link.n - 1], self.chain(link.side.other)[: link.seen_n]
        return Thread(own, other) if link.side is Side.HOME else Thread(other, own)

    def judge(self, link: Link) -> Verdict:
        """What to do with `link` (05-messages 5.5). Raises: ThreadError, its kinds; an illegal one is added as void."""
        chain, other = self.chain(link.side), self.chain(link.side.other)
        if link.n <= len(chain):
            if chain[link.n - 1].digest != link.digest:
                raise EquivocationError(n=link.n)
            return Verdict.DUPLICATE
        if link.n > len(chain) + 1:
            return Verdict.PARKED
        if link.prev != (chain[-1].digest if chain else None):
            raise BrokenChainError(n=link.n)
        if link.seen_n > len(other):
            return Verdict.AHEAD
        if link.seen_n and other[link.seen_n - 1].digest != link.seen_hash:
            raise ForkedViewError(n=link.n)
        if chain and link.seen_n < chain[-1].seen_n:
            raise ViewRegressError(n=link.n)
        self._check_legal(link)
        return Verdict.ACCEPTED

    def _check_legal(self, link: Link) -> None:
        state = self.seen_by(link).state
        if (state, link.side, link.kind) not in TABLE:
            raise IllegalTransitionError(state=state.value, kind=link.kind.value)

    def add(self, link: Link) -> Thread:
        """The thread with `link` after its chain."""
        grown = (*self.chain(link.side), link)
        return Thread(grown, self.host) if link.side is Side.HOME else Thread(self.home, grown)

    def void(self, side: Side, n: int) -> Thread:
        """The thread with a link marked as refused by the other end: it holds its place and changes nothing."""
        chain = tuple(replace(link, void=True) if link.n == n else link for link in self.chain(side))
        return Thread(chain, self.host) if side is Side.HOME else Thread(self.home, chain)

    def draft(self, side: Side, kind: Kind) -> Draft:
        """The place a new message of `side` takes. Raises: IllegalTransitionError."""
        state = self.state
        if (state, side, kind) not in TABLE:
            raise IllegalTransitionError(state=state.value, kind=kind.value)
        own, other = self.chain(side), self.chain(side.other)
        return Draft(
            n=len(own) + 1,
            prev=own[-1].digest if own else None,
            seen_n=len(other),
            seen_hash=other[-1].digest if other else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Position and view of a message about to be signed."""

    n: int
    prev: Digest | None
    seen_n: int
    seen_hash: Digest | None
