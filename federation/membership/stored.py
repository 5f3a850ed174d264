"""A thread as it is held: its links in order, those that wait behind a gap, where it stands. Storing is `threads`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from protocol.thread.chains import Link, Thread
from protocol.thread.table import Side, State

if TYPE_CHECKING:
    from datetime import datetime

    from protocol.ids import MessageId, NodeId, ThreadId


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLink:
    """One place of a chain, and the message that fills it."""

    link: Link
    message: MessageId
    parked: bool
    at: datetime
    delivered_at: datetime | None
    inner: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredThread:
    """A thread and everything held of it. `parked` links wait for those before them."""

    thread: ThreadId
    peer: NodeId
    side: Side
    state: State
    since: datetime
    links: tuple[StoredLink, ...]
    parked: tuple[StoredLink, ...]
    asked_n: int
    asked_at: datetime | None
    lost_at: datetime | None

    @property
    def chains(self) -> Thread:
        """The links in order, as the rules want them."""
        home = tuple(stored.link for stored in self.links if stored.link.side is Side.HOME)
        host = tuple(stored.link for stored in self.links if stored.link.side is Side.HOST)
        return Thread(home, host)

    @property
    def resolved(self) -> State:
        """The state these links add up to, those counted that need not wait behind a gap."""
        return self.chains.state_with(held.link for held in self.parked if not held.link.void)

    def having(self, place: StoredLink) -> StoredThread:
        """The thread with `place` held, too; what was parked there gives way."""
        there = (place.link.side, place.link.n)
        parked = tuple(held for held in self.parked if (held.link.side, held.link.n) != there)
        if place.parked:
            return replace(self, parked=(*parked, place))
        return replace(self, links=(*self.links, place), parked=parked)

    @property
    def is_new(self) -> bool:
        """Whether nothing was said yet."""
        return not self.links


def unparked(stored: StoredLink, *, void: bool = False) -> StoredLink:
    """The link in its place at last."""
    return replace(stored, parked=False, link=replace(stored.link, void=void))
