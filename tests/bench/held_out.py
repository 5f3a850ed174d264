"""Are the weights of search and likeness fitted to the rows they are scored on? Each row scored without its own code.

The rows are dealt by code; each part is scored with weights that the other parts gave, in the way in which the weights
that ship were found: a conditional logit for titles, a logistic regression for likeness, both drawn towards nothing.
The prior by size keeps its weight: development rows are not as frequent as people are.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Values = NDArray[np.float64]

_PARTS = 8
_DEALS = 3
_TITLES, _LIKENESS = 0.2, 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Questions: the code each belongs to, its signals (one row an answer), right answers, and which answers count.

    `given` are points that need no weight.
    """

    codes: Sequence[str]
    signals: Values
    right: NDArray[np.bool_]
    counts: NDArray[np.bool_]
    given: Values

    def some(self, wanted: NDArray[np.intp]) -> "Asked":
        """These questions only."""
        return Asked(
            codes=[self.codes[place] for place in wanted],
            signals=self.signals[wanted],
            right=self.right[wanted],
            counts=self.counts[wanted],
            given=self.given[wanted],
        )


def titles(asked: Asked) -> Iterator[Values]:
    """Points of each answer to each question, one table a deal."""
    return _dealt(asked, _logit)


def likeness(asked: Asked) -> Iterator[Values]:
    """The same for likeness, where each answer is right or wrong by itself."""
    return _dealt(asked, _regression)


def _dealt(asked: Asked, fit: Callable[[Asked], Values]) -> Iterator[Values]:
    known = sorted(set(asked.codes))
    even = replace(asked, signals=asked.signals / asked.signals.std(axis=(0, 1)))
    for deal in range(_DEALS):
        order = np.random.default_rng(deal).permutation(len(known))
        part = {known[place]: number % _PARTS for number, place in enumerate(order)}
        parts = np.array([part[code] for code in asked.codes])
        points = np.empty(asked.right.shape)
        for number in range(_PARTS):
            here, elsewhere = np.flatnonzero(parts == number), np.flatnonzero(parts != number)
            mine = even.some(here)
            points[here] = mine.signals @ fit(even.some(elsewhere)) + mine.given
        yield points


def _logit(asked: Asked) -> Values:
    asked = asked.some(np.flatnonzero(asked.right.any(axis=1)))

    def loss(weights: Values) -> tuple[float, Values]:
        points = asked.signals @ weights + asked.given
        odds = np.exp(points - points.max(axis=1, keepdims=True))
        chances = odds / odds.sum(axis=1, keepdims=True)
        hits = (chances * asked.right).sum(axis=1, keepdims=True)
        slope = np.einsum("qa,qas->s", chances - chances * asked.right / hits, asked.signals) / len(hits)
        return float(_TITLES * weights @ weights - np.log(hits).mean()), slope + 2 * _TITLES * weights

    return _least(loss, asked.signals.shape[2])


def _regression(asked: Asked) -> Values:
    signals, right = asked.signals[asked.counts], asked.right[asked.counts]

    def loss(weights: Values) -> tuple[float, Values]:
        points = signals @ weights[:-1] + weights[-1]
        miss = 1 / (1 + np.exp(-points)) - right
        pull = np.append(weights[:-1], 0) * _LIKENESS
        slope = np.append(miss @ signals, miss.sum()) / len(miss)
        return float((np.logaddexp(0, points) - right * points).mean() + pull @ weights), slope + 2 * pull

    return _least(loss, signals.shape[1] + 1)[:-1]


def _least(loss: Callable[[Values], tuple[float, Values]], size: int) -> Values:
    found = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", options={"maxiter": 60})
    return np.asarray(found.x)
