"""Finding the code of an occupation from what people type."""

from dataclasses import dataclass

from node.domain.person import OccupationCode
from node.services.ports.occupations import Occupations


@dataclass(frozen=True, slots=True, kw_only=True)
class OccupationHit:
    """One unit group that may be meant, with a score from 0 to 1."""

    code: OccupationCode
    title_en: str
    title_fr: str
    score: float


@dataclass(frozen=True, slots=True)
class SearchOccupations:
    """Find unit groups by title or code; a public table, so nobody's leave is asked."""

    occupations: Occupations

    def __call__(self, text: str, limit: int) -> tuple[OccupationHit, ...]:
        """Hits, best first."""
        return tuple(
            OccupationHit(code=group.code, title_en=group.title_en, title_fr=group.title_fr, score=score)
            for group, score in self.occupations.search(text, limit)
        )
