"""What the verbs about a program's own texts need: where they are kept, and letters to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from node.domain.program import Tongue
from node.domain.texts import LetterKind, OwnTexts, Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """A letter to nobody, as it would be read."""

    language: Tongue
    subject: str
    text: str


class TextShelf(Protocol):
    """What the program says in its own words."""

    def get(self, letter: LetterKind) -> OwnTexts:
        """What it says otherwise in one letter."""
        ...

    def all(self) -> Sequence[Wording]:
        """Everything it says otherwise."""
        ...

    def replace(self, changed: OwnTexts) -> None:
        """Store them; the version is the one that was read. Raises: ChangedMeanwhileError."""
        ...


class Stationery(Protocol):
    """The usual words of letters, and how one looks."""

    def usual(self, code: str, language: Tongue) -> str:
        """What is said unless the program says otherwise."""
        ...

    def specimen(
        self, letter: LetterKind, language: Tongue, program: str, wordings: Sequence[Wording], at: datetime
    ) -> Specimen:
        """The letter as it would be written to an invented person at the moment `at`."""
        ...
