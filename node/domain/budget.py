"""What counting mentors costs their privacy: the accountant of one program, by calendar year. Whole thousandths only.

Pure composition: losses of everything that was drawn add up (Dwork and Roth, The Algorithmic Foundations of
Differential Privacy, theorem 3.16). A draw is charged to the program, and so to everybody alike, whether or not it was
ever published, and nothing is refunded. A quarter of which a restored node cannot tell whether it was drawn counts as
drawn. The bound is per year; over several years it is as many times as much.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

PER_DRAW_MILLI = 250
YEAR_CAP_MILLI = 1_000
HOUR = 9
"""The hour, in UTC, at which a quarter's counts are drawn."""
_QUARTERS = 4
_MONTHS = 3


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a calendar year, in UTC."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-Q{self.number}"

    @property
    def starts_at(self) -> datetime:
        """Its first moment."""
        return datetime(self.year, (self.number - 1) * _MONTHS + 1, 1, tzinfo=UTC)

    @property
    def next(self) -> "Quarter":
        """The one after it."""
        return Quarter(self.year + 1, 1) if self.number == _QUARTERS else Quarter(self.year, self.number + 1)

    @property
    def before(self) -> "Quarter":
        """The one before it."""
        return Quarter(self.year - 1, _QUARTERS) if self.number == 1 else Quarter(self.year, self.number - 1)

    @classmethod
    def of(cls, at: datetime) -> "Quarter":
        """The quarter of a moment."""
        there = at.astimezone(UTC)
        return cls(there.year, (there.month - 1) // _MONTHS + 1)

    @classmethod
    def read(cls, text: str) -> "Quarter":
        """The quarter that is written `2027-Q1`."""
        year, _, number = text.partition("-Q")
        return cls(int(year), int(number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One quarter that was drawn, or counts as drawn, and its loss in thousandths."""

    quarter: Quarter
    epsilon_milli: int


def spent(charges: Iterable[Charge], year: int) -> int:
    """What a calendar year has cost so far, in thousandths."""
    return sum(charge.epsilon_milli for charge in charges if charge.quarter.year == year)


def next_open(charges: Iterable[Charge], quarter: Quarter, epsilon_milli: int) -> Quarter:
    """The first quarter from this one on that is not drawn yet and whose year can bear the loss."""
    known = tuple(charges)
    drawn = {charge.quarter for charge in known}
    while quarter in drawn or spent(known, quarter.year) + epsilon_milli > YEAR_CAP_MILLI:
        quarter = quarter.next
    return quarter


def due_at(agreed_at: datetime, quarter: Quarter) -> datetime:
    """When a quarter is drawn: on its first day at the fixed hour; where the yes came later, at that hour next."""
    first = quarter.starts_at + timedelta(hours=HOUR)
    if agreed_at <= first:
        return first
    that_day = agreed_at.astimezone(UTC).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return that_day if agreed_at <= that_day else that_day + timedelta(days=1)


def unproven(restored_to: datetime, restored_at: datetime, drawn: Iterable[Quarter]) -> tuple[Quarter, ...]:
    """Quarters between a backup and the restore from it that nothing here proves to be undrawn: they count as drawn."""
    known = set(drawn)
    quarter, last = Quarter.of(restored_to), Quarter.of(restored_at)
    found = []
    while quarter <= last:
        if quarter not in known:
            found.append(quarter)
        quarter = quarter.next
    return tuple(found)


def guarantee(epsilon_milli: int) -> float:
    """The most that any attack can gain over a coin: its hits less its false alarms, tanh(e/2)."""
    return math.tanh(epsilon_milli / 2_000)


def best_attack(draws: int) -> float:
    """What the best attack gains over a coin when it reads so many draws together, by Neyman and Pearson's test.

    Each draw speaks for her presence or against it, by the same weight: the majority decides.
    """
    right = 1 / (1 + math.exp(-PER_DRAW_MILLI / 1_000))
    return sum(
        math.comb(draws, hits)
        * (right**hits * (1 - right) ** (draws - hits) - right ** (draws - hits) * (1 - right) ** hits)
        for hits in range(draws // 2 + 1, draws + 1)
    )


def right_in_100(epsilon_milli: int) -> int:
    """How often in 100 somebody who knows everyone else is right at most, asked whether you are counted."""
    return in_100(guarantee(epsilon_milli))


def in_100(advantage: float) -> int:
    """How often in 100 somebody is right who gains so much over a coin."""
    return math.floor(50 * (1 + advantage) + 0.5)
