"""What a coordinator wrote down about a person: added to, never edited."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from node.domain.actor import UserId
from node.domain.errors import DomainError
from node.domain.person import PersonId

NoteId = NewType("NoteId", str)
LONGEST_NOTE = 4_000


class NoteBlankError(DomainError):
    """A note says something."""

    code = "note-blank"


class NoteTooLongError(DomainError):
    """A note is no book."""

    code = "note-too-long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note, in the words of a member of staff."""

    id: NoteId
    person: PersonId
    at: datetime
    by: UserId
    words: str

    def __post_init__(self) -> None:
        """Refuse a note that says nothing, or too much."""
        if not self.words.strip():
            raise NoteBlankError
        if len(self.words) > LONGEST_NOTE:
            raise NoteTooLongError(most=LONGEST_NOTE)
