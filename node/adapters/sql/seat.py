"""Seats in SQL. A claim locks its mentor's row first, so that one seat is never promised twice."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Row, delete, func, insert, select

from node.adapters.sql.tables import people, seats
from node.adapters.sql.versions import replace_row
from node.domain.errors import NoFreeSeatError, UnknownPersonError, UnknownSeatError
from node.domain.person import Kind, PersonId, places
from node.domain.seat import SeatClaim, SeatId, Seats, SeatState


class SqlSeatBook:
    """The table of claimed seats, beside the number of seats each mentor has."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    def free(self, at: datetime, among: Collection[PersonId] | None = None) -> dict[PersonId, Seats]:
        """Seats of these mentors, or of all, at the moment `at`."""
        held, used = Counter[str](), Counter[str]()
        counts = (seats.c.state == SeatState.USED) | (seats.c.held_until > at)
        claims = select(seats.c.mentor, seats.c.state, func.count()).where(counts)
        wanted = select(people.c.id, people.c.seats, people.c.wishes).where(people.c.kind == Kind.MENTOR)
        if among is not None:
            claims, wanted = claims.where(seats.c.mentor.in_(among)), wanted.where(people.c.id.in_(among))
        for mentor, state, count in self._connection.execute(claims.group_by(seats.c.mentor, seats.c.state)):
            (used if state == SeatState.USED else held)[mentor] = count
        mentors = self._connection.execute(wanted).all()
        return {one: Seats(_places(offered, wishes), held[one], used[one]) for one, offered, wishes in mentors}

    def taken(self, at: datetime) -> dict[PersonId, int]:
        """How many seats are promised or taken at the moment `at`, of mentors who have any."""
        counts = (seats.c.state == SeatState.USED) | (seats.c.held_until > at)
        wanted = select(seats.c.mentor, func.count()).where(counts).group_by(seats.c.mentor)
        return {PersonId(mentor): count for mentor, count in self._connection.execute(wanted)}

    def of(self, mentor: PersonId, at: datetime) -> Seats:
        """Seats of one mentor at the moment `at`. Raises: UnknownPersonError."""
        wanted = select(people.c.seats, people.c.wishes).where(people.c.id == mentor, people.c.kind == Kind.MENTOR)
        found = self._connection.execute(wanted).one_or_none()
        if found is None:
            raise UnknownPersonError(person=mentor)
        claims = [_claim(row) for row in self._connection.execute(select(seats).where(seats.c.mentor == mentor))]
        counted = Counter(claim.state for claim in claims if claim.counts(at))
        return Seats(_places(found.seats, found.wishes), counted[SeatState.HELD], counted[SeatState.USED])

    def claim(self, claim: SeatClaim, at: datetime) -> None:
        """Take a free seat under the lock of its mentor. Raises: NoFreeSeatError, UnknownPersonError."""
        self._connection.execute(select(people.c.id).where(people.c.id == claim.mentor).with_for_update())
        if self.of(claim.mentor, at).free == 0:
            raise NoFreeSeatError(mentor=claim.mentor)
        values = {"id": claim.id, "mentor": claim.mentor, "claimant": claim.claimant, "version": claim.version}
        self._connection.execute(insert(seats).values({**values, **_editable(claim)}))

    def get(self, seat: SeatId) -> SeatClaim:
        """One claim. Raises: UnknownSeatError."""
        row = self._connection.execute(select(seats).where(seats.c.id == seat)).one_or_none()
        if row is None:
            raise UnknownSeatError(seat=seat)
        return _claim(row)

    def replace(self, claim: SeatClaim) -> None:
        """Store a changed claim. Raises: ChangedMeanwhileError."""
        replace_row(self._connection, seats, claim.id, claim.version, _editable(claim))

    def release(self, seat: SeatId) -> None:
        """Give the seat back. Raises: UnknownSeatError."""
        if self._connection.execute(delete(seats).where(seats.c.id == seat)).rowcount == 0:
            raise UnknownSeatError(seat=seat)


def _places(offered: int, wishes: str) -> int:
    return places(offered, wishes.split()) if wishes else offered


def _editable(claim: SeatClaim) -> dict[str, object]:
    return {"state": claim.state, "held_until": claim.held_until}


def _claim(row: Row[tuple[object, ...]]) -> SeatClaim:
    return SeatClaim(
        id=SeatId(row.id),
        mentor=PersonId(row.mentor),
        claimant=row.claimant,
        state=SeatState(row.state),
        held_until=row.held_until,
        version=row.version,
    )
