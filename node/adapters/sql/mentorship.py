"""Mentorships in SQL; the pair's own words sealed under the key of the person they are kept under."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select

from node.adapters.sql.seals import Seals
from node.adapters.sql.tables import agreements, meetings, mentorship_members, mentorships
from node.adapters.sql.versions import replace_row
from node.domain.mentorship import (
    Agreement,
    Goal,
    GoalState,
    Meeting,
    Mentorship,
    MentorshipId,
    MentorshipState,
    Place,
    Step,
    UnknownMentorshipError,
)
from node.domain.person import PersonId
from node.domain.seat import SeatId
from node.services.ports.crossing import Met
from protocol.ids import NodeId, ThreadId
from protocol.vocabulary import Outcome

_DONE, _OPEN = "x", "o"
_Rows = Sequence[Row[tuple[object, ...]]]


class SqlMentorships:
    """The tables of mentorships, their members, agreements and meetings."""

    def __init__(self, connection: Connection, seals: Seals) -> None:
        """Works inside one transaction."""
        self._connection = connection
        self._seals = seals

    def add(self, mentorship: Mentorship) -> None:
        """Keep a new mentorship."""
        values = {
            "id": mentorship.id,
            "place": mentorship.place,
            "thread": mentorship.thread,
            "peer": mentorship.peer,
            "opened_at": mentorship.opened_at,
            "version": mentorship.version,
        }
        self._connection.execute(insert(mentorships).values({**values, **_editable(mentorship)}))
        members = [{"mentorship": mentorship.id, "person": person} for person in mentorship.members]
        if members:
            self._connection.execute(insert(mentorship_members), members)
        self._write_parts(mentorship)

    def get(self, mentorship: MentorshipId) -> Mentorship:
        """One mentorship. Raises: UnknownMentorshipError."""
        found = self._read(self._connection.execute(select(mentorships).where(mentorships.c.id == mentorship)).all())
        if not found:
            raise UnknownMentorshipError(mentorship=mentorship)
        return found[0]

    def on(self, thread: ThreadId) -> Mentorship | None:
        """The mentorship that a request led to, if it did."""
        found = self._read(self._connection.execute(select(mentorships).where(mentorships.c.thread == thread)).all())
        return found[0] if found else None

    def threads(self) -> frozenset[ThreadId]:
        """The requests that led to a mentorship."""
        found = self._connection.execute(select(mentorships.c.thread).where(mentorships.c.thread.is_not(None)))
        return frozenset(map(ThreadId, found.scalars()))

    def met(self, mentee: PersonId) -> frozenset[PersonId]:
        """Our mentors with whom a mentee meets, or met before."""
        joined = mentorships.join(mentorship_members, mentorship_members.c.mentorship == mentorships.c.id)
        wanted = select(mentorships.c.mentor).select_from(joined).where(mentorship_members.c.person == mentee)
        return frozenset(PersonId(mentor) for mentor in self._connection.execute(wanted).scalars() if mentor)

    def meetings(self, among: Collection[PersonId] | None = None) -> tuple[Met, ...]:
        """Who of these, or of all, meets or met whom."""
        joined = mentorships.join(mentorship_members, mentorship_members.c.mentorship == mentorships.c.id)
        wanted = select(mentorships, mentorship_members.c.person).select_from(joined).order_by(mentorships.c.id)
        if among is not None:
            wanted = wanted.where(mentorship_members.c.person.in_(among))
        return tuple(
            Met(
                mentee=PersonId(row.person),
                mentor=None if row.mentor is None else PersonId(row.mentor),
                active=row.state != MentorshipState.CLOSED,
                until=row.closed_at or row.opened_at,
            )
            for row in self._connection.execute(wanted)
        )

    def busy(self) -> frozenset[PersonId]:
        """Everybody who meets a mentor."""
        joined = mentorships.join(mentorship_members, mentorship_members.c.mentorship == mentorships.c.id)
        wanted = select(mentorship_members.c.person).select_from(joined)
        found = self._connection.execute(wanted.where(mentorships.c.state != MentorshipState.CLOSED))
        return frozenset(map(PersonId, found.scalars()))

    def all(self) -> tuple[Mentorship, ...]:
        """Every mentorship, oldest first."""
        ordered = select(mentorships).order_by(mentorships.c.opened_at, mentorships.c.id)
        return self._read(self._connection.execute(ordered).all())

    def in_words(self, closed_before: datetime) -> tuple[Mentorship, ...]:
        """Those that were over before a moment and have an agreement still."""
        agreed = select(agreements.c.mentorship)
        wanted = select(mentorships).where(mentorships.c.closed_at < closed_before, mentorships.c.id.in_(agreed))
        return self._read(self._connection.execute(wanted.order_by(mentorships.c.id)).all())

    def of(self, person: PersonId) -> tuple[Mentorship, ...]:
        """Those of one of our people, oldest first."""
        hers = select(mentorship_members.c.mentorship).where(mentorship_members.c.person == person)
        wanted = select(mentorships).where(or_(mentorships.c.mentor == person, mentorships.c.id.in_(hers)))
        ordered = wanted.order_by(mentorships.c.opened_at, mentorships.c.id)
        return self._read(self._connection.execute(ordered).all())

    def page(
        self, states: Collection[MentorshipState], after: MentorshipId | None, limit: int
    ) -> tuple[Mentorship, ...]:
        """So many in these states, newest first, from the one behind `after` on."""
        table = mentorships.c
        wanted = select(mentorships).where(table.state.in_(states))
        if after is not None:
            last = select(table.opened_at).where(table.id == after).scalar_subquery()
            wanted = wanted.where(or_(table.opened_at < last, and_(table.opened_at == last, table.id < after)))
        newest = wanted.order_by(table.opened_at.desc(), table.id.desc()).limit(limit)
        return self._read(self._connection.execute(newest).all())

    def replace(self, mentorship: Mentorship) -> None:
        """Store a changed mentorship. Raises: ChangedMeanwhileError."""
        replace_row(self._connection, mentorships, mentorship.id, mentorship.version, _editable(mentorship))
        for table in (agreements, meetings):
            self._connection.execute(delete(table).where(table.c.mentorship == mentorship.id))
        self._write_parts(mentorship)

    def _write_parts(self, mentorship: Mentorship) -> None:
        agreement, subject = mentorship.agreement, mentorship.subject
        if agreement is not None and subject is not None:
            texts = {"agreement": agreement.words, **{str(n): goal.words for n, goal in enumerate(agreement.goals)}}
            texts |= {f"{n}.{m}": s.words for n, goal in enumerate(agreement.goals) for m, s in enumerate(goal.steps)}
            values = {
                "mentorship": mentorship.id,
                "person": subject,
                "words": self._seals.seal_fields(agreements.c.words, subject, texts),
                "goals": json.dumps([_goal_cells(goal) for goal in agreement.goals]),
                "review_on": agreement.review_on,
            }
            self._connection.execute(insert(agreements).values(values))
        held = [
            {"mentorship": mentorship.id, "number": number, "held_on": meeting.held_on, "minutes": meeting.minutes}
            for number, meeting in enumerate(mentorship.meetings)
        ]
        if held:
            self._connection.execute(insert(meetings), held)

    def _read(self, rows: _Rows) -> tuple[Mentorship, ...]:
        wanted = [row.id for row in rows]
        members, held = defaultdict[str, list[PersonId]](list), defaultdict[str, list[Meeting]](list)
        for table in (mentorship_members, meetings):
            ordered = select(table).where(table.c.mentorship.in_(wanted)).order_by(*table.primary_key)
            for part in self._connection.execute(ordered):
                if table is meetings:
                    held[part.mentorship].append(Meeting(held_on=part.held_on, minutes=part.minutes))
                else:
                    members[part.mentorship].append(PersonId(part.person))
        agreed = select(agreements).where(agreements.c.mentorship.in_(wanted))
        words = {part.mentorship: self._agreement(part) for part in self._connection.execute(agreed).all()}
        return tuple(_mentorship(row, members[row.id], held[row.id], words) for row in rows)

    def _agreement(self, row: Row[tuple[object, ...]]) -> Agreement:
        texts = self._seals.open_fields(agreements.c.words, row.person, row.words)
        goals = tuple(
            Goal(
                words=texts[str(n)],
                due_on=date.fromisoformat(due),
                state=GoalState(state),
                steps=tuple(Step(texts[f"{n}.{m}"], mark == _DONE) for m, mark in enumerate("".join(marks))),
            )
            for n, (due, state, *marks) in enumerate(json.loads(row.goals))
        )
        return Agreement(words=texts["agreement"], review_on=row.review_on, goals=goals)


def _goal_cells(goal: Goal) -> list[str]:
    """When it is due, how it stands, and one mark a step."""
    return [goal.due_on.isoformat(), goal.state, "".join(_DONE if step.done else _OPEN for step in goal.steps)]


def _editable(mentorship: Mentorship) -> dict[str, object]:
    return {
        "state": mentorship.state,
        "mentor": mentorship.mentor,
        "seat": mentorship.seat,
        "outcome": mentorship.outcome,
        "closed_at": mentorship.closed_at,
        "told_meetings": mentorship.told_meetings,
        "heard_at": mentorship.heard_at,
    }


def _mentorship(
    row: Row[tuple[object, ...]],
    members: Sequence[PersonId],
    held: Sequence[Meeting],
    words: Mapping[str, Agreement],
) -> Mentorship:
    return Mentorship(
        id=MentorshipId(row.id),
        place=Place(row.place),
        state=MentorshipState(row.state),
        opened_at=row.opened_at,
        mentor=None if row.mentor is None else PersonId(row.mentor),
        members=tuple(members),
        thread=None if row.thread is None else ThreadId(row.thread),
        peer=None if row.peer is None else NodeId(row.peer),
        seat=None if row.seat is None else SeatId(row.seat),
        outcome=None if row.outcome is None else Outcome(row.outcome),
        closed_at=row.closed_at,
        told_meetings=row.told_meetings,
        heard_at=row.heard_at,
        agreement=words.get(row.id),
        meetings=tuple(held),
        version=row.version,
    )
