"""Mending threads: asking for missing letters, answering such a question, and saying withdrawals again until receipted.

A withdrawal said again is a new letter at the next place of its chain; what is missing before it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, exists, select

from federation.membership.letters import SAY_AGAIN_AFTER, WITHDRAWALS
from federation.membership.stored import StoredLink
from protocol.bodies import Kind, ThreadResync, ThreadResynced, Tombstone
from protocol.ids import ThreadId
from protocol.roster import Standing
from protocol.thread.table import TABLE

if TYPE_CHECKING:
    from federation.membership.post import Post
    from federation.membership.roster import Roster
    from federation.membership.stored import StoredThread
    from protocol.thread.table import Side

ASK_AGAIN_AFTER = timedelta(days=1)
# Signed inside a letter of at most 64 KiB: base64 makes 3 bytes 4.
_ROOM = 44_000
_MOST = 100


@dataclass(frozen=True, slots=True)
class Repair:
    """Mends the threads of one member."""

    post: Post

    def ask(self, connection: Connection, roster: Roster, now: datetime) -> int:
        """Ask for what is missing before parked letters, once a day at most; returns how many threads were asked."""
        table = self.post.tables.thread_message
        waiting = connection.scalars(select(table.c.thread).where(table.c.parked).distinct().order_by(table.c.thread))
        return sum(self._ask(connection, ThreadId(thread), roster, now) for thread in waiting.all())

    def answer(self, connection: Connection, stored: StoredThread, wanted: ThreadResync, now: datetime) -> None:
        """Send the signed letters after both positions the other end holds: ours, and those of its own it lost.

        An answer without letters says that nothing is missing.
        """
        ours = [held for held in _written_by(stored, stored.side) if held.link.n > wanted.n]
        theirs = [held for held in _written_by(stored, stored.side.other) if held.link.n > wanted.own]
        chosen, more = self._room_for(stored, [*ours, *theirs])
        body = ThreadResynced(messages=tuple(inner for _, inner in chosen), more=more)
        last = max((held.link.n for held, _ in chosen if held.link.side is stored.side), default=0)
        self.post.control(connection, stored, kind=Kind.THREAD_RESYNCED, body=body, carries_n=last, now=now)

    def say_again(self, connection: Connection, roster: Roster, now: datetime) -> int:
        """Say withdrawals and erasures again that no receipt came home for; returns how many letters."""
        letters, outbox = self.post.tables.thread_message, self.post.tables.outbox
        lately = exists().where(outbox.c.thread == letters.c.thread, outbox.c.created_at > now - SAY_AGAIN_AFTER)
        silent = (
            select(letters.c.thread)
            .where(
                letters.c.kind.in_(sorted(kind.value for kind in WITHDRAWALS)),
                letters.c.delivered_at.is_(None),
                exists().where(outbox.c.message == letters.c.message),
                ~lately,
                letters.c.thread.not_in(self.post.threads.lost(connection)),
            )
            .distinct()
        )
        return sum(
            self._say_again(connection, ThreadId(thread), roster, now) for thread in connection.scalars(silent).all()
        )

    def _say_again(self, connection: Connection, thread: ThreadId, roster: Roster, now: datetime) -> int:
        stored = self.post.threads.get(connection, thread)
        if roster.standing(stored.peer, now) is Standing.LEFT:
            return 0
        said = _written_by(stored, stored.side)
        heard = {held.link.kind for held in said if held.delivered_at is not None}
        silent = {held.link.kind for held in said if held.link.kind in WITHDRAWALS} - heard
        again = [kind for kind in sorted(silent) if (stored.state, stored.side, kind) in TABLE]
        for kind in again:
            self.post.say(connection, thread=thread, kind=kind, body=Tombstone(), now=now)
        return len(again)

    def _ask(self, connection: Connection, thread: ThreadId, roster: Roster, now: datetime) -> bool:
        stored = self.post.threads.get(connection, thread)
        chain = stored.chains.chain(stored.side.other)
        is_gap = any(_is_early(stored, held) for held in stored.parked)
        asked = stored.asked_at is not None and stored.asked_n == len(chain) and stored.asked_at > now - ASK_AGAIN_AFTER
        if not is_gap or asked or stored.lost_at is not None:
            return False
        if roster.standing(stored.peer, now) is not Standing.ACTIVE:
            return False
        own = stored.chains.chain(stored.side)
        body = ThreadResync(
            n=len(chain),
            hash=chain[-1].digest if chain else None,
            own=len(own),
            own_hash=own[-1].digest if own else None,
        )
        self.post.control(connection, stored, kind=Kind.THREAD_RESYNC, body=body, carries_n=0, now=now)
        self.post.threads.asked(connection, thread, len(chain), now)
        return True

    def _room_for(self, stored: StoredThread, links: list[StoredLink]) -> tuple[list[tuple[StoredLink, str]], bool]:
        room, chosen = _ROOM, list[tuple[StoredLink, str]]()
        for held in links:
            inner = self.post.threads.inner(stored.thread, held)
            if inner is None:
                continue
            room -= len(inner) + 3
            if room < 0 or len(chosen) == _MOST:
                return chosen, True
            chosen.append((held, inner.decode("ascii")))
        return chosen, False


def _is_early(stored: StoredThread, held: StoredLink) -> bool:
    return held.link.n > len(stored.chains.chain(held.link.side)) + 1


def _written_by(stored: StoredThread, side: Side) -> list[StoredLink]:
    return [held for held in stored.links if held.link.side is side]
