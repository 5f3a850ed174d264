"""Assigning mentees to seats: the abstract problem, its answer, and what makes a problem unreadable.

Tier 0 waits longest. The answer wanted is lexicographic: most mentees of tier 0, then of tier 1 and so on, then the
greatest total fit. Solving is left to an adapter; where fits come from, to `node.domain.matching`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from node.domain.errors import DomainError

MOST_TIERS = 100_000
"""The answer counts every tier, one number each; a greater tier is a mistake."""


_MOST_FIT = 10**1000
"""Sums of larger numbers could not be written as JSON."""


class Wanted(StrEnum):
    """What should stand where an assignment problem cannot be used."""

    JSON = "json"
    OBJECT = "object"
    LIST = "list"
    PAIR = "pair"
    TEXT = "text"
    NUMBER = "number"
    SMALLER = "smaller"
    OTHER = "other"
    ONCE = "once"
    MENTEE = "mentee"
    MENTOR = "mentor"


class UnreadableProblemError(DomainError):
    """A field of an assignment problem cannot be used: `field` says which, as `mentees[1].tier`; what is `wanted`."""

    code = "unreadable-problem"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mentee of the problem, and how long she waits: tier 0 longest."""

    id: str
    tier: int


@dataclass(frozen=True, slots=True)
class Offering:
    """A mentor of the problem, and how many seats are free.

    Between equally good answers the one is wanted that fills seats of mentors with fewer mentees (`load`), then of
    those who have met nobody for longest (`idle`, in days). All seats of a `circle` meet together; no other seat of its
    mentor is on offer.
    """

    id: str
    seats: int
    load: int = 0
    idle: int = 0
    circle: bool = False


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
        mentees, mentors = [mentee.id for mentee in self.mentees], [mentor.id for mentor in self.mentors]
        _unique("mentees[{}].id", mentees)
        _unique("mentors[{}].id", mentors)
        _within("mentees[{}].tier", [mentee.tier for mentee in self.mentees], MOST_TIERS)
        _not_negative("mentors[{}].seats", [mentor.seats for mentor in self.mentors])
        if self.pairs:
            _within("pairs[{}][2]", [fit for _, _, fit in self.pairs], _MOST_FIT)
            _known("pairs[{}][0]", [mentee for mentee, _, _ in self.pairs], set(mentees), Wanted.MENTEE)
            _known("pairs[{}][1]", [mentor for _, mentor, _ in self.pairs], set(mentors), Wanted.MENTOR)
            _unique("pairs[{}]", [(mentee, mentor) for mentee, mentor, _ in self.pairs])

    def assess(self, pairs: Iterable[tuple[str, str]]) -> "Assignment":
        """Pairs chosen from this problem with what they add up to."""
        chosen = tuple(sorted(pairs))
        wanted = set(chosen)
        fits = sum(fit for mentee, mentor, fit in self.pairs if (mentee, mentor) in wanted)
        tiers = {mentee.id: mentee.tier for mentee in self.mentees}
        counted = Counter(tiers[mentee] for mentee, _ in chosen)
        highest = max(tiers.values(), default=-1)
        by_tier = tuple(counted[tier] for tier in range(highest + 1))
        return Assignment(pairs=chosen, by_tier=by_tier, fit=fits)


def _unique(field: str, values: Sequence[object]) -> None:
    if len(set(values)) == len(values):
        return
    first: dict[object, int] = {}
    again = next(row for row, value in enumerate(values) if first.setdefault(value, row) != row)
    raise UnreadableProblemError(field=field.format(again), wanted=Wanted.OTHER)


def _not_negative(field: str, values: Sequence[int]) -> None:
    if min(values, default=0) < 0:
        row = next(row for row, value in enumerate(values) if value < 0)
        raise UnreadableProblemError(field=field.format(row), wanted=Wanted.NUMBER)


def _within(field: str, values: Sequence[int], most: int) -> None:
    _not_negative(field, values)
    if max(values, default=0) > most:
        row = next(row for row, value in enumerate(values) if value > most)
        raise UnreadableProblemError(field=field.format(row), wanted=Wanted.SMALLER)


def _known(field: str, values: Sequence[str], known: set[str], wanted: Wanted) -> None:
    if not known.issuperset(values):
        row = next(row for row, value in enumerate(values) if value not in known)
        raise UnreadableProblemError(field=field.format(row), wanted=wanted)


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


def greedy(problem: Problem) -> Assignment:
    """What taking mentees one by one gives, the longest wait first, each the best mentor still free."""
    order = {mentee.id: mentee.tier for mentee in problem.mentees}
    free = {mentor.id: mentor.seats for mentor in problem.mentors}
    seated = dict[str, str]()
    for mentee, mentor, _ in sorted(problem.pairs, key=lambda pair: (order[pair[0]], -pair[2], pair[0], pair[1])):
        if mentee not in seated and free[mentor]:
            seated[mentee] = mentor
            free[mentor] -= 1
    return problem.assess(seated.items())
