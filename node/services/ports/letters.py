"""Where letters are kept until they are sent, and who takes them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from node.domain.letter import Letter, LetterId, LetterState
from node.domain.person import Contact, PersonId


class Letters(Protocol):
    """Letters of this program; what they say of people is sealed by whoever keeps them."""

    def add(self, letter: Letter) -> None:
        """Keep a new letter."""
        ...

    def get(self, letter: LetterId) -> Letter:
        """One letter. Raises: UnknownLetterError."""
        ...

    def all(self) -> tuple[Letter, ...]:
        """Every letter, oldest first."""
        ...

    def of(self, person: PersonId) -> tuple[Letter, ...]:
        """Letters to one person, oldest first."""
        ...

    def ids(self, states: Collection[LetterState], before: datetime | None = None) -> tuple[LetterId, ...]:
        """Letters in these states, if asked for only those that were written before a moment; none is opened."""
        ...

    def claim(self, at: datetime, limit: int) -> tuple[Letter, ...]:
        """Letters that are due, claimed so that nobody else begins them."""
        ...

    def replace(self, letter: Letter) -> None:
        """Store a changed letter. Raises: ChangedMeanwhileError."""
        ...

    def remove(self, letter: LetterId) -> None:
        """Keep it no longer."""
        ...

    def about(self, thread: str) -> Sequence[Letter]:
        """Letters about one request or mentorship."""
        ...


class DraftFolder(Protocol):
    """Where letters lie that somebody has to send by hand."""

    def read(self, letter: Letter, to: Contact, program: str) -> bytes:
        """The letter as a file that mail programs open as one to be sent. Raises: LetterGoneError."""
        ...

    def letters(self) -> tuple[LetterId, ...]:
        """Whose drafts lie there."""
        ...

    def discard(self, letter: LetterId) -> None:
        """Destroy a draft, if it lies there."""
        ...


class PostOfficeBusyError(Exception):
    """The letter was surely not taken; it may be tried again later."""


class PostOffice(Protocol):
    """Takes a letter and puts it on its way."""

    def send(self, letter: Letter, to: Contact, program: str) -> LetterState:
        """SENT, DRAFTED, REFUSED for good, or UNCLEAR where nobody can say. Raises: PostOfficeBusyError."""
        ...
