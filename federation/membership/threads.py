"""Threads as a member stores them: two chains of links, the letters themselves sealed at rest, and the view of both.

What may be said is judged by `protocol.thread`; writing and receiving belong to `post` and `receive`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, Select, Update, and_, bindparam, delete, func, insert, select, update

from federation.ground.columns import UtcDateTime
from federation.membership.letters import WITHDRAWALS, LetterState
from federation.membership.refusals import UnknownThreadError
from federation.membership.stored import StoredLink, StoredThread
from protocol.bodies import Kind
from protocol.ids import Digest, MessageId, NodeId, ThreadId
from protocol.thread.chains import Link
from protocol.thread.table import DUTIES, Side, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from federation.membership.identity import KeySeal
    from federation.membership.tables import MemberTables


_TOMBSTONES = sorted(kind.value for kind in WITHDRAWALS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threads:
    """The threads in one database."""

    tables: MemberTables
    seal: KeySeal

    def create(
        self,
        connection: Connection,
        thread: ThreadId,
        *,
        peer: NodeId,
        side: Side,
        now: datetime,
        lost_at: datetime | None = None,
    ) -> StoredThread:
        """Begin a thread in which nothing was said yet, as far as is known here."""
        row = {"thread": thread, "peer": peer, "side": side.value, "state": State.NEW.value, "since": now}
        connection.execute(insert(self.tables.thread), {**row, "asked_n": 0, "lost_at": lost_at})
        return StoredThread(
            thread=thread,
            peer=peer,
            side=side,
            state=State.NEW,
            since=now,
            links=(),
            parked=(),
            asked_n=0,
            asked_at=None,
            lost_at=lost_at,
        )

    def find(self, connection: Connection, thread: ThreadId, *, lock: bool = True) -> StoredThread | None:
        """The thread, or None; unless only looked at, its row is locked until the transaction ends."""
        wanted, letters = _queries(self.tables, lock=lock)
        here = {"wanted": thread}
        row = connection.execute(wanted, here).one_or_none()
        if row is None:
            return None
        return _thread(row, tuple(_stored(line) for line in connection.execute(letters, here)))

    def several(self, connection: Connection, wanted: Iterable[ThreadId]) -> tuple[StoredThread, ...]:
        """These threads, as far as they are here; only looked at, and with two questions for all of them."""
        thread, letter, ids = self.tables.thread, self.tables.thread_message, tuple(wanted)
        lines: dict[str, list[StoredLink]] = {}
        for row in connection.execute(select(letter).where(letter.c.thread.in_(ids)).order_by(letter.c.n)):
            lines.setdefault(row.thread, []).append(_stored(row))
        found = connection.execute(select(thread).where(thread.c.thread.in_(ids)))
        return tuple(_thread(row, tuple(lines.get(row.thread, ()))) for row in found)

    def get(self, connection: Connection, thread: ThreadId, *, lock: bool = True) -> StoredThread:
        """The thread, locked unless only looked at. Raises: UnknownThreadError."""
        found = self.find(connection, thread, lock=lock)
        if found is None:
            raise UnknownThreadError(thread=thread)
        return found

    def add(self, connection: Connection, thread: ThreadId, stored: StoredLink) -> None:
        """Store one link and its letter; a parked one at the same place is replaced by itself."""
        link, table = stored.link, self.tables.thread_message
        here = (table.c.thread == thread, table.c.author == link.side.value, table.c.n == link.n)
        if connection.execute(select(table.c.n).where(*here)).first() is not None:
            connection.execute(update(table).where(*here).values(parked=stored.parked, void=link.void))
        else:
            self.add_new(connection, thread, stored)

    def add_new(self, connection: Connection, thread: ThreadId, stored: StoredLink) -> None:
        """Store a link and its letter at a place where nothing is held."""
        link = stored.link
        inner = None if stored.inner is None else self.seal.seal(stored.inner, _place(thread, link))
        row: dict[str, object] = {"thread": thread, "author": link.side.value, "n": link.n, "message": stored.message}
        row |= {"kind": link.kind.value, "digest": link.digest, "prev": link.prev}
        row |= {"seen_n": link.seen_n, "seen_hash": link.seen_hash, "void": link.void, "parked": stored.parked}
        row |= {"at": stored.at, "delivered_at": stored.delivered_at, "inner": inner}
        connection.execute(insert(self.tables.thread_message), row)

    def settle(self, connection: Connection, before: StoredThread, state: State, at: datetime) -> None:
        """Write the state a thread resolved to, and the dates that follow from it."""
        since = at if state is not before.state else before.since
        duty = DUTIES.get(state)
        nudge_at, deadline_at = (None, None) if duty is None else (since + duty.nudge, since + duty.deadline)
        dates = {"since": since, "nudge_at": nudge_at, "deadline_at": deadline_at}
        connection.execute(_settling(self.tables), {"wanted": before.thread, "state": state.value, **dates})
        if state is State.ERASED:
            self._forget_letters(connection, before.thread)
        if state is State.ERASED and before.state is not State.ERASED:
            self._forget_outbox(connection, before.thread)

    def void(self, connection: Connection, thread: ThreadId, message: MessageId, at: datetime) -> None:
        """Mark our message as refused by the other end; the state is what remains without it."""
        table = self.tables.thread_message
        connection.execute(update(table).where(table.c.thread == thread, table.c.message == message).values(void=True))
        after = self.get(connection, thread)
        self.settle(connection, after, after.resolved, at)

    def delivered(self, connection: Connection, thread: ThreadId, side: Side, places: range, at: datetime) -> None:
        """Remember that our messages at `places` came home receipted."""
        table = self.tables.thread_message
        connection.execute(
            update(table)
            .where(
                table.c.thread == thread,
                table.c.author == side.value,
                table.c.n.between(places.start, places.stop - 1),
                table.c.delivered_at.is_(None),
            )
            .values(delivered_at=at)
        )

    def came_home(self, connection: Connection, letters: Sequence[tuple[ThreadId, MessageId, datetime]]) -> None:
        """Remember when these letters of ours were receipted."""
        found = [{"wanted": thread, "letter": message, "moment": at} for thread, message, at in letters]
        connection.execute(_delivering(self.tables), found)

    def asked(self, connection: Connection, thread: ThreadId, n: int, at: datetime) -> None:
        """Remember that the other end was asked for what follows its position `n`."""
        table = self.tables.thread
        connection.execute(update(table).where(table.c.thread == thread).values(asked_n=n, asked_at=at))

    @staticmethod
    def lose_in(tables: MemberTables, connection: Connection, now: datetime) -> None:
        """The ends of all threads may be lost: the other ends are asked, and nothing is said before they answered."""
        table = tables.thread
        connection.execute(update(table).where(table.c.state != State.ERASED.value).values(lost_at=now, asked_at=None))

    def lost(self, connection: Connection) -> tuple[ThreadId, ...]:
        """Threads whose other end has not answered yet."""
        table = self.tables.thread
        found = select(table.c.thread).where(table.c.lost_at.is_not(None)).order_by(table.c.thread)
        return tuple(ThreadId(thread) for thread in connection.scalars(found))

    def ask_again(self, connection: Connection, thread: ThreadId) -> None:
        """The other end has more to say than fitted into one answer."""
        connection.execute(
            update(self.tables.thread).where(self.tables.thread.c.thread == thread).values(asked_at=None)
        )

    def found(self, connection: Connection, thread: ThreadId) -> None:
        """Nothing more of this thread can be found again."""
        connection.execute(update(self.tables.thread).where(self.tables.thread.c.thread == thread).values(lost_at=None))

    def promised(self, connection: Connection, thread: ThreadId) -> tuple[Kind, ...]:
        """Take out what waits to be said until the end of the thread is found; in the order it was promised."""
        outbox, letters = self.tables.outbox, self.tables.thread_message
        waiting = outbox.c.kind.in_(_TOMBSTONES) & outbox.c.message.not_in(select(letters.c.message))
        here = (outbox.c.thread == thread, waiting)
        kinds = connection.scalars(select(outbox.c.kind).where(*here).order_by(outbox.c.created_at)).all()
        connection.execute(delete(outbox).where(*here))
        return tuple(Kind(kind) for kind in kinds)

    def _forget_letters(self, connection: Connection, thread: ThreadId) -> None:
        # An erased person's letters go; the tombstones stay, so that the other end can still be told.
        table = self.tables.thread_message
        gone = (table.c.thread == thread, table.c.kind.not_in(_TOMBSTONES))
        connection.execute(update(table).where(*gone).values(inner=None))

    def _forget_outbox(self, connection: Connection, thread: ThreadId) -> None:
        # What the exchange does not hold yet never leaves; an erasure does not wait for what is missing before it.
        table = self.tables.outbox
        others = (table.c.thread == thread, table.c.kind.not_in(_TOMBSTONES))
        connection.execute(update(table).where(*others).values(inner=None, envelope=None))
        connection.execute(
            update(table)
            .where(*others, table.c.accepted_at.is_(None))
            .values(state=LetterState.CANCELLED.value, due_at=None, claimed_until=None)
        )

    def written(self, connection: Connection, thread: ThreadId, message: MessageId) -> bytes | None:
        """A signed letter of ours in this thread; None when it is not there, or was erased."""
        row = connection.execute(_ours(self.tables), {"wanted": thread, "letter": message}).first()
        if row is None or row.inner is None:
            return None
        return self.seal.unseal(row.inner, _place_of(thread, row.author, row.n))

    def last_heard(self, connection: Connection) -> dict[NodeId, datetime]:
        """When each program last said something in any thread."""
        threads, letters = self.tables.thread, self.tables.thread_message
        theirs = and_(letters.c.thread == threads.c.thread, letters.c.author != threads.c.side)
        found = (
            select(threads.c.peer, func.max(letters.c.at).label("at")).join(letters, theirs).group_by(threads.c.peer)
        )
        return {NodeId(row.peer): row.at for row in connection.execute(found)}

    def inner(self, thread: ThreadId, stored: StoredLink) -> bytes | None:
        """The signed letter itself; None once it was erased."""
        return None if stored.inner is None else self.seal.unseal(stored.inner, _place(thread, stored.link))


@lru_cache(maxsize=8)  # built once: what is run with every letter need not be put together with every letter
def _queries(tables: MemberTables, *, lock: bool) -> tuple[Select[Any], Select[Any]]:
    thread, letters = tables.thread, tables.thread_message
    wanted = select(thread).where(thread.c.thread == bindparam("wanted"))
    links = select(letters).where(letters.c.thread == bindparam("wanted")).order_by(letters.c.n)
    return wanted.with_for_update() if lock else wanted, links


@lru_cache(maxsize=8)
def _ours(tables: MemberTables) -> Select[Any]:
    threads, letters = tables.thread, tables.thread_message
    ours = and_(letters.c.thread == threads.c.thread, letters.c.author == threads.c.side)
    letter = (letters.c.thread == bindparam("wanted"), letters.c.message == bindparam("letter"))
    wanted = select(letters.c.author, letters.c.n, letters.c.inner).join(threads, ours)
    return wanted.where(*letter, letters.c.parked.is_(False))


@lru_cache(maxsize=8)
def _delivering(tables: MemberTables) -> Update:
    table = tables.thread_message
    letter = (table.c.thread == bindparam("wanted"), table.c.message == bindparam("letter"))
    moment = bindparam("moment", type_=UtcDateTime)
    return update(table).where(*letter, table.c.delivered_at.is_(None)).values(delivered_at=moment)


@lru_cache(maxsize=8)
def _settling(tables: MemberTables) -> Update:
    return update(tables.thread).where(tables.thread.c.thread == bindparam("wanted"))


def _thread(row: Row[Any], links: tuple[StoredLink, ...]) -> StoredThread:
    return StoredThread(
        thread=ThreadId(row.thread),
        peer=NodeId(row.peer),
        side=Side(row.side),
        state=State(row.state),
        since=row.since,
        links=tuple(stored for stored in links if not stored.parked),
        parked=tuple(stored for stored in links if stored.parked),
        asked_n=row.asked_n,
        asked_at=row.asked_at,
        lost_at=row.lost_at,
    )


def _stored(row: Row[Any]) -> StoredLink:
    link = Link(
        side=Side(row.author),
        n=row.n,
        kind=Kind(row.kind),
        digest=Digest(row.digest),
        prev=None if row.prev is None else Digest(row.prev),
        seen_n=row.seen_n,
        seen_hash=None if row.seen_hash is None else Digest(row.seen_hash),
        void=row.void,
    )
    return StoredLink(
        link=link,
        message=MessageId(row.message),
        parked=row.parked,
        at=row.at,
        delivered_at=row.delivered_at,
        inner=row.inner,
    )


def _place(thread: ThreadId, link: Link) -> bytes:
    return _place_of(thread, link.side.value, link.n)


def _place_of(thread: ThreadId, author: str, n: int) -> bytes:
    return f"member_thread_message/{thread}/{author}/{n}".encode()
