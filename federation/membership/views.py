"""A thread as a person reads it: the story so far, where it stands, whose move it is, and what lapses.

Wording belongs to the program.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from protocol.bodies import Kind
from protocol.ids import NodeId, ThreadId
from protocol.thread.table import DUTIES, RANKS, TABLE, Side, State

if TYPE_CHECKING:
    from federation.membership.threads import Threads

PEER_FIRST = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One line of a thread's story."""

    side: Side
    kind: Kind
    at: datetime
    delivered_at: datetime | None
    overtaken: bool
    void: bool


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


def view(threads: Threads, connection: Connection, thread: ThreadId) -> ThreadView:
    """The thread's story. Raises: UnknownThreadError."""
    table = threads.tables.thread
    stored = threads.get(connection, thread, lock=False)
    row = connection.execute(select(table).where(table.c.thread == thread)).one()
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
        )
        for held in stored.links
    )
    return ThreadView(
        thread=thread,
        peer=stored.peer,
        side=stored.side,
        state=stored.state,
        owner=None if duty is None else duty.owner,
        since=row.since,
        nudge_at=row.nudge_at,
        deadline_at=row.deadline_at,
        over=stored.state in RANKS,
        timeline=tuple(sorted(timeline, key=lambda entry: entry.at)),
    )


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
