"""What coordinators keep beside a person: notes, duplicates and their merging, spreadsheets on their way in."""

from datetime import datetime
from typing import Protocol

from node.domain.merging import Merge
from node.domain.note import Note
from node.domain.person import PersonId
from node.domain.upload import Upload, UploadId


class Notes(Protocol):
    """Notes on people; their words are sealed by whoever keeps them."""

    def add(self, note: Note) -> None:
        """Keep a new note."""
        ...

    def of(self, person: PersonId) -> tuple[Note, ...]:
        """Every note on a person, newest first."""
        ...


class Merges(Protocol):
    """Who was merged into whom."""

    def alike(self, limit: int) -> tuple[tuple[PersonId, PersonId], ...]:
        """Pairs of one kind that share an e-mail address, a phone number or a whole name, and are not told apart."""
        ...

    def tell_apart(self, one: PersonId, other: PersonId) -> None:
        """Remember that these are two people, however alike they look."""
        ...

    def absorb(self, merge: Merge) -> None:
        """Move everything that hangs on the one who goes to the one who stays, and destroy what is left of her."""
        ...

    def of(self, person: PersonId) -> tuple[Merge, ...]:
        """Who was merged into a person, oldest first."""
        ...


class Uploads(Protocol):
    """Files on their way in, sealed by whoever keeps them."""

    def add(self, upload: Upload) -> None:
        """Keep a file in place of whatever else she brought."""
        ...

    def get(self, upload: UploadId) -> Upload:
        """One file. Raises: UploadGoneError."""
        ...

    def remove(self, upload: UploadId) -> None:
        """Keep it no longer."""
        ...

    def tidy(self, before: datetime) -> None:
        """Forget files that were brought before a moment."""
        ...
