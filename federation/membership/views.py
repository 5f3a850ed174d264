"""A thread as a person reads it: the story so far, where it stands, whose move it is, and what lapses.

Wording belongs to the program.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from protocol.bodies import Body, Kind
from protocol.ids import NodeId, ThreadId
from protocol.messages import read_kept
from protocol.thread.table import DUTIES, RANKS, TABLE, Side, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from federation.membership.stored import StoredLink, StoredThread
    from federation.membership.threads import Threads

PEER_FIRST = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One line of a thread's story; `body` where the words were asked for and are still kept."""

    side: Side
    kind: Kind
    at: datetime
    delivered_at: datetime | None
    overtaken: bool
    void: bool
    body: Body | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadView:
    """A thread for a person to read. `owner` is whose move it is; None when it is over."""

    thread: ThreadId
    peer: NodeId
    side: Side
    state: State
    owner: Side | None
    since: datetime
    nudge_at: datetime | None
    deadline_at: datetime | None
    over: bool
    timeline: tuple[TimelineEntry, ...]


def view(threads: Threads, connection: Connection, thread: ThreadId, *, in_words: bool = False) -> ThreadView:
    """The thread's story; `in_words`: with what each message says. Raises: UnknownThreadError."""
    stored = threads.get(connection, thread, lock=False)
    return _view(threads, stored, in_words=in_words)


def views(threads: Threads, connection: Connection, wanted: Iterable[ThreadId]) -> tuple[ThreadView, ...]:
    """The stories of several threads; one that is not here is left out."""
    return tuple(_view(threads, stored, in_words=False) for stored in threads.several(connection, wanted))


def _view(threads: Threads, stored: StoredThread, *, in_words: bool) -> ThreadView:
    resolution = stored.chains.resolve()
    duty = DUTIES.get(stored.state)
    timeline = (
        TimelineEntry(
            side=held.link.side,
            kind=held.link.kind,
            at=held.at,
            delivered_at=held.delivered_at,
            overtaken=(held.link.side, held.link.n) in resolution.overtaken,
            void=held.link.void,
            body=_words(threads, stored, held) if in_words else None,
        )
        # What was taken in and answered in one moment stands in the order in which it was said.
        for held in sorted(stored.links, key=lambda held: (held.at, held.link.n + held.link.seen_n))
    )
    return ThreadView(
        thread=stored.thread,
        peer=stored.peer,
        side=stored.side,
        state=stored.state,
        owner=None if duty is None else duty.owner,
        since=stored.since,
        nudge_at=None if duty is None else stored.since + duty.nudge,
        deadline_at=None if duty is None else stored.since + duty.deadline,
        over=stored.state in RANKS,
        timeline=tuple(timeline),
    )


def _words(threads: Threads, stored: StoredThread, held: StoredLink) -> Body | None:
    inner = None if held.link.void else threads.inner(stored.thread, held)
    return None if inner is None else read_kept(inner)[1]


def lapsing(threads: Threads, connection: Connection, synced_at: datetime, now: datetime) -> list[ThreadView]:
    """Threads to be lapsed: their deadline passed before the mailbox was last read.

    What is the other end's move lapses here a day later, so that its own word comes first.
    """
    table = threads.tables.thread
    states = sorted({at.value for at, _, kind in TABLE if kind is Kind.REQUEST_EXPIRE})
    overdue = (table.c.deadline_at <= min(synced_at, now), table.c.lost_at.is_(None))
    found = select(table.c.thread).where(*overdue, table.c.state.in_(states))
    views = [
        view(threads, connection, ThreadId(thread))
        for thread in connection.scalars(found.order_by(table.c.deadline_at)).all()
    ]
    return [found for found in views if _may_lapse(found, now)]


def _may_lapse(found: ThreadView, now: datetime) -> bool:
    grace = timedelta(0) if found.owner is found.side else PEER_FIRST
    return found.deadline_at is not None and found.deadline_at + grace <= now
