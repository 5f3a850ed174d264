"""Pinned pairs, in SQL."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from node.adapters.sql.tables import MATCHING
from node.domain.errors import AlreadyPinnedError, NotPinnedError
from node.domain.person import PersonId


class SqlPins:
    """The table of pinned pairs."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    def add(self, mentee: PersonId, mentor: PersonId, at: datetime) -> None:
        """Pin a pair. Raises: AlreadyPinnedError."""
        pins = MATCHING.pins
        if self._connection.execute(select(pins.c.mentor).where(pins.c.mentee == mentee)).first() is not None:
            raise AlreadyPinnedError(mentee=mentee)
        self._connection.execute(insert(pins).values(mentee=mentee, mentor=mentor, since=at))

    def remove(self, mentee: PersonId, mentor: PersonId) -> None:
        """Let the pair go. Raises: NotPinnedError."""
        pair = (MATCHING.pins.c.mentee == mentee) & (MATCHING.pins.c.mentor == mentor)
        if self._connection.execute(delete(MATCHING.pins).where(pair)).rowcount == 0:
            raise NotPinnedError(mentee=mentee, mentor=mentor)

    def all(self) -> frozenset[tuple[PersonId, PersonId]]:
        """Every pinned pair, mentee first."""
        rows = self._connection.execute(select(MATCHING.pins.c.mentee, MATCHING.pins.c.mentor))
        return frozenset((PersonId(row.mentee), PersonId(row.mentor)) for row in rows)
