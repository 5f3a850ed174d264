"""Letters on their way out, as rows: claimed when due, sealed once, and changed only by what came back.

What an answer means is said by `relay` and `letters`; the network is `deliver`'s work.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    not_,
    or_,
    select,
    update,
)

from federation.ground.claims import claim_due, still_claimed
from federation.ground.columns import UtcDateTime
from federation.membership.alerts import AlertCode, Alerts
from federation.membership.letters import LetterState, next_try
from federation.membership.refusals import UnknownLetterError
from federation.membership.relay import Outcome, OutcomeClass
from protocol.bodies import CONTROL, Kind
from protocol.ids import MessageId, NodeId, ThreadId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from federation.membership.identity import KeySeal
    from federation.membership.tables import MemberTables

LEASE = timedelta(minutes=5)
AT_ONCE = 200
# Spreading retries needs no secrecy; a fixed seed would make every node wait alike.
_CHANCE = random.SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """One letter as a person sees it in the list of what waits to be sent."""

    message: MessageId
    thread: ThreadId
    peer: NodeId
    kind: Kind
    state: LetterState
    created_at: datetime
    due_at: datetime | None
    attempts: int
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """The outbox of one member."""

    tables: MemberTables
    seal: KeySeal

    def entries(self, connection: Connection) -> tuple[OutboxEntry, ...]:
        """Every letter without a receipt, oldest first."""
        table = self.tables.outbox
        done = (LetterState.DELIVERED.value, LetterState.CANCELLED.value)
        found = select(table).where(table.c.state.not_in(done)).order_by(table.c.created_at, table.c.message)
        return tuple(_entry(row) for row in connection.execute(found))

    def is_due(self, connection: Connection, now: datetime) -> bool:
        """Whether `claim` would find anything now."""
        return connection.execute(_due(self.tables), {"at": now}).first() is not None

    def claim(self, connection: Connection, now: datetime) -> list[Row[Any]]:
        """Claim what is due; what expired unsent is closed and alerted instead."""
        only = _may_leave(self.tables)
        claimed = claim_due(connection, self.tables.outbox, now=now, lease=LEASE, limit=AT_ONCE, only=only)
        for row in claimed:
            if row.expires_at <= now:
                self._close(connection, row, LetterState.EXPIRED, "expired")
                self._alerts.sound(connection, AlertCode.LETTER_EXPIRED, row.thread, now)
        return sorted((row for row in claimed if row.expires_at > now), key=lambda row: str(row.message))

    def sealed(self, connection: Connection, row: Row[Any], envelope: bytes, digest: str) -> bool:
        """Keep the sealed bytes before they travel, so that every try carries the same digest.

        False when the claim was lost meanwhile: then these bytes must not travel, somebody else seals others.
        """
        found = {"wanted": row.message, "claim": row.claimed_until, "envelope": envelope, "digest": digest}
        return connection.execute(_claimed(self.tables), found).rowcount == 1

    def record(self, connection: Connection, row: Row[Any], outcome: Outcome, now: datetime) -> None:
        """Write what the exchange answered; a thread is never changed by it."""
        match outcome.kind:
            case OutcomeClass.DONE:
                self.accepted(connection, [row], now)
            case OutcomeClass.REFUSED:
                self._close(connection, row, LetterState.REFUSED, outcome.problem or str(outcome.status))
                self._alerts.sound(connection, AlertCode.LETTER_REFUSED_BY_EXCHANGE, row.thread, now)
            case OutcomeClass.UNREACHABLE | OutcomeClass.DENIED:
                self.postpone(connection, row, outcome, now)

    def accepted(self, connection: Connection, rows: Sequence[Row[Any]], now: datetime) -> None:
        """Write that the exchange holds these letters."""
        values = {"state": LetterState.ACCEPTED.value, "due_at": None, "accepted_at": now, "error": None}
        values |= {"claimed_until": None}
        if rows:
            found = [{"wanted": row.message, "claim": row.claimed_until} for row in rows]
            connection.execute(_claimed(self.tables).values(values), found)

    def postpone(self, connection: Connection, row: Row[Any], outcome: Outcome, now: datetime) -> None:
        """Try again later."""
        attempts = row.attempts + 1
        due = next_try(now, attempts=attempts, chance=_CHANCE.random(), retry_after=outcome.retry_after)
        self._change(connection, row, attempts=attempts, due_at=due, error=outcome.problem or str(outcome.status))

    def wait(self, connection: Connection, row: Row[Any], until: datetime, why: str) -> None:
        """Let a letter wait for a reason that is not a failure."""
        self._change(connection, row, due_at=until, error=why)

    def refuse(self, connection: Connection, row: Row[Any], why: str) -> None:
        """Park a letter that cannot be sent as things stand."""
        self._close(connection, row, LetterState.REFUSED, why)

    def retry(self, connection: Connection, message: MessageId, now: datetime) -> None:
        """Send a parked letter again, as a person asks. Raises: UnknownLetterError."""
        table = self.tables.outbox
        retriable = (LetterState.WAITING.value, LetterState.REFUSED.value)
        done = connection.execute(
            update(table)
            .where(table.c.message == message, table.c.state.in_(retriable), table.c.expires_at > now)
            .values(state=LetterState.WAITING.value, due_at=now, claimed_until=None, attempts=0, error=None)
        )
        if done.rowcount == 0:
            raise UnknownLetterError(message=message)

    def inner(self, row: Row[Any]) -> bytes | None:
        """The signed letter of a row outside the chains; the others lie in their thread."""
        return None if row.inner is None else self.seal.unseal(row.inner, f"member_outbox/{row.message}".encode())

    @property
    def _alerts(self) -> Alerts:
        return Alerts(tables=self.tables, seal=self.seal)

    def _close(self, connection: Connection, row: Row[Any], state: LetterState, why: str) -> None:
        self._change(connection, row, state=state.value, due_at=None, error=why)

    def _change(self, connection: Connection, row: Row[Any], **values: object) -> None:
        table = self.tables.outbox
        connection.execute(update(table).where(still_claimed(table, row)).values(**values, claimed_until=None))


@lru_cache(maxsize=8)  # built once: what is asked with every letter need not be put together with every letter
def _may_leave(tables: MemberTables) -> ColumnElement[bool]:
    """A restored program only asks and answers; a thread whose end is lost waits for the answer."""
    table, thread, link = tables.outbox, tables.thread, tables.link
    is_repair = table.c.kind.in_(sorted(kind.value for kind in CONTROL))
    is_restored = exists().where(link.c.restored_to.is_not(None))
    is_lost = table.c.thread.in_(select(thread.c.thread).where(thread.c.lost_at.is_not(None)))
    return or_(is_repair, and_(not_(is_restored), not_(is_lost)))


@lru_cache(maxsize=8)
def _claimed(tables: MemberTables) -> Update:
    """Changes a row for those who still hold its claim."""
    table = tables.outbox
    return update(table).where(table.c.message == bindparam("wanted"), table.c.claimed_until == bindparam("claim"))


@lru_cache(maxsize=8)
def _due(tables: MemberTables) -> Select[Any]:
    table, now = tables.outbox, bindparam("at", type_=UtcDateTime)
    free = or_(table.c.claimed_until.is_(None), table.c.claimed_until <= now)
    return select(table.c.message).where(table.c.due_at <= now, free, _may_leave(tables)).limit(1)


def _entry(row: Row[Any]) -> OutboxEntry:
    return OutboxEntry(
        message=MessageId(row.message),
        thread=ThreadId(row.thread),
        peer=NodeId(row.peer),
        kind=Kind(row.kind),
        state=LetterState(row.state),
        created_at=row.created_at,
        due_at=row.due_at,
        attempts=row.attempts,
        error=row.error,
    )
