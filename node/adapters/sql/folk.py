"""Notes on people and files on their way in, in SQL; both sealed."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from node.adapters.sql.seals import Seals
from node.adapters.sql.tables import FOLK
from node.domain.actor import UserId
from node.domain.note import Note, NoteId
from node.domain.person import PersonId
from node.domain.upload import Upload, UploadGoneError, UploadId


class SqlNotes:
    """The table of notes; each is sealed under the key of the person it is about."""

    def __init__(self, connection: Connection, seals: Seals) -> None:
        """Works inside one transaction."""
        self._connection = connection
        self._seals = seals

    def add(self, note: Note) -> None:
        """Keep a new note."""
        words = self._seals.seal(FOLK.notes.c.words, note.person, note.words)
        values = {"id": note.id, "person": note.person, "at": note.at, "by": note.by, "words": words}
        self._connection.execute(insert(FOLK.notes).values(values))

    def of(self, person: PersonId) -> tuple[Note, ...]:
        """Every note on a person, newest first."""
        table = FOLK.notes
        wanted = select(table).where(table.c.person == person).order_by(table.c.at.desc(), table.c.id.desc())
        return tuple(
            Note(
                id=NoteId(row.id),
                person=person,
                at=row.at,
                by=UserId(row.by),
                words=self._seals.open(table.c.words, person, row.words),
            )
            for row in self._connection.execute(wanted).all()
        )


class SqlUploads:
    """The table of files on their way in; each is sealed under the key of the member of staff who brought it."""

    def __init__(self, connection: Connection, seals: Seals) -> None:
        """Works inside one transaction."""
        self._connection = connection
        self._seals = seals

    def add(self, upload: Upload) -> None:
        """Keep a file in place of whatever else she brought."""
        table = FOLK.uploads
        self._connection.execute(delete(table).where(table.c.user == upload.user))
        content = self._seals.seal_bytes(table.c.content, upload.user, upload.content)
        values = {"id": upload.id, "user": upload.user, "at": upload.at, "content": content}
        self._connection.execute(insert(table).values(values))

    def get(self, upload: UploadId) -> Upload:
        """One file. Raises: UploadGoneError."""
        table = FOLK.uploads
        row = self._connection.execute(select(table).where(table.c.id == upload)).one_or_none()
        if row is None:
            raise UploadGoneError
        content = self._seals.open_bytes(table.c.content, row.user, row.content)
        return Upload(id=upload, user=UserId(row.user), at=row.at, content=content)

    def remove(self, upload: UploadId) -> None:
        """Keep it no longer."""
        self._connection.execute(delete(FOLK.uploads).where(FOLK.uploads.c.id == upload))

    def tidy(self, before: datetime) -> None:
        """Forget files that were brought before a moment."""
        self._connection.execute(delete(FOLK.uploads).where(FOLK.uploads.c.at < before))
