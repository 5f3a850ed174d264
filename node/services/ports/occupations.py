"""The table of occupations."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from node.domain.occupation import Kinship, LoadedOccupations, Occupation
from node.domain.person import OccupationCode


class Occupations(Protocol):
    """The unit groups a program can speak of."""

    def get(self, code: OccupationCode) -> Occupation:
        """One unit group. Raises: UnknownOccupationError."""
        ...

    def resolve(self, typed: str) -> Occupation | None:
        """The one unit group a coordinator meant by a code or a whole title, or None where it is not certain."""
        ...

    def search(self, text: str, limit: int) -> tuple[tuple[Occupation, float], ...]:
        """Unit groups that fit what was typed, best first, each with a score from 0 to 1."""
        ...

    def similarity(self, one: OccupationCode, other: OccupationCode) -> tuple[float, Kinship]:
        """How alike two unit groups are, from 0 to 1 (1: the same), and why. Raises: UnknownOccupationError."""
        ...

    def similar(self, code: OccupationCode, limit: int) -> tuple[tuple[Occupation, float], ...]:
        """The others, most alike first, each with its similarity. Raises: UnknownOccupationError."""
        ...


class OccupationShelf(Protocol):
    """Where official files are loaded."""

    def load(self, folder: Path, files: Sequence[Path]) -> LoadedOccupations:
        """Put files, and those in folders, in place of what was loaded into a data folder before; all or nothing.

        Raises: UnknownOccupationFileError, UnreadableOccupationRowError, NoOccupationFilesError.
        """
        ...
