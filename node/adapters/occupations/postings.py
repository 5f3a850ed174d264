"""Which rows hold a feature, and how much it weighs there: the sparse table behind every signal of the search."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint32]
Scores = NDArray[np.float32]

_SATURATION = 1.2
_LENGTH = 0.75
_COMMON = 0.3
"""What a feature still says that every row holds."""
_EXPECTED = 0.5
"""How many sightings a row is given unseen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postings:
    """Features in order, for each the rows that hold it with its weight there, and how rare it is."""

    keys: Keys
    starts: NDArray[np.int64]
    rows: NDArray[np.uint32]
    weights: Scores
    rarity: Scores
    size: int

    @classmethod
    def cosine(cls, keys: Keys, rows: NDArray[np.uint32], size: int) -> Self:
        """Weights whose sum of products is the cosine of two texts (logarithm of counts, rarity, length one)."""
        known, starts, held, counts = _count(keys, rows)
        spread = np.diff(starts)
        rarity = np.log((1 + size) / (1 + spread)) + 1
        weights = (1 + np.log(counts)) * np.repeat(rarity, spread)
        lengths = np.sqrt(np.bincount(held, weights * weights, minlength=size))
        weights /= lengths[held]
        return cls._of(known, starts, held, weights, rarity, size)

    @classmethod
    def bm25(cls, keys: Keys, rows: NDArray[np.uint32], size: int) -> Self:
        """Weights of BM25 (Robertson and Zaragoza 2009), rarity included."""
        known, starts, held, counts = _count(keys, rows)
        spread = np.diff(starts)
        rarity = np.log(1 + (size - spread + 0.5) / (spread + 0.5))
        lengths = np.bincount(held, counts, minlength=size)
        norm = _SATURATION * (1 - _LENGTH + _LENGTH * lengths / max(lengths.mean(), 1.0))
        weights = counts * (_SATURATION + 1) / (counts + norm[held]) * np.repeat(rarity, spread)
        return cls._of(known, starts, held, weights, rarity, size)

    @classmethod
    def held(cls, keys: Keys, rows: NDArray[np.uint32], size: int) -> Self:
        """Weights that say only whether a row holds a feature: its rarity, however often it is held."""
        known, starts, held, _ = _count(keys, rows)
        spread = np.diff(starts)
        rarity = np.log(size / spread) + _COMMON
        return cls._of(known, starts, held, np.repeat(rarity, spread), rarity, size)

    @classmethod
    def lift(cls, keys: Keys, rows: NDArray[np.uint32], size: int) -> Self:
        """Weights that say how much more a row holds a feature than its size would let expect, as a logarithm."""
        known, starts, held, counts = _count(keys, rows)
        expected = np.bincount(held, counts, minlength=size) / max(counts.sum(), 1)
        weights = np.log1p(counts / (_EXPECTED * expected[held]))
        return cls._of(known, starts, held, weights, np.diff(starts), size)

    @classmethod
    def _of(  # noqa: PLR0917 - the columns of one table
        cls,
        keys: Keys,
        starts: NDArray[np.int64],
        rows: NDArray[np.uint32],
        weights: NDArray[np.float64],
        rarity: NDArray[np.float64] | NDArray[np.int64],
        size: int,
    ) -> Self:
        return cls(
            keys=keys,
            starts=starts,
            rows=rows,
            weights=weights.astype(np.float32),
            rarity=rarity.astype(np.float32),
            size=size,
        )

    def _add(self, places: NDArray[np.int64], factors: NDArray[np.float64]) -> Scores:
        spans = [slice(self.starts[place], self.starts[place + 1]) for place in places]
        if not spans:
            return np.zeros(self.size, dtype=np.float32)
        rows = np.concatenate([self.rows[span] for span in spans])
        added = np.concatenate([self.weights[span] * factor for span, factor in zip(spans, factors, strict=True)])
        return np.bincount(rows, added, minlength=self.size).astype(np.float32)

    def alike(self, counts: Mapping[int, int]) -> Scores:
        """The cosine of every row with a text of these features; unknown features do not count."""
        places, held = find(self.keys, np.fromiter(counts, dtype=np.uint32))
        repeats = np.fromiter(counts.values(), dtype=np.float64)[held]
        weights = (1 + np.log(repeats)) * self.rarity[places]
        return self._add(places, weights / np.sqrt((weights * weights).sum() or 1.0))

    def sum(self, keys: Iterable[int]) -> Scores:
        """The sum of weights a row, in parts of the rarity of all known features."""
        places, _ = find(self.keys, np.fromiter(keys, dtype=np.uint32))
        return self._add(places, np.full(len(places), 1 / (float(self.rarity[places].sum()) or 1.0)))

    def holds(self, key: int) -> bool:
        """Whether any row holds this feature."""
        return bool(len(find(self.keys, np.array([key], dtype=np.uint32))[0]))

    def dense(self) -> NDArray[np.float32]:
        """All weights, a row a row, a feature a column."""
        table = np.zeros((self.size, len(self.keys)), dtype=np.float32)
        table[self.rows, np.repeat(np.arange(len(self.keys)), np.diff(self.starts))] = self.weights
        return table

    def column(self, keys: Iterable[int]) -> Scores:
        """The weights of the one of these features that most rows hold."""
        places, _ = find(self.keys, np.fromiter(keys, dtype=np.uint32))
        best = places[np.argmax(self.rarity[places])] if len(places) else None
        return self._add(places[:0] if best is None else np.array([best]), np.ones(1 if len(places) else 0))


def _count(
    keys: Keys, rows: NDArray[np.uint32]
) -> tuple[Keys, NDArray[np.int64], NDArray[np.uint32], NDArray[np.int64]]:
    """Each feature once, where its rows begin, the rows, and how often each holds it."""
    pairs = np.sort(keys.astype(np.uint64) << np.uint64(32) | rows)
    firsts = np.flatnonzero(np.concatenate(([True], pairs[1:] != pairs[:-1]))) if len(pairs) else np.empty(0, np.int64)
    counts = np.diff(np.append(firsts, len(pairs)))
    features = (pairs[firsts] >> np.uint64(32)).astype(np.uint32)
    held = (pairs[firsts] & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    begins = np.flatnonzero(np.concatenate(([True], features[1:] != features[:-1]))) if len(features) else firsts
    return features[begins], np.append(begins, len(features)), held, counts


def find(keys: Keys, asked: Keys) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places in `keys` (ascending) of the features that are known, and which of those asked they are."""
    places = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    held = np.flatnonzero(keys[places] == asked)
    return places[held], held
