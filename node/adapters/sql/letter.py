"""Letters in SQL; what they say of the other person is sealed under the key of the one they are written to."""

from collections.abc import Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, true

from node.adapters.sql.seals import Seals
from node.adapters.sql.tables import data_keys, letters
from node.adapters.sql.versions import replace_row
from node.domain.letter import Letter, LetterId, LetterState, Proposal, UnknownLetterError
from node.domain.person import PersonId
from node.domain.program import Tongue
from node.domain.request import Reachable


class SqlLetters:
    """The table of letters."""

    def __init__(self, connection: Connection, seals: Seals) -> None:
        """Works inside one transaction."""
        self._connection = connection
        self._seals = seals

    def add(self, letter: Letter) -> None:
        """Keep a new letter."""
        meeting = letter.proposal
        values = {
            "id": letter.id,
            "person": letter.person,
            "about": letter.about,
            "language": letter.language,
            "meeting_uid": meeting.uid if meeting else None,
            "meeting_at": meeting.starts_at if meeting else None,
            "time_zone": meeting.time_zone if meeting else None,
            "written_at": letter.written_at,
            "version": letter.version,
        }
        self._connection.execute(insert(letters).values({**values, **self._editable(letter)}))

    def get(self, letter: LetterId) -> Letter:
        """One letter. Raises: UnknownLetterError."""
        row = self._connection.execute(select(letters).where(letters.c.id == letter)).one_or_none()
        if row is None:
            raise UnknownLetterError(letter=letter)
        return self._letter(row)

    def all(self) -> tuple[Letter, ...]:
        """Every letter, oldest first."""
        return self._read(true())

    def of(self, person: PersonId) -> tuple[Letter, ...]:
        """Letters to one person, oldest first."""
        return self._read(letters.c.person == person)

    def ids(self, states: Collection[LetterState], before: datetime | None = None) -> tuple[LetterId, ...]:
        """Letters in these states, if asked for only those that were written before a moment."""
        wanted = select(letters.c.id).where(letters.c.state.in_(states)).order_by(letters.c.id)
        if before is not None:
            wanted = wanted.where(letters.c.written_at < before)
        return tuple(map(LetterId, self._connection.execute(wanted).scalars()))

    def claim(self, at: datetime, limit: int) -> tuple[Letter, ...]:
        """Letters that are due, begun: the lease of an attempt is its `due_at`."""
        due = select(letters.c.id).where(letters.c.due_at <= at).order_by(letters.c.due_at, letters.c.id).limit(limit)
        found = self._connection.execute(due.with_for_update(skip_locked=True)).scalars().all()
        for letter in found:
            self.replace(self.get(LetterId(letter)).begin(at))
        return tuple(self.get(LetterId(letter)) for letter in found)

    def replace(self, letter: Letter) -> None:
        """Store a changed letter. Raises: ChangedMeanwhileError."""
        replace_row(self._connection, letters, letter.id, letter.version, self._editable(letter))

    def remove(self, letter: LetterId) -> None:
        """Keep it no longer."""
        self._connection.execute(delete(letters).where(letters.c.id == letter))

    def about(self, thread: str) -> Sequence[Letter]:
        """Letters about one request or mentorship."""
        found = select(letters).where(letters.c.about == thread).order_by(letters.c.id)
        return tuple(self._letter(row) for row in self._connection.execute(found).all())

    def _read(self, wanted: ColumnElement[bool]) -> tuple[Letter, ...]:
        """Letters in the order they were written; each key comes with its letter, to spare one query a person."""
        joined = select(letters, data_keys.c.wrapped, data_keys.c.master_version).outerjoin(
            data_keys, data_keys.c.subject == letters.c.person
        )
        rows = self._connection.execute(joined.where(wanted).order_by(letters.c.written_at, letters.c.id)).all()
        for row in rows:
            if row.wrapped is not None:
                self._seals.learn(row.person, row.wrapped, row.master_version)
        return tuple(map(self._letter, rows))

    def _editable(self, letter: Letter) -> dict[str, object]:
        other = None
        if letter.other is not None:
            fields = {"name": letter.other.name, "email": letter.other.email, "phone": letter.other.phone}
            other = self._seals.seal_fields(letters.c.other, letter.person, fields)
        return {
            "other": other,
            "link": self._seals.seal(letters.c.link, letter.person, letter.link) if letter.link else None,
            "state": letter.state,
            "attempts": letter.attempts,
            "resent": letter.resent,
            "sent_at": letter.sent_at,
            "due_at": letter.due_at,
        }

    def _letter(self, row: Row[tuple[object, ...]]) -> Letter:
        other = None
        if row.other is not None:
            other = Reachable(**self._seals.open_fields(letters.c.other, row.person, row.other))
        proposal = None
        if row.meeting_at is not None:
            meeting = row.meeting_at.astimezone(ZoneInfo(row.time_zone))
            proposal = Proposal(uid=row.meeting_uid, starts_at=meeting, time_zone=row.time_zone)
        return Letter(
            id=LetterId(row.id),
            person=PersonId(row.person),
            about=row.about,
            language=Tongue(row.language),
            proposal=proposal,
            other=other,
            link="" if row.link is None else self._seals.open(letters.c.link, row.person, row.link),
            written_at=row.written_at,
            state=LetterState(row.state),
            attempts=row.attempts,
            resent=row.resent,
            sent_at=row.sent_at,
            due_at=row.due_at,
            version=row.version,
        )
