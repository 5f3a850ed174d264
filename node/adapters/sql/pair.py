"""Notes and planned meetings of pairs in SQL; their words sealed."""

from datetime import datetime

from sqlalchemy import Connection, Row, delete, insert, select, update

from node.adapters.sql.seals import Seals
from node.adapters.sql.tables import PAIRS
from node.domain.actor import UserId
from node.domain.mentorship import MentorshipId
from node.domain.pair import Note, NoteId, Plan, PlanId, Reach, UnknownNoteError, UnknownPlanError
from node.domain.person import PersonId


class SqlPairBook:
    """The tables of notes and plans."""

    def __init__(self, connection: Connection, seals: Seals) -> None:
        """Works inside one transaction."""
        self._connection = connection
        self._seals = seals
        self._notes, self._plans = PAIRS.notes, PAIRS.plans

    def add_note(self, note: Note) -> None:
        """Keep a new note."""
        values = {
            "id": note.id,
            "mentorship": note.mentorship,
            "person": note.subject,
            "author": note.author,
            "by_staff": note.by_staff,
            "reach": note.reach,
            "at": note.at,
            "words": self._seals.seal(self._notes.c.words, note.subject, note.words),
            "settled_at": note.settled_at,
        }
        self._connection.execute(insert(self._notes).values(values))

    def note(self, note: NoteId) -> Note:
        """One note. Raises: UnknownNoteError."""
        found = self._connection.execute(select(self._notes).where(self._notes.c.id == note)).one_or_none()
        if found is None:
            raise UnknownNoteError(note=note)
        return self._note(found)

    def notes(self, mentorship: MentorshipId) -> tuple[Note, ...]:
        """Every note about a pair, newest first."""
        wanted = select(self._notes).where(self._notes.c.mentorship == mentorship)
        newest = wanted.order_by(self._notes.c.at.desc(), self._notes.c.id.desc())
        return tuple(self._note(row) for row in self._connection.execute(newest).all())

    def settle(self, note: NoteId, at: datetime) -> None:
        """Keep that a coordinator has seen to it."""
        self._connection.execute(update(self._notes).where(self._notes.c.id == note).values(settled_at=at))

    def waiting(self) -> tuple[Note, ...]:
        """What participants told the coordinators and nobody has seen to, oldest first."""
        table = self._notes.c
        wanted = select(self._notes).where(
            table.reach == Reach.COORDINATOR, table.by_staff.is_(False), table.settled_at.is_(None)
        )
        return tuple(self._note(row) for row in self._connection.execute(wanted.order_by(table.at, table.id)).all())

    def add_plan(self, plan: Plan) -> None:
        """Keep a planned meeting."""
        values = {
            "id": plan.id,
            "mentorship": plan.mentorship,
            "person": plan.subject,
            "at": plan.at,
            "minutes": plan.minutes,
            "place": self._seals.seal(self._plans.c.place, plan.subject, plan.where),
        }
        self._connection.execute(insert(self._plans).values(values))

    def plans(self, mentorship: MentorshipId, since: datetime) -> tuple[Plan, ...]:
        """Meetings a pair plans for a moment and later, soonest first."""
        table = self._plans.c
        wanted = select(self._plans).where(table.mentorship == mentorship, table.at >= since)
        return tuple(self._plan(row) for row in self._connection.execute(wanted.order_by(table.at, table.id)).all())

    def remove_plan(self, plan: PlanId) -> None:
        """Keep a planned meeting no longer. Raises: UnknownPlanError."""
        if self._connection.execute(delete(self._plans).where(self._plans.c.id == plan)).rowcount == 0:
            raise UnknownPlanError(plan=plan)

    def _note(self, row: Row[tuple[object, ...]]) -> Note:
        return Note(
            id=NoteId(row.id),
            mentorship=MentorshipId(row.mentorship),
            subject=PersonId(row.person),
            author=UserId(row.author),
            by_staff=row.by_staff,
            reach=Reach(row.reach),
            at=row.at,
            words=self._seals.open(self._notes.c.words, row.person, row.words),
            settled_at=row.settled_at,
        )

    def _plan(self, row: Row[tuple[object, ...]]) -> Plan:
        return Plan(
            id=PlanId(row.id),
            mentorship=MentorshipId(row.mentorship),
            subject=PersonId(row.person),
            at=row.at,
            minutes=row.minutes,
            where=self._seals.open(self._plans.c.place, row.person, row.place),
        )
