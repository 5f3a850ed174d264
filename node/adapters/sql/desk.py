"""What waits on a coordinator's desk, in a handful of queries whatever the size of the program."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from sqlalchemy import Connection, Select, func, or_, select

from node.adapters.sql.request import SqlRequests
from node.adapters.sql.seals import Seals
from node.adapters.sql.tables import (
    agreements,
    data_keys,
    letters,
    meetings,
    mentorship_members,
    mentorships,
    people,
    requests,
)
from node.domain.letter import IN_VAIN, LetterId, LetterState
from node.domain.mentorship import MentorshipId, MentorshipState, Place
from node.domain.person import Kind, PersonId, PersonState
from node.domain.request import Request, Stage
from node.services.ports.desk import HeldBack, Quiet, Review, Unanswered

_Found = TypeVar("_Found")
_BEFORE_INTRODUCTION = tuple(stage for stage in Stage if stage.is_before_introduction)
_OPEN = tuple(stage for stage in Stage if stage.is_open)
_LETTERS = select(letters.c.id, letters.c.person, letters.c.state, letters.c.written_at)
_BY_HAND = (LetterState.DRAFTED, LetterState.UNCLEAR, LetterState.REFUSED)


class SqlDesk:
    """Reads across the tables of requests, letters, mentorships and people."""

    def __init__(self, connection: Connection, seals: Seals) -> None:
        """Works inside one transaction."""
        self._connection = connection
        self._seals = seals

    def requests(self) -> tuple[Request, ...]:
        """Requests before an introduction, oldest first."""
        return SqlRequests(self._connection).at(_BEFORE_INTRODUCTION)

    def letters(self) -> tuple[HeldBack, ...]:
        """Letters that do not leave by themselves or were tried in vain for long, oldest first."""
        in_vain = (letters.c.state == LetterState.QUEUED) & (letters.c.attempts >= IN_VAIN)
        held = _LETTERS.where(letters.c.state.in_(_BY_HAND) | in_vain)
        return self._held_back(held.order_by(letters.c.written_at, letters.c.id))

    def latest_letters(self, before: LetterId | None, limit: int) -> tuple[HeldBack, ...]:
        """So many letters, newest first, from the one behind `before` on."""
        wanted = _LETTERS if before is None else _LETTERS.where(letters.c.id < before)
        return self._held_back(wanted.order_by(letters.c.id.desc()).limit(limit))

    def _held_back(self, wanted: Select[tuple[object, ...]]) -> tuple[HeldBack, ...]:
        return tuple(
            HeldBack(
                letter=LetterId(row.id),
                person=PersonId(row.person),
                state=LetterState(row.state),
                since=row.written_at,
            )
            for row in self._connection.execute(wanted)
        )

    def reviews(self, until: date) -> tuple[Review, ...]:
        """Agreements to be looked at again by a day, earliest first."""
        going = mentorships.c.state != MentorshipState.CLOSED
        rows = self._connection.execute(
            select(agreements.c.mentorship, agreements.c.person, agreements.c.review_on)
            .join(mentorships, mentorships.c.id == agreements.c.mentorship)
            .where(going, agreements.c.review_on <= until)
            .order_by(agreements.c.review_on, agreements.c.mentorship)
        )
        return tuple(
            Review(mentorship=MentorshipId(row.mentorship), person=PersonId(row.person), on=row.review_on)
            for row in rows
        )

    def quiet(self, before: date) -> tuple[Quiet, ...]:
        """Pairs whose mentee is ours, that go on and gave no sign of life since a day; the longest silence first."""
        met = select(meetings.c.mentorship, func.max(meetings.c.held_on).label("met_on")).group_by(
            meetings.c.mentorship
        )
        last, table = met.subquery(), mentorships.c
        tomorrow = datetime.combine(before, time(), UTC) + timedelta(days=1)
        rows = self._connection.execute(
            select(table.id, table.opened_at, table.heard_at, last.c.met_on, mentorship_members.c.person)
            .join(mentorship_members, mentorship_members.c.mentorship == table.id)
            .join(last, last.c.mentorship == table.id, isouter=True)
            .where(table.state == MentorshipState.ACTIVE, table.place != Place.HOST, table.opened_at < tomorrow)
            .where(or_(last.c.met_on.is_(None), last.c.met_on <= before))
            .where(or_(table.heard_at.is_(None), table.heard_at < tomorrow))
        )
        found = {
            row.id: Quiet(
                mentorship=MentorshipId(row.id),
                person=PersonId(row.person),
                since=max(row.opened_at.date(), row.met_on or date.min, (row.heard_at or row.opened_at).date()),
            )
            for row in rows
        }
        return tuple(sorted(found.values(), key=lambda pair: (pair.since, pair.mentorship)))

    def unanswered(self, before: datetime, limit: int) -> tuple[Unanswered, ...]:
        """Active mentees for whom nothing has happened, oldest first."""
        newer = or_(requests.c.stage.in_(_OPEN), requests.c.opened_at > before)
        asked = select(requests.c.id).where(requests.c.person == people.c.id, newer).exists()
        paired = select(mentorship_members.c.person).where(mentorship_members.c.person == people.c.id).exists()
        waited = people.c.waiting_since
        rows = self._connection.execute(
            select(people.c.id, waited, people.c.added_at, func.count().over().label("all"))
            .where(people.c.kind == Kind.MENTEE, people.c.state == PersonState.ACTIVE)
            .where(people.c.added_at <= before, ~asked, ~paired)
            .order_by(waited.is_(None), waited, people.c.id)
            .limit(limit)
        )
        return tuple(
            Unanswered(person=PersonId(row.id), since=row.waiting_since or row.added_at.date(), count=row.all)
            for row in rows
        )

    def waiting(self, limit: int, after: PersonId | None) -> tuple[PersonId, ...]:
        """Active mentees who meet nobody, who has waited longest first; if asked for, only those behind one of them."""
        waited, wanted = people.c.waiting_since, _waiting(select(people.c.id))
        last = self._connection.execute(select(waited).where(people.c.id == after)).one_or_none()
        if last is not None:
            behind = waited.is_(None) & (people.c.id > after)
            if last.waiting_since is not None:
                behind = waited.is_(None) | (waited > last.waiting_since)
                behind |= (waited == last.waiting_since) & (people.c.id > after)
            wanted = wanted.where(behind)
        ordered = wanted.order_by(waited.is_(None), waited, people.c.id).limit(limit)
        return tuple(PersonId(person) for person in self._connection.execute(ordered).scalars())

    def count_waiting(self, without: Collection[PersonId] = ()) -> int:
        """How many active mentees, except for some, meet nobody."""
        wanted = _waiting(select(func.count()).select_from(people)).where(people.c.id.not_in(without))
        return self._connection.execute(wanted).scalar_one()

    def names(self, wanted: Iterable[PersonId]) -> Mapping[PersonId, str]:
        """The names of people."""
        keys = data_keys.c.wrapped, data_keys.c.master_version
        rows = self._connection.execute(
            select(people.c.id, people.c.contact, *keys)
            .join(data_keys, data_keys.c.subject == people.c.id)
            .where(people.c.id.in_(set(wanted)))
        )
        found: dict[PersonId, str] = {}
        for row in rows:
            self._seals.learn(row.id, row.wrapped, row.master_version)
            found[PersonId(row.id)] = self._seals.open_fields(people.c.contact, row.id, row.contact)["name"]
        return found


def _waiting(wanted: Select[_Found]) -> Select[_Found]:
    joined = mentorship_members.join(mentorships, mentorships.c.id == mentorship_members.c.mentorship)
    going = mentorships.c.state != MentorshipState.CLOSED
    meet = select(mentorship_members.c.person).select_from(joined).where(going)
    return wanted.where(people.c.kind == Kind.MENTEE, people.c.state == PersonState.ACTIVE, people.c.id.not_in(meet))
