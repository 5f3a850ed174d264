"""A member that came back from an old copy: what it reads again, whom it asks, and when it may speak again.

It reads everything the exchange still holds, takes up its own newest keys and the number of its newest summary, and
asks the other end of every thread for both chains. Until the open threads are answered it sends nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, insert, select

from federation.ground.engine import transaction
from federation.membership.alerts import AlertCode, Alerts
from federation.membership.links import Links, Restored
from federation.membership.recovery import Recovery
from federation.membership.repair import ASK_AGAIN_AFTER
from federation.membership.threads import Threads
from protocol.bodies import Kind, ThreadResync
from protocol.errors import ProtocolError
from protocol.messages import LIFETIME
from protocol.roster import NotMemberError, Standing
from protocol.summaries import verify_summary
from protocol.thread.table import RANKS

if TYPE_CHECKING:
    from datetime import datetime

    from federation.membership.events import Effects
    from federation.membership.post import Post
    from federation.membership.relay import Relay
    from federation.membership.roster import Roster
    from federation.membership.stored import StoredLink, StoredThread
    from federation.membership.tables import MemberTables
    from protocol.ids import NodeId, ThreadId
    from protocol.thread.table import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class StillAsking:
    """What a restored member waits for: how many open threads were not answered, and by which programs."""

    restored: Restored
    threads: int
    peers: tuple[NodeId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchUp:
    """Catching up of one member."""

    engine: Engine
    post: Post
    effects: Effects

    def take_up(self, relay: Relay, now: datetime) -> None:
        """Take up our own newest keys and summary from the exchange. Raises: RelayError."""
        node = self.post.identity.node
        statement = relay.get_statement(node, None)
        if statement is not None:
            with transaction(self.engine) as connection:
                try:
                    self.post.identity.take_up(connection, statement, now)
                except ProtocolError as error:
                    self._alerts.sound(connection, AlertCode.STATEMENT_REFUSED, node, now, evidence=error.code.encode())
        entry = next((entry for entry in relay.summary_index() if entry.node == node), None)
        token = None if entry is None else relay.get_summary(node, entry.digest)
        if token is not None:
            with transaction(self.engine) as connection:
                self._take_summary(connection, token, now)

    def ask(self, connection: Connection, roster: Roster, now: datetime) -> None:
        """Ask once a day about every thread not answered yet; give up on a program that is gone or stays silent."""
        for thread in self.post.threads.lost(connection):
            stored = self.post.threads.get(connection, thread)
            standing = _standing(roster, stored.peer)
            silent = stored.lost_at is not None and stored.lost_at + LIFETIME <= now
            if standing is Standing.LEFT or silent:
                self._give_up(connection, thread, roster, now)
            elif standing is Standing.ACTIVE and (stored.asked_at is None or stored.asked_at + ASK_AGAIN_AFTER <= now):
                self.post.control(
                    connection, stored, kind=Kind.THREAD_RESYNC, body=_wanted(stored), carries_n=0, now=now
                )
                self.post.threads.asked(connection, thread, len(stored.chains.chain(stored.side.other)), now)

    def stop_waiting(self, connection: Connection, roster: Roster, now: datetime) -> None:
        """A person decides to go on without the programs that have not answered."""
        for thread in self.post.threads.lost(connection):
            self._give_up(connection, thread, roster, now)

    def waits(self, connection: Connection) -> StillAsking | None:
        """What is still waited for; None for a member that may speak: the last answer lets it."""
        restored = Links(self.post.tables).get(connection).restored
        if restored is None:
            return None
        lost = [self.post.threads.get(connection, thread) for thread in self.post.threads.lost(connection)]
        unanswered = [stored for stored in lost if stored.state not in RANKS]
        if restored.reread_at is not None and not unanswered:
            Links(self.post.tables).caught_up(connection)
            return None
        peers = tuple(sorted({stored.peer for stored in unanswered}))
        return StillAsking(restored=restored, threads=len(unanswered), peers=peers)

    @property
    def _alerts(self) -> Alerts:
        return Alerts(tables=self.post.tables, seal=self.post.identity.seal)

    def _give_up(self, connection: Connection, thread: ThreadId, roster: Roster, now: datetime) -> None:
        self._alerts.sound(connection, AlertCode.THREAD_UNANSWERED, thread, now)
        recovery = Recovery(tables=self.post.tables, identity=self.post.identity, effects=self.effects)
        recovery.finish(connection, thread, roster, now)

    def _take_summary(self, connection: Connection, token: bytes, now: datetime) -> None:
        table, node = self.post.tables.own_summary, self.post.identity.node
        try:
            found = verify_summary(token, keys=self.post.identity.past_keys(connection), node=node, now=now)
        except ProtocolError as error:
            self._alerts.sound(connection, AlertCode.SUMMARY_REFUSED, f"{node}/{error.code}", now, evidence=token)
            return
        seq = found.summary.seq
        if connection.scalar(select(table.c.seq).where(table.c.seq == seq)) is None:
            values = {"seq": seq, "digest": found.digest, "token": token, "signed_at": now, "published_at": now}
            connection.execute(insert(table).values(values))


def mark_restored(tables: MemberTables, connection: Connection, to: datetime, now: datetime) -> None:
    """What came after `to` is missing from these tables: nothing leaves before the others were asked."""
    Links(tables).restore(connection, to, now)
    Threads.lose_in(tables, connection, now)


def _standing(roster: Roster, peer: NodeId) -> Standing:
    try:
        return roster.standing(peer)
    except NotMemberError:
        return Standing.LEFT


def _wanted(stored: StoredThread) -> ThreadResync:
    """Everything after what both ends surely hold: of our own letters, those whose receipts had come home."""
    theirs = _held(stored, stored.side.other)
    mine = list(takewhile(lambda held: held.delivered_at is not None, _held(stored, stored.side)))
    return ThreadResync(
        n=len(theirs),
        hash=theirs[-1].link.digest if theirs else None,
        own=len(mine),
        own_hash=mine[-1].link.digest if mine else None,
    )


def _held(stored: StoredThread, side: Side) -> list[StoredLink]:
    """The letters of one end as far as none is missing, those among them that wait to be read."""
    found = sorted(
        (held for held in (*stored.links, *stored.parked) if held.link.side is side), key=lambda held: held.link.n
    )
    return [held for place, held in enumerate(found, start=1) if held.link.n == place]
