"""Many mentors at once: read a single time, then weighed for one mentee after another."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import heappush, heapreplace
from operator import add

from node.domain.matching.scale import Scale, Traits
from node.domain.person import Candidate, OccupationCode, Wish

_FEW = 8
"""A criterion that sees at least so many mentors alike is cheap: what it gives is found once and used again."""

_MOST_ALIKE = 1_000
"""Kinds of mentees for whom it is remembered who may meet them."""

Fitting = tuple[int, int]
"""A mentor's place in the pool, and the fit."""


class Pool:
    """Mentors, read by a scale."""

    def __init__(self, scale: Scale, mentors: Iterable[Candidate]) -> None:
        """Read them once."""
        self.scale = scale
        self.mentors: Sequence[Candidate] = tuple(mentors)
        self._traits = [scale.read(mentor) for mentor in self.mentors]
        self._columns = [[traits[place] for traits in self._traits] for place in range(scale.width)]
        self._cheap_and_dear = _split(self._columns, scale.hard_rules)
        self._by_work: dict[OccupationCode, list[int]] = {}
        for place, mentor in enumerate(self.mentors):
            self._by_work.setdefault(mentor.profile.occupation, []).append(place)
        self._similar: dict[OccupationCode, frozenset[OccupationCode]] = {}
        self._near_places: dict[OccupationCode, tuple[int, ...]] = {}
        self._related: dict[OccupationCode, frozenset[int]] = {}
        self.circles = frozenset(
            place for place, mentor in enumerate(self.mentors) if Wish.CIRCLE in mentor.profile.wishes
        )
        """The places of mentors who would rather carry a group."""
        self._open: dict[tuple[OccupationCode, Traits], tuple[int, ...]] = {}

    def forbidden(self, mentee: Candidate) -> list[int]:
        """For every mentor, the bits of the hard rules that forbid the pair."""
        hard = self.scale.hard_rules
        return self._sums(self.scale.rows(self.scale.read(mentee)), range(hard))

    def best(self, mentee: Candidate, limit: int, may: Callable[[int], bool]) -> list[Fitting]:
        """The mentors who fit best among those that `may` lets pass; of equal ones, the first in the pool."""
        return self.ranking(mentee).best(limit, may)

    def ranking(self, mentee: Candidate) -> "Ranking":
        """All mentors for a mentee, to ask several times who comes first."""
        rows = self.scale.rows(self.scale.read(mentee))
        cheap, dear = self._cheap_and_dear
        return Ranking(rows, dear, self._traits, self._sums(rows, cheap), sum(map(self.scale.most, dear)))

    def allowed(self, mentee: Candidate) -> Iterator[Fitting]:
        """Every mentor of a related occupation whom no hard rule forbids."""
        rows, places = self.scale.rows(self.scale.read(mentee)), self.open_to(mentee)
        return zip(places, self._sums(rows, range(self.scale.hard_rules, self.scale.width), places), strict=True)

    def open_to(self, mentee: Candidate) -> tuple[int, ...]:
        """The places of mentors of a related occupation whom no hard rule forbids, in order; fit is not asked.

        Found once for everybody whom these rules see alike: a list of those who wait asks for many such.
        """
        traits = self.scale.read(mentee)
        alike = mentee.profile.occupation, traits[: self.scale.hard_rules]
        if alike not in self._open:
            if len(self._open) >= _MOST_ALIKE:
                self._open.clear()
            hard = self.scale.rows(traits)[: self.scale.hard_rules]
            self._open[alike] = tuple(
                place
                for place in self._near(mentee.profile.occupation)
                if not any(row[trait] for row, trait in zip(hard, self._traits[place], strict=False))
            )
        return self._open[alike]

    def has_exact(self, occupation: OccupationCode) -> bool:
        """Whether anybody here has this very occupation."""
        return occupation in self._by_work

    def _sums(
        self, rows: Sequence[dict[int, int]], columns: Iterable[int], places: Sequence[int] | None = None
    ) -> list[int]:
        """What every mentor, or those at some `places`, gets from some of the rows together."""
        # What is asked of every mentor for every suggestion or draft is left to loops that run outside of Python.
        sums = [0] * len(self.mentors if places is None else places)
        for column in columns:
            traits = self._columns[column]
            asked = traits if places is None else map(traits.__getitem__, places)
            sums = list(map(add, sums, map(rows[column].__getitem__, asked)))
        return sums

    def similar(self, wanted: OccupationCode) -> frozenset[OccupationCode]:
        """The occupations of mentors that are similar enough for a draft, the same one among them if it is here."""
        if wanted not in self._similar:
            least = self.scale.rules.drafts.similar_percent / 100
            likeness = self.scale.bearings.likeness
            alike = (work for work in self._by_work if work == wanted or likeness(wanted, work)[0] >= least)
            self._similar[wanted] = frozenset(alike)
        return self._similar[wanted]

    def exact(self, wanted: OccupationCode) -> Sequence[int]:
        """The places of mentors of this very occupation."""
        return self._by_work.get(wanted, ())

    def related(self, wanted: OccupationCode) -> frozenset[int]:
        """The places of mentors whose occupation is similar enough for a draft."""
        if wanted not in self._related:
            self._related[wanted] = frozenset(self._near(wanted))
        return self._related[wanted]

    def _near(self, wanted: OccupationCode) -> tuple[int, ...]:
        """Mentors whose occupation is similar enough for a draft, in the order of the pool."""
        if wanted not in self._near_places:
            places = (place for work in self.similar(wanted) for place in self._by_work[work])
            self._near_places[wanted] = tuple(sorted(places))
        return self._near_places[wanted]


class Ranking:
    """Mentors in the order of what cheap criteria give; the others are asked only of who can still come first."""

    def __init__(
        self,
        rows: Sequence[Mapping[int, int]],
        dear: Sequence[int],
        traits: Sequence[Traits],
        so_far: Sequence[int],
        rest: int,
    ) -> None:
        """`so_far` are the points of cheap criteria, `rest` the most that the `dear` columns can add."""
        self._rows = rows
        self._dear = dear
        self._traits = traits
        self._so_far = so_far
        self._rest = rest
        self._order = sorted(range(len(so_far)), key=so_far.__getitem__, reverse=True)

    def best(self, limit: int, may: Callable[[int], bool]) -> list[Fitting]:
        """The mentors who fit best among those that `may` lets pass; of equal ones, the first in the pool."""
        found: list[tuple[int, int]] = []
        for place in self._order:
            if len(found) == limit and self._so_far[place] + self._rest < found[0][0]:
                break
            if not may(place):
                continue
            traits = self._traits[place]
            fit = self._so_far[place] + sum(self._rows[column][traits[column]] for column in self._dear)
            if len(found) < limit:
                heappush(found, (fit, -place))
            elif (fit, -place) > found[0]:
                heapreplace(found, (fit, -place))
        return [(-place, fit) for fit, place in sorted(found, reverse=True)]


def _split(columns: Sequence[Sequence[int]], hard_rules: int) -> tuple[list[int], list[int]]:
    """The columns of criteria that see many mentors alike, and the other ones."""
    split: tuple[list[int], list[int]] = [], []
    for place, column in enumerate(columns[hard_rules:], hard_rules):
        split[len(set(column)) * _FEW > len(column)].append(place)
    return split
