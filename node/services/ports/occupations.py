"""The table of occupations."""

from typing import Protocol

from node.domain.occupation import Occupation
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
