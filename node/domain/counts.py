"""How many mentors have a free seat, in 89 fixed cells, under noise. Leaves what a draw costs to `budget`.

Sensitivity. A mentor has one occupation and so belongs to one cell, and she counts there once, however many seats she
has: with her or without her one number of the 89 differs, by one, and none differs otherwise. That is a sensitivity of
one in the sum of absolute differences, for which the two-sided geometric mechanism with loss e is e-differentially
private (Ghosh, Roughgarden and Sundararajan, STOC 2009). The cells are fixed before anybody is counted and all of them
are published, zeros too, so neither which cells there are nor their order says anything. A mentor of *Only here* is
not counted at all; nor is one who takes no part.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from node.domain.budget import Quarter
from node.domain.noise import Chance, TwoSidedGeometric
from node.domain.person import Candidate, OccupationCode, Visibility

GROUP_DIGITS = 3
_GROUPS = (
    "000 100 111 112 120 121 122 131 132 141 142 143 144 200 211 212 213 221 222 223 300 311 312 313 321 322 331 "
    "400 411 412 413 414 421 422 431 432 441 442 451 500 511 521 531 532 541 551 600 620 621 622 631 632 641 642 "
    "643 644 651 652 653 700 720 721 722 723 724 725 726 729 731 732 733 734 741 742 751 752 800 820 831 841 851 "
    "900 920 921 931 932 941 942 951"
)
MINOR_GROUPS = tuple(_GROUPS.split())
"""The first three digits of every unit group of NOC 2021, in ascending order."""

_CERTAIN = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Noisy counts of one quarter in the order of `MINOR_GROUPS`; without `numbers`, a quarter that shows none."""

    quarter: Quarter
    epsilon_milli: int
    numbers: tuple[int, ...]

    @property
    def by_group(self) -> tuple[tuple[str, int], ...]:
        """Every minor group with its number, as drawn."""
        return tuple(zip(MINOR_GROUPS, self.numbers, strict=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How a noisy count is shown: never below zero, with the interval that holds the true one 95 times in 100."""

    group: str
    number: int
    least: int
    most: int


def minor_group(occupation: OccupationCode) -> str:
    """The minor group of a unit group."""
    return occupation[:GROUP_DIGITS]


def is_counted(mentor: Candidate, free: int) -> bool:
    """Whether a mentor is in the counts at all."""
    return free > 0 and mentor.taking_part and mentor.profile.visibility is not Visibility.ONLY_HERE


def count(mentors: Iterable[tuple[Candidate, int]]) -> tuple[int, ...]:
    """Mentors with a free seat in every cell; `mentors` come with their free seats, each once."""
    found = Counter(minor_group(mentor.profile.occupation) for mentor, free in mentors if is_counted(mentor, free))
    return tuple(found[group] for group in MINOR_GROUPS)


def blur(exact: tuple[int, ...], epsilon_milli: int, chance: Chance) -> tuple[int, ...]:
    """The exact counts with independent noise in every cell."""
    noise = TwoSidedGeometric(epsilon_milli)
    return tuple(number + noise.draw(chance) for number in exact)


def estimates(cells: Iterable[tuple[str, int]], epsilon_milli: int) -> tuple[Estimate, ...]:
    """Noisy counts as people read them."""
    width = margin(epsilon_milli)
    return tuple(
        Estimate(group=group, number=max(0, number), least=max(0, number - width), most=max(0, number + width))
        for group, number in cells
    )


def margin(epsilon_milli: int) -> int:
    """How far noise of this loss stays from zero at least 95 times in 100."""
    loss = epsilon_milli / 1_000
    outside = math.log((1 - _CERTAIN) * (1 + math.exp(-loss)) / 2)
    return max(0, math.ceil(-outside / loss - 1))
