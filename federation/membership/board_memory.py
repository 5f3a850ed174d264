"""What a member remembers of the need board: the hash of every batch that it was shown, and how many cards it held.

Others tell theirs in `seen` (06-roster 6.4): an exchange that shows different boards to different members comes to
light. What the cards say is the program's business (`board_effects`); offers are read by `board_offers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, func, select, update

from federation.ground.engine import insert_unless_there, transaction
from federation.membership.alerts import AlertCode, Alerts
from federation.membership.relay import RelayError
from protocol import jws
from protocol.documents import from_moment
from protocol.errors import ProtocolError
from protocol.ids import Digest, sha256_hex
from protocol.keys import VerifyingKey
from protocol.needs import Batch, BoardKind, verify_batch
from protocol.seen import Withheld

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from federation.membership.board_effects import BoardEffects
    from federation.membership.relay import Relay
    from federation.membership.roster import Roster
    from federation.membership.tables import MemberTables
    from protocol.seen import Seen

AT_FIRST = 12
_LISTED = 100


@dataclass(frozen=True, slots=True)
class BoardMemory:
    """The batches one member was shown."""

    tables: MemberTables

    def newest(self, connection: Connection) -> Digest | None:
        """The hash of the last batch; None before the first."""
        found = connection.scalar(_newest(self.tables))
        return None if found is None else Digest(found)

    def held(self, connection: Connection) -> dict[str, Digest]:
        """The hash of every batch, newest first."""
        table = self.tables.batch
        rows = connection.execute(select(table).order_by(table.c.released_at.desc(), table.c.batch))
        return {row.batch: Digest(row.digest) for row in rows}

    def lacks(self, connection: Connection, theirs: Seen) -> bool:
        """Whether somebody was shown a batch that we were not.

        What they saw before our memory begins cannot be judged: their roster was older than ours at its beginning.
        """
        table = self.tables.batch
        begun = connection.scalar(select(func.min(table.c.suspensions)))
        if theirs.batch is None or begun is None or theirs.suspensions < begun:
            return False
        return connection.execute(select(table.c.batch).where(table.c.digest == theirs.batch)).first() is None

    def keep(self, connection: Connection, batch: Batch, digest: Digest, roster: Roster) -> bool:
        """Remember a batch that verified; False where another process of this member was first."""
        table = self.tables.batch
        values = {
            "batch": batch.batch,
            "digest": digest,
            "released_at": from_moment(batch.released_at),
            "suspensions": roster.suspensions,
            "cards": len(batch.cards),
        }
        put = insert_unless_there(table, connection.dialect.name)
        kept = put.values(**values).on_conflict_do_nothing().returning(table.c.batch)
        return connection.execute(kept).first() is not None

    def released(self, connection: Connection) -> tuple[datetime, ...]:
        """When each batch was released, newest first."""
        column = self.tables.batch.c.released_at
        return tuple(connection.scalars(select(column).order_by(column.desc())))

    def shown(self, connection: Connection, since: datetime, until: datetime) -> int:
        """How many cards were shown in a time of which we remember everything; 0 where memory begins within it."""
        table = self.tables.batch
        begun = connection.scalar(select(func.min(table.c.released_at)))
        if begun is None or begun > since:
            return 0
        wanted = select(func.sum(table.c.cards)).where(table.c.released_at >= since, table.c.released_at < until)
        return connection.scalar(wanted) or 0

    def without_offers(self, connection: Connection) -> tuple[str, ...]:
        """The newest batches whose offers were not read yet, oldest first."""
        table = self.tables.batch
        newest = select(table).order_by(table.c.released_at.desc(), table.c.batch).limit(AT_FIRST)
        return tuple(row.batch for row in reversed(connection.execute(newest).all()) if row.offers is None)

    def offers_before(self, connection: Connection, batch: str) -> Digest | None:
        """The hash of the batch of offers before this one, if it was read."""
        table = self.tables.batch
        order = table.c.released_at.desc(), table.c.batch
        rows = connection.execute(select(table.c.batch, table.c.offers).order_by(*order)).all()
        place = next(number for number, row in enumerate(rows) if row.batch == batch) + 1
        return Digest(rows[place].offers) if place < len(rows) and rows[place].offers else None

    def keep_offers(self, connection: Connection, batch: str, digest: Digest) -> None:
        """Remember a batch of offers that verified."""
        table = self.tables.batch
        connection.execute(update(table).where(table.c.batch == batch).values(offers=digest))


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardReader:
    """Keeps the memory of one member up to date."""

    engine: Engine
    tables: MemberTables
    alerts: Alerts
    effects: BoardEffects

    def read(self, relay: Relay, roster: Roster, now: datetime) -> None:
        """Read every batch that is new to us, and alert what does not follow what we saw. Raises: RelayError."""
        with transaction(self.engine) as connection:
            held = BoardMemory(self.tables).held(connection)
        reading = _Reading(relay, roster, now, self._released(relay), held)
        if held and next(iter(held)) not in reading.released and len(reading.released) < _LISTED:
            self._sound(AlertCode.WITHHOLDING, Withheld.BATCH, now)  # the last batch we saw is gone from the list
        unread = [name for name in reading.released if name not in held]
        for name in reversed(unread if held else unread[:AT_FIRST]):
            if not self._take(name, reading):
                return

    def _take(self, name: str, reading: _Reading) -> bool:
        token = reading.relay.get_batch(BoardKind.NEEDS, name)
        if token is None:
            self._sound(AlertCode.WITHHOLDING, Withheld.BATCH, reading.now)
            return False
        keys = jws.by_id(VerifyingKey.from_jwk(reading.roster.policy.board.sign))
        try:
            batch = verify_batch(token, keys=keys, kind=BoardKind.NEEDS, batch=name)
        except ProtocolError as error:
            self._sound(AlertCode.BOARD_REFUSED, error.code, reading.now)
            return False
        if reading.before(name) not in {None, batch.previous}:
            self._sound(AlertCode.WITHHOLDING, Withheld.BATCH, reading.now)
        reading.held[name] = sha256_hex(token)
        with transaction(self.engine) as connection:
            if BoardMemory(self.tables).keep(connection, batch, reading.held[name], reading.roster):
                self.effects.shown(connection, batch)
        return True

    @staticmethod
    def _released(relay: Relay) -> tuple[str, ...]:
        try:
            return relay.board(BoardKind.NEEDS).released
        except RelayError as error:
            if error.outcome.status == HTTPStatus.NOT_FOUND:
                return ()  # an exchange without a board
            raise

    def _sound(self, code: AlertCode, subject: str, now: datetime) -> None:
        with transaction(self.engine) as connection:
            self.alerts.sound(connection, code, str(subject), now)


@lru_cache(maxsize=8)  # built once: every letter says which batch its author saw last
def _newest(tables: MemberTables) -> Select[Any]:
    table = tables.batch
    return select(table.c.digest).order_by(table.c.released_at.desc(), table.c.batch).limit(1)


@dataclass(frozen=True, slots=True)
class _Reading:
    relay: Relay
    roster: Roster
    now: datetime
    released: tuple[str, ...]
    held: dict[str, Digest]

    def before(self, name: str) -> Digest | None:
        """The hash of the batch before, as the list has it, if we know that one."""
        earlier = self.released[self.released.index(name) + 1 :]
        return self.held.get(earlier[0]) if earlier else None
