"""Noise that hides one mentor, drawn exactly: whole numbers only, so that no rounding of a machine gives her away.

The two-sided geometric distribution, P(x) in proportion to exp(-e |x|) for a rational e, by the samplers of Canonne,
Kamath and Steinke (The Discrete Gaussian for Differential Privacy, NeurIPS 2020, algorithms 1 and 2). What it is added
to, and what that costs, is for `counts` and `budget`; where the bytes of chance come from is for an adapter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import gcd

Chance = Callable[[int], bytes]
"""So many bytes that nobody can foretell."""

_BITS = 8


@dataclass(frozen=True, slots=True)
class TwoSidedGeometric:
    """The distribution for a privacy loss of `epsilon_milli` thousandths and a sensitivity of one."""

    epsilon_milli: int

    def draw(self, chance: Chance) -> int:
        """One whole number."""
        shared = gcd(self.epsilon_milli, 1_000)
        up, down = self.epsilon_milli // shared, 1_000 // shared
        while True:
            magnitude = _magnitude(up, down, chance)
            negative = below(2, chance) == 1
            # Zero has no sign: half of its draws are thrown away, or it would come twice as often as it should.
            if magnitude or not negative:
                return -magnitude if negative else magnitude


def _magnitude(up: int, down: int, chance: Chance) -> int:
    """A whole number from zero on, P(x) in proportion to exp(-x * up / down)."""
    rest = below(down, chance)
    while not _happens_exp(rest, down, chance):
        rest = below(down, chance)
    wholes = 0
    while _happens_exp(1, 1, chance):
        wholes += 1
    return (rest + down * wholes) // up


def _happens_exp(up: int, down: int, chance: Chance) -> bool:
    """True with probability exp(-up / down), for 0 <= up <= down."""
    tries = 1
    while below(down * tries, chance) < up:
        tries += 1
    return tries % 2 == 1


def below(bound: int, chance: Chance) -> int:
    """A whole number from zero on below `bound`, each as likely as any other: what lies outside is drawn again."""
    bits = (bound - 1).bit_length()
    size = -(-bits // _BITS)
    while True:
        found = int.from_bytes(chance(size), "big") >> (size * _BITS - bits)
        if found < bound:
            return found
