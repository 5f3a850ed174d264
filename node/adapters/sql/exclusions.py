"""Pairs that are kept apart, in SQL."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from node.adapters.sql.tables import exclusions
from node.domain.errors import AlreadyExcludedError, NotExcludedError
from node.domain.person import PersonId


class SqlExclusions:
    """The table of exclusions."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    def add(self, mentee: PersonId, mentor: PersonId, at: datetime) -> None:
        """Keep a pair apart. Raises: AlreadyExcludedError."""
        if mentor in self.of(mentee):
            raise AlreadyExcludedError(mentee=mentee, mentor=mentor)
        self._connection.execute(insert(exclusions).values(mentee=mentee, mentor=mentor, since=at))

    def remove(self, mentee: PersonId, mentor: PersonId) -> None:
        """Allow the pair again. Raises: NotExcludedError."""
        pair = (exclusions.c.mentee == mentee) & (exclusions.c.mentor == mentor)
        if self._connection.execute(delete(exclusions).where(pair)).rowcount == 0:
            raise NotExcludedError(mentee=mentee, mentor=mentor)

    def of(self, mentee: PersonId) -> frozenset[PersonId]:
        """Mentors this mentee is kept apart from."""
        rows = self._connection.execute(select(exclusions.c.mentor).where(exclusions.c.mentee == mentee))
        return frozenset(PersonId(mentor) for mentor in rows.scalars())

    def all(self) -> frozenset[tuple[PersonId, PersonId]]:
        """Every pair that is kept apart, mentee first."""
        rows = self._connection.execute(select(exclusions.c.mentee, exclusions.c.mentor))
        return frozenset((PersonId(row.mentee), PersonId(row.mentor)) for row in rows)
