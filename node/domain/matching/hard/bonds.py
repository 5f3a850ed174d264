"""What people decided about single pairs: kept apart, pinned together, or put together once before."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from node.domain.matching.finding import Obstacle
from node.domain.person import PersonId

Pair = tuple[PersonId, PersonId]
"""Mentee and mentor."""
_NONE = frozenset[Pair]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonds:
    """Pairs that are kept apart, pairs a coordinator wants, and pairs that met before; mentee first."""

    apart: AbstractSet[Pair] = _NONE
    pinned: AbstractSet[Pair] = _NONE
    before: AbstractSet[Pair] = _NONE

    def obstacle(self, mentee: PersonId, mentor: PersonId) -> Obstacle | None:
        """What was decided against a pair. A pin overrules that the two met before, never that they are kept apart."""
        pair = mentee, mentor
        if pair in self.apart:
            return Obstacle.EXCLUDED
        return Obstacle.BEFORE if pair in self.before and pair not in self.pinned else None
