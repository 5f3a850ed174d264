"""Attacks on stored releases, as strong as they can be made. Each tells how much better than a coin it does."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from node.domain.budget import PER_DRAW_MILLI

_EPSILON = PER_DRAW_MILLI / 1_000
_SURE = 1.96
_STEPS, _RATE, _RIDGE = 600, 0.2, 0.02

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Advantage:
    """Hits less false alarms, and how far the true value may be from it, 95 times in 100."""

    value: float
    margin: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ± {self.margin:.3f}"


def compare(said_of_present: NDArray[np.bool_], said_of_absent: NDArray[np.bool_]) -> Advantage:
    """The advantage of saying "present" so often where she is and where she is not."""
    hits, alarms = float(said_of_present.mean()), float(said_of_absent.mean())
    spread = hits * (1 - hits) / said_of_present.size + alarms * (1 - alarms) / said_of_absent.size
    return Advantage(hits - alarms, _SURE * math.sqrt(spread))


def likelihood_ratio(present: Numbers, absent: Numbers, known: int) -> Advantage:
    """Neyman and Pearson's test over all releases of a year, by somebody who knows every other mentor.

    Rows are years, columns the quarters of her cell. No attack on the same releases does better on average.
    """
    return compare(_evidence(present, known) > 0, _evidence(absent, known) > 0)


def _evidence(years: Numbers, known: int) -> Numbers:
    """The logarithm of the likelihood ratio, in units of e."""
    found: Numbers = (np.abs(years - known) - np.abs(years - known - 1)).sum(axis=1)
    return found


def learned(present: Numbers, absent: Numbers) -> Advantage:
    """Logistic regression that knows nothing of the mechanism: half the years teach it, the other half judge it."""
    half_present, half_absent = len(present) // 2, len(absent) // 2
    taught = np.vstack([present[:half_present], absent[:half_absent]])
    centre, scale = taught.mean(axis=0), taught.std(axis=0) + 1e-9
    answers = np.concatenate([np.ones(half_present), np.zeros(half_absent)])
    weights, shift = np.zeros(taught.shape[1]), 0.0
    inputs = (taught - centre) / scale
    for _ in range(_STEPS):
        error = 1 / (1 + np.exp(-(inputs @ weights + shift))) - answers
        weights -= _RATE * (inputs.T @ error / len(error) + _RIDGE * weights)
        shift -= _RATE * float(error.mean())

    def says(years: Numbers) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = ((years - centre) / scale) @ weights + shift > 0
        return found

    return compare(says(present[half_present:]), says(absent[half_absent:]))


def differencing(stayed: Numbers, gone: Numbers) -> Advantage:
    """Did she leave between two quarters, of which it is known only that nobody else came or went.

    `stayed` holds years with her, `gone` years without: a quarter of one after a quarter of the other.
    """
    left = stayed[: len(gone), 0] - gone[: len(stayed), 1]
    kept = stayed[:, 2] - stayed[:, 3]
    return compare(left > 0, kept > 0)


def reconstruction(years: Sequence[Sequence[Sequence[int]]], exact: Sequence[int]) -> tuple[float, float]:
    """Share of the 89 counts guessed exactly from all of a year, and by whoever says zero everywhere."""
    guesses = np.clip(np.rint(np.asarray(years, dtype=float).mean(axis=1)), 0, None)
    truth = np.asarray(exact)
    return float((guesses == truth).mean()), float((truth == 0).mean())


def exact_advantage(quarters: int) -> float:
    """The advantage of the best attack on so many releases, computed from the distribution itself.

    One release moves the evidence up or down by one: x beyond the count in between speaks for presence.
    """
    alpha = math.exp(-_EPSILON)
    up = 1 / (1 + alpha)
    present = _binomial(quarters, up)
    absent = _binomial(quarters, 1 - up)
    return sum(p - a for ups, (p, a) in enumerate(zip(present, absent, strict=True)) if 2 * ups > quarters)


def _binomial(number: int, chance: float) -> list[float]:
    return [math.comb(number, ups) * chance**ups * (1 - chance) ** (number - ups) for ups in range(number + 1)]
