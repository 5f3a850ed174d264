"""Finding the code of an occupation from what people type, its relatives, and the official files behind both.

Public tables, which hold nothing of anybody: nobody's leave is asked, and no node need exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from node.domain.occupation import LoadedOccupations
from node.domain.person import OccupationCode
from node.services.ports.occupations import Occupations, OccupationShelf


@dataclass(frozen=True, slots=True, kw_only=True)
class OccupationHit:
    """One unit group that may be meant, with a score from 0 to 1."""

    code: OccupationCode
    title_en: str
    title_fr: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OccupationRelative:
    """Another unit group, and how alike it is, from 0 to 1."""

    code: OccupationCode
    similarity: float


@dataclass(frozen=True, slots=True)
class SearchOccupations:
    """Find unit groups by title or code."""

    occupations: Occupations

    def __call__(self, text: str, limit: int) -> tuple[OccupationHit, ...]:
        """Hits, best first."""
        return tuple(
            OccupationHit(code=group.code, title_en=group.title_en, title_fr=group.title_fr, score=score)
            for group, score in self.occupations.search(text, limit)
        )

    def titles(self, code: OccupationCode) -> tuple[str, str]:
        """What a unit group is called in English and in French. Raises: UnknownOccupationError."""
        group = self.occupations.get(code)
        return group.title_en, group.title_fr


@dataclass(frozen=True, slots=True)
class FindRelatives:
    """Find the unit groups most like one."""

    occupations: Occupations

    def __call__(self, code: OccupationCode, limit: int) -> tuple[OccupationRelative, ...]:
        """The others, most alike first; a code may lack its zeros. Raises: UnknownOccupationError."""
        meant = self.occupations.resolve(code) or self.occupations.get(code)
        return tuple(
            OccupationRelative(code=group.code, similarity=value)
            for group, value in self.occupations.similar(meant.code, limit)
        )

    def why(self, one: OccupationCode, other: OccupationCode) -> tuple[str, tuple[str, ...]]:
        """Where two groups stand to each other, and the work they share. Raises: UnknownOccupationError."""
        _, kinship = self.occupations.similarity(one, other)
        return kinship.nearness, kinship.shared


@dataclass(frozen=True, slots=True)
class LoadOccupations:
    """Load official files into a data folder."""

    shelf: OccupationShelf
    folder: Path

    def __call__(self, files: Sequence[Path]) -> LoadedOccupations:
        """What was found. Raises: the refusals of the shelf."""
        return self.shelf.load(self.folder, files)
