"""What a bench is, and the figures it hands back; which benches there are is said by `suite`.

A bench is measured by its size: `FULL` for figures worth writing down, `TINY` to see that it still runs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Size(Enum):
    """How much a bench does."""

    FULL = "full"
    TINY = "tiny"

    def pick(self, full: int, tiny: int) -> int:
        """One of two numbers."""
        return full if self is Size.FULL else tiny


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row of the table; `ratio` compares with something measured in the same run, `met` needs a target."""

    what: str
    figure: str
    ratio: float | None = None
    target: str = ""
    met: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A named measurement, run in an empty folder."""

    name: str
    run: Callable[[Path, Size], list[Figure]]


def median(values: list[float]) -> float:
    """The middle value."""
    return percentile(values, 0.5)


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
