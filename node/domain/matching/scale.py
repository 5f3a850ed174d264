"""The scale: every hard rule and every criterion of a program, put on one pair or on many.

Each comparison of two traits is made once and remembered, so that weighing a pair is adding up a few small numbers.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from node.domain.matching.bearings import Bearings
from node.domain.matching.criteria.criterion import Criterion
from node.domain.matching.criteria.experience import MoreExperience
from node.domain.matching.criteria.hours import SharedHours
from node.domain.matching.criteria.languages import EasyTalk
from node.domain.matching.criteria.occupation import SameWork
from node.domain.matching.criteria.place import Nearby
from node.domain.matching.criteria.preferences import Wishes
from node.domain.matching.criteria.specialisation import SameSpeciality
from node.domain.matching.criteria.topics import SharedTopics
from node.domain.matching.criteria.waiting import Waits
from node.domain.matching.finding import WHOLE, Aspect, Finding, Obstacle
from node.domain.matching.hard.eligibility import Served
from node.domain.matching.hard.language import CommonLanguage
from node.domain.matching.hard.meeting import CommonMode, WithinReach
from node.domain.matching.hard.rule import HardRule
from node.domain.matching.rules import Limits, Rules, Weights
from node.domain.person import Candidate

_Trait = TypeVar("_Trait", bound=Hashable)
_MOST_ROWS = 20_000
"""Traits of mentees whose comparisons are remembered at once, per criterion."""

Traits = tuple[int, ...]
"""A person as the scale reads her: a small number for each trait it looks at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a score: the points it gives of the most it could give, and why."""

    aspect: Aspect
    points: int
    most: int
    finding: Finding


class _Row(dict[int, int], Generic[_Trait]):
    """What one trait of a mentee gives with each trait of a mentor; found when first asked for."""

    __slots__ = ("_give", "_ours", "_theirs")

    def __init__(self, give: Callable[[_Trait, _Trait], int], ours: _Trait, theirs: Sequence[_Trait]) -> None:
        super().__init__()
        self._give = give
        self._ours = ours
        self._theirs = theirs

    def __missing__(self, mentor: int) -> int:
        found = self[mentor] = self._give(self._ours, self._theirs[mentor])
        return found


class _Memory(Generic[_Trait]):
    """Numbers traits, and remembers what two of them give."""

    def __init__(self, trait: Callable[[Candidate], _Trait], give: Callable[[_Trait, _Trait], int]) -> None:
        self._trait = trait
        self._give = give
        self._numbers: dict[_Trait, int] = {}
        self._traits: list[_Trait] = []
        self._rows: dict[int, _Row[_Trait]] = {}

    def number(self, person: Candidate) -> int:
        """The number of a person's trait."""
        trait = self._trait(person)
        number = self._numbers.setdefault(trait, len(self._traits))
        if number == len(self._traits):
            self._traits.append(trait)
        return number

    def row(self, mentee: int) -> dict[int, int]:
        """What a mentee's trait gives with every other."""
        row = self._rows.get(mentee)
        if row is None:
            if len(self._rows) >= _MOST_ROWS:
                self._rows.clear()
            row = self._rows[mentee] = _Row(self._give, self._traits[mentee], self._traits)
        return row


@dataclass(frozen=True, slots=True)
class _Measure:
    """A hard rule or a criterion in use: how it numbers a trait, and what it gives."""

    number: Callable[[Candidate], int]
    row: Callable[[int], dict[int, int]]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A criterion in use: what it is, the most points it gives, what it finds, and how it is added up."""

    aspect: Aspect
    most: int
    find: Callable[[Candidate, Candidate], Finding]
    measure: _Measure


class Scale:
    """The rules of one program, ready to weigh its people; make a new one for another day or other rules."""

    def __init__(self, rules: Rules, bearings: Bearings) -> None:
        """Nothing is weighed yet."""
        self.rules = rules
        self.bearings = bearings
        self._hard = _hard_rules(rules.limits, bearings)
        self._weighed = _criteria(rules.weights, bearings)
        self._measures = (*(measure for _, measure in self._hard), *(found.measure for found in self._weighed))
        self.hard_rules = len(self._hard)
        self.width = len(self._measures)

    def read(self, person: Candidate) -> Traits:
        """A person as the scale reads her: what each hard rule looks at, then each criterion that weighs."""
        return tuple(measure.number(person) for measure in self._measures)

    def rows(self, mentee: Traits) -> list[dict[int, int]]:
        """For each place in `Traits`: bits of hard rules that forbid, then points."""
        return [measure.row(number) for measure, number in zip(self._measures, mentee, strict=True)]

    def bit(self, obstacle: Obstacle) -> int:
        """The bit of a hard rule in what `rows` give."""
        return 1 << [found for found, _ in self._hard].index(obstacle)

    def most(self, place: int) -> int:
        """The most points that one place in `Traits` can give."""
        return self._weighed[place - self.hard_rules].most

    def fit(self, mentee: Candidate, mentor: Candidate) -> int:
        """How well two fit, 0 to 900, whatever the hard rules say."""
        rows = self.rows(self.read(mentee))[self.hard_rules :]
        return sum(row[trait] for row, trait in zip(rows, self.read(mentor)[self.hard_rules :], strict=True))

    def obstacles(self, mentee: Candidate, mentor: Candidate) -> tuple[Obstacle, ...]:
        """The hard rules that forbid a pair by what the two are; seats and decisions about single pairs are apart."""
        rows = self.rows(self.read(mentee))[: self.hard_rules]
        traits = self.read(mentor)[: self.hard_rules]
        return self.named(sum(row[trait] for row, trait in zip(rows, traits, strict=True)))

    def named(self, bits: int) -> tuple[Obstacle, ...]:
        """The obstacles of a sum of bits."""
        return tuple(obstacle for place, (obstacle, _) in enumerate(self._hard) if bits >> place & 1)

    def parts(self, mentee: Candidate, mentor: Candidate) -> tuple[Part, ...]:
        """The fit of a pair, criterion by criterion; the parts of criteria that are switched off are left out."""
        return tuple(_part(weighed, weighed.find(mentee, mentor)) for weighed in self._weighed)


def _part(weighed: _Weighed, found: Finding) -> Part:
    points = weighed.most * found.share // WHOLE
    return Part(aspect=weighed.aspect, points=points, most=weighed.most, finding=found)


def _hard_rules(limits: Limits, bearings: Bearings) -> tuple[tuple[Obstacle, _Measure], ...]:
    """Each hard rule, and what gives its bit."""
    served = Served(limits.eligible_level, limits.eligible_years, bearings.today)
    return (
        _rule(CommonLanguage(limits.language_level), 0),
        _rule(CommonMode(), 1),
        _rule(WithinReach(bearings, limits.in_person_km), 2),
        _rule(served, 3),
    )


def _rule(rule: HardRule[_Trait], place: int) -> tuple[Obstacle, _Measure]:
    memory = _Memory(rule.trait, lambda mentee, mentor: rule.forbids(mentee, mentor) << place)
    return rule.obstacle, _Measure(memory.number, memory.row)


def _criteria(weights: Weights, bearings: Bearings) -> tuple[_Weighed, ...]:
    """Each criterion that weighs something."""
    most = dict(zip(Aspect, weights.points(), strict=True))
    found = (
        _weighed(SameWork(bearings.likeness), most),
        _weighed(SameSpeciality(), most),
        _weighed(SharedTopics(), most),
        _weighed(EasyTalk(), most),
        _weighed(MoreExperience(), most),
        _weighed(SharedHours(bearings), most),
        _weighed(Nearby(bearings), most),
        _weighed(Wishes(bearings), most),
        _weighed(Waits(bearings.today), most),
    )
    return tuple(weighed for weighed in found if weighed.most)


def _weighed(criterion: Criterion[_Trait], most_of: Mapping[Aspect, int]) -> _Weighed:
    most = most_of[criterion.aspect]

    def find(mentee: Candidate, mentor: Candidate) -> Finding:
        return criterion.compare(criterion.trait(mentee), criterion.trait(mentor))

    compare = criterion.compare

    def give(mentee: _Trait, mentor: _Trait) -> int:
        return most * compare(mentee, mentor).share // WHOLE

    memory = _Memory(criterion.trait, give)
    return _Weighed(criterion.aspect, most, find, _Measure(memory.number, memory.row))
