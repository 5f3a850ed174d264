"""Assigning mentees to seats: the abstract problem, its answer, and what makes a problem unreadable.

Tier 0 waits longest. The answer wanted is lexicographic: most mentees of tier 0, then of tier 1 and so on, then the
greatest total fit. Solving is left to an adapter; where fits come from, to `node.domain.matching`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from node.domain.errors import DomainError


class UnreadableProblemError(DomainError):
    """A field of an assignment problem cannot be used; `field` and `row` say which."""

    code = "unreadable-problem"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mentee of the problem, and how long she waits: tier 0 longest."""

    id: str
    tier: int


@dataclass(frozen=True, slots=True)
class Offering:
    """A mentor of the problem, and how many seats are free."""

    id: str
    seats: int


Pair = tuple[str, str, int]
"""Mentee, mentor, and how well they fit (0 or more)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Who waits, who offers seats, and which pairs are possible."""

    mentees: tuple[Waiting, ...]
    mentors: tuple[Offering, ...]
    pairs: tuple[Pair, ...]

    def __post_init__(self) -> None:
        """Refuse a problem that contradicts itself.

        Raises: UnreadableProblemError.
        """
        _unique("mentees", (mentee.id for mentee in self.mentees))
        _unique("mentors", (mentor.id for mentor in self.mentors))
        _not_negative("mentees.tier", (mentee.tier for mentee in self.mentees))
        _not_negative("mentors.seats", (mentor.seats for mentor in self.mentors))
        _not_negative("pairs.fit", (fit for _, _, fit in self.pairs))
        known = {mentee.id for mentee in self.mentees}, {mentor.id for mentor in self.mentors}
        for row, (mentee, mentor, _) in enumerate(self.pairs):
            if mentee not in known[0] or mentor not in known[1]:
                raise UnreadableProblemError(field="pairs", row=row)
        _unique("pairs", ((mentee, mentor) for mentee, mentor, _ in self.pairs))


def _unique(field: str, values: Iterable[object]) -> None:
    seen = set[object]()
    for row, value in enumerate(values):
        if value in seen:
            raise UnreadableProblemError(field=field, row=row)
        seen.add(value)


def _not_negative(field: str, values: Iterable[int]) -> None:
    for row, value in enumerate(values):
        if value < 0:
            raise UnreadableProblemError(field=field, row=row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Pairs chosen from a problem; `by_tier` counts the matched of each tier, tier 0 first."""

    pairs: tuple[tuple[str, str], ...]
    by_tier: tuple[int, ...]
    fit: int

    @property
    def matched(self) -> int:
        """How many mentees got a seat."""
        return len(self.pairs)


def assess(problem: Problem, pairs: Iterable[tuple[str, str]]) -> Assignment:
    """`pairs` with what they add up to."""
    chosen = tuple(sorted(pairs))
    fits = {(mentee, mentor): fit for mentee, mentor, fit in problem.pairs}
    tiers = {mentee.id: mentee.tier for mentee in problem.mentees}
    counted = Counter(tiers[mentee] for mentee, _ in chosen)
    highest = max(tiers.values(), default=-1)
    return Assignment(
        pairs=chosen,
        by_tier=tuple(counted[tier] for tier in range(highest + 1)),
        fit=sum(fits[pair] for pair in chosen),
    )
