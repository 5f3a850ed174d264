"""Nonces and daily counts in SQL: one statement each, safe between replicas."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, text
from sqlalchemy.exc import IntegrityError

from federation.exchange.adapters.sql.rows import Rows
from federation.exchange.adapters.sql.tables import CONTACTS, COUNTERS, NONCES
from federation.exchange.domain.caller import Caller
from federation.exchange.domain.quota import DailyLimits, Spending, day_of
from federation.ground.columns import UtcDateTime
from protocol.hop import HopReplayError
from protocol.ids import NodeId

CONTACTS_KEPT = timedelta(days=90)

_SEEN = "INSERT INTO nonces (key_id, nonce, expires_at) VALUES (:key_id, :nonce, :expires_at)"
_END = bindparam("expires_at", type_=UtcDateTime)
_REMEMBER = text(_SEEN + " ON CONFLICT DO NOTHING").bindparams(_END)
_REMEMBER_ALL = text(_SEEN).bindparams(_END)

_MEET = text(
    "INSERT INTO contacts (one, other, since) VALUES (:one, :other, :since) ON CONFLICT DO NOTHING"
).bindparams(bindparam("since", type_=UtcDateTime))

_SPEND = Rows(
    "INSERT INTO counters (node, day, messages, bytes, first_contacts, uploads) VALUES",
    ("node", "day", "messages", "bytes", "first_contacts", "uploads"),
    """
    ON CONFLICT (node, day) DO UPDATE SET
        messages = counters.messages + excluded.messages,
        bytes = counters.bytes + excluded.bytes,
        first_contacts = counters.first_contacts + excluded.first_contacts,
        uploads = counters.uploads + excluded.uploads
    RETURNING node, messages, bytes, first_contacts, uploads
    """,
)


class SqlNonces:
    """Requests seen; the primary key refuses the second one, whichever replica it reaches."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def remember(self, key_id: str, nonce: str, expires: datetime) -> None:
        """Remember a request. Raises: HopReplayError."""
        values = {"key_id": key_id, "nonce": nonce, "expires_at": expires}
        if self._connection.execute(_REMEMBER, values).rowcount == 0:
            raise HopReplayError

    def remember_all(self, callers: Sequence[Caller]) -> None:
        """Remember the requests of these callers. Raises: HopReplayError."""
        ordered = sorted(callers, key=lambda each: (each.key_id, each.nonce))  # so that replicas never wait crosswise
        values = [{"key_id": each.key_id, "nonce": each.nonce, "expires_at": each.expires} for each in ordered]
        try:
            self._connection.execute(_REMEMBER_ALL, values)
        except IntegrityError as error:
            raise HopReplayError from error

    def forget(self, now: datetime) -> None:
        """Drop those whose signature is past its end."""
        self._connection.execute(delete(NONCES).where(NONCES.c.expires_at < now))


class Acquainted:
    """Pairs this process knows to have met before, so that the database is not asked again."""

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._pairs: set[tuple[str, str]] = set()

    def knows(self, pair: tuple[str, str]) -> bool:
        """Whether the two are known to have met."""
        return pair in self._pairs

    def add(self, pair: tuple[str, str]) -> None:
        """Remember a pair whose first contact is committed."""
        if len(self._pairs) >= self._most:
            self._pairs.clear()
        self._pairs.add(pair)


class SqlCounters:
    """What members spent; a count beyond its limit is rolled back with everything else of its transaction."""

    def __init__(self, connection: Connection, acquainted: Acquainted) -> None:
        self._connection = connection
        self._acquainted = acquainted

    def meet(self, sender: NodeId, recipient: NodeId, now: datetime) -> bool:
        """Remember that the two write to each other; whether it is their first contact."""
        pair = one, other = min(sender, recipient), max(sender, recipient)
        if self._acquainted.knows(pair):
            return False
        is_first = self._connection.execute(_MEET, {"one": one, "other": other, "since": now}).rowcount > 0
        if not is_first:  # a first contact may still be rolled back
            self._acquainted.add(pair)
        return is_first

    def spend(self, spending: Mapping[NodeId, Spending], limits: Mapping[NodeId, DailyLimits], now: datetime) -> None:
        """Add to the counts of the day. Raises: QuotaError, and nothing is added."""
        rows = [
            {
                "node": node,
                "day": day_of(now),
                "messages": spending[node].messages,
                "bytes": spending[node].bytes,
                "first_contacts": spending[node].first_contacts,
                "uploads": spending[node].uploads,
            }
            for node in sorted(spending)  # everybody locks them in the same order
        ]
        for node, messages, size, first_contacts, uploads in _SPEND.execute(self._connection, rows):
            spent = Spending(messages=messages, bytes=size, first_contacts=first_contacts, uploads=uploads)
            limits[node].check(spent, now)

    def forget(self, before: datetime) -> None:
        """Drop the counts of days before `before`, and contacts that are long past."""
        self._connection.execute(delete(COUNTERS).where(COUNTERS.c.day < day_of(before)))
        self._connection.execute(delete(CONTACTS).where(CONTACTS.c.since < before - CONTACTS_KEPT))
