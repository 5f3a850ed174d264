"""Two ends of one thread that write, refuse and park as a program does; a test is the network between them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace

from protocol.bodies import CONTROL, Kind
from protocol.ids import Digest, sha256_hex
from protocol.thread.chains import IllegalTransitionError, Link, Thread, Verdict
from protocol.thread.table import TABLE, Side, State

KINDS = tuple(kind for kind in Kind if kind not in CONTROL)


def digest(side: Side, n: int, kind: Kind, salt: str = "") -> Digest:
    """A hash that stands for a signed message."""
    return sha256_hex(f"{side} {n} {kind} {salt}".encode())


def written(thread: Thread, side: Side, kind: Kind, salt: str = "") -> Link:
    """A link of `kind` in the right place, whether or not the table allows it."""
    own, other = thread.chain(side), thread.chain(side.other)
    n = len(own) + 1
    return Link(
        side=side,
        n=n,
        kind=kind,
        digest=digest(side, n, kind, salt),
        prev=own[-1].digest if own else None,
        seen_n=len(other),
        seen_hash=other[-1].digest if other else None,
    )


@dataclass
class End:
    """One program's copy of a thread."""

    side: Side
    thread: Thread = field(default_factory=Thread)
    parked: list[Link] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    def say(self, kind: Kind) -> Link:
        """Write a message that the table allows."""
        draft = self.thread.draft(self.side, kind)
        link = written(self.thread, self.side, kind)
        assert (link.n, link.prev, link.seen_n, link.seen_hash) == (draft.n, draft.prev, draft.seen_n, draft.seen_hash)
        self.thread = self.thread.add(link)
        return link

    def blurt(self, kind: Kind) -> Link:
        """Write a message without asking the table, as a broken program would."""
        link = written(self.thread, self.side, kind)
        self.thread = self.thread.add(link)
        return link

    def hear(self, link: Link) -> None:
        """Take in what arrived, and then what waited for it."""
        self.parked.append(link)
        self._retry()

    def _retry(self) -> None:
        before = None
        while before != len(self.parked):
            before = len(self.parked)
            self.parked = [link for link in self.parked if not self._placed(link)]

    def refuse(self, link: Link) -> bool:
        """Refuse what comes next for a reason outside the thread (past its date, say); whether it was next."""
        if link.n != len(self.thread.chain(link.side)) + 1 or link.seen_n > len(self.thread.chain(self.side)):
            return False
        self.thread = self.thread.add(replace(link, void=True))
        self.refused.append(link.n)
        self._retry()
        return True

    def refusals_come_home(self, refused: list[int]) -> None:
        """Learn from the other end's receipts which of our messages it refused."""
        for n in refused:
            self.thread = self.thread.void(self.side, n)

    def _placed(self, link: Link) -> bool:
        try:
            verdict = self.thread.judge(link)
        except IllegalTransitionError:
            self.thread = self.thread.add(replace(link, void=True))
            self.refused.append(link.n)
            return True
        if verdict is Verdict.ACCEPTED:
            self.thread = self.thread.add(link)
        return verdict in (Verdict.ACCEPTED, Verdict.DUPLICATE)

    @property
    def state(self) -> State:
        """Where this end thinks the request stands."""
        return self.thread.state


@dataclass
class Pair:
    """Both ends of one thread."""

    home: End = field(default_factory=lambda: End(Side.HOME))
    host: End = field(default_factory=lambda: End(Side.HOST))

    def end(self, side: Side) -> End:
        """The end of `side`."""
        return self.home if side is Side.HOME else self.host

    def said(self, side: Side, kind: Kind) -> Link:
        """`side` writes, and nothing is delivered yet."""
        return self.end(side).say(kind)

    def story(self, *steps: tuple[Side, Kind]) -> Pair:
        """Each message arrives before the next one is written."""
        for side, kind in steps:
            self.end(side.other).hear(self.said(side, kind))
        return self

    def cross(self, home: Kind, host: Kind) -> State:
        """Both write before either message arrives; the state both ends reach."""
        first, second = self.said(Side.HOME, home), self.said(Side.HOST, host)
        self.home.hear(second)
        self.host.hear(first)
        assert self.home.thread == self.host.thread
        assert not self.home.refused
        assert not self.host.refused
        return self.home.state


def _shortest() -> dict[State, tuple[tuple[Side, Kind], ...]]:
    found: dict[State, tuple[tuple[Side, Kind], ...]] = {State.NEW: ()}
    waiting = deque([State.NEW])
    while waiting:
        state = waiting.popleft()
        for (at, side, kind), after in TABLE.items():
            if at is state and after not in found:
                found[after] = (*found[state], (side, kind))
                waiting.append(after)
    return found


PATHS = _shortest()
"""A shortest story that leads to each state."""


def at(state: State) -> Pair:
    """Both ends in `state`, everything delivered."""
    return Pair().story(*PATHS[state])
