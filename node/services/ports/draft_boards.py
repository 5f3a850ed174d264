"""What the board of a draft asks for: counts, comparisons and parts, however many people a draft has."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from node.domain.drafts import DraftId, DraftPair, Standing, Unmatched, Why
from node.domain.person import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many of a tier have a mentor, `why` being None, or have none for the same reason; `fit` is theirs in all.

    `by_hand` of them were put there by somebody; of `simply` is known what taking one after the other gave them.
    """

    tier: int
    why: Why | None
    people: int
    fit: int
    by_hand: int
    simply: int


class Filled(NamedTuple):
    """How many people a draft puts with a mentor, and how many of them somebody put there by hand."""

    people: int
    by_hand: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One mentee: her points elsewhere and here, 0 without a mentor; `mentor` is who she has here, `why` why nobody."""

    mentee: PersonId
    before: int
    after: int
    mentor: PersonId | None
    why: Why | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """How many gain and lose, and those with the greatest differences."""

    gaining: int
    losing: int
    gains: tuple[Difference, ...]
    losses: tuple[Difference, ...]


class DraftBoards(Protocol):
    """Drafts, counted and read part by part."""

    def tallies(self, draft: DraftId) -> tuple[Tally, ...]:
        """How many stand how, by tier and by why."""
        ...

    def standing(self, draft: DraftId, mentee: PersonId) -> Standing:
        """How a mentee stands in it. Raises: NotInDraftError."""
        ...

    def filled(self, draft: DraftId) -> dict[PersonId, Filled]:
        """With how many people it puts each mentor who gets any."""
        ...

    def seated(self, draft: DraftId, mentors: Collection[PersonId]) -> tuple[DraftPair, ...]:
        """Whom it puts with these mentors, in the order of the mentees' ids."""
        ...

    def left(self, draft: DraftId, after: PersonId | None, limit: int) -> tuple[Unmatched, ...]:
        """Whom it leaves without a mentor, the longest wait first; from the beginning where `after` is not left out."""
        ...

    def couples(self, draft: DraftId) -> tuple[tuple[PersonId, PersonId], ...]:
        """Mentee and mentor of each of its pairs, in the order of the mentees' ids."""
        ...

    def away(self, draft: DraftId) -> frozenset[PersonId]:
        """Mentees of its pairs of whom one does not take part any more."""
        ...

    def reached(self, draft: DraftId) -> tuple[int, int]:
        """How many have a mentor in it, and their fit in all."""
        ...

    def beside(self, draft: DraftId, last: DraftId | None, most: int) -> Differing:
        """Who gains and loses in it against the pairs of `last`, else against taking one after the other."""
        ...
