"""How alike unit groups are: topics behind their words, ratings, neighbours in common, size, level of training.

Large groups hold more kinds of jobs and so have more relatives. Groups of one level share the words of that level
(plan, advise, operate), which are nobody's trade: the same words count for more where the levels differ.

The weights are those of a logistic regression over development groups held out in turn; the offset only makes
the values readable: near relatives above a half, strangers near nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from node.adapters.occupations.postings import Postings
from node.adapters.occupations.text import key, tokens
from node.adapters.occupations.topics import Matrix, cosine, strongest

_TOPICS = (40, 100)
_NEAREST = 80
WEIGHTS = (3.69, 2.17, 0.87, 0.45, 2.24, 0.19, 0.47, 0.27)
OFFSET = -5.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """Groups by their codes: texts about each, ratings by what is rated and by code (one row a profile), sizes."""

    codes: Sequence[str]
    texts: Sequence[Sequence[str]]
    ratings: Mapping[str, Mapping[str, Sequence[tuple[float, ...]]]]
    sizes: Sequence[int]


def likeness(groups: Described) -> NDArray[np.float32]:
    """A symmetric matrix of values from 0 to 1; a group is wholly like itself."""
    points = np.tensordot(np.array(WEIGHTS), signals(groups), axes=1) + OFFSET
    values = 1 / (1 + np.exp(-points))
    np.fill_diagonal(values, 1.0)
    return values.astype(np.float32)


def signals(groups: Described) -> Matrix:
    """One matrix a signal."""
    words = _words(groups.texts)
    topics = [cosine(strongest(words, count)) for count in _TOPICS]
    knowledge, skills = (_rated(groups.codes, groups.ratings.get(about, {})) for about in ("knowledge", "skills"))
    mixed = np.maximum(topics[1], 0) * 0.7 + np.maximum(knowledge, 0) * 0.3
    broad = np.array([code[0] for code in groups.codes])
    same = (broad[:, None] == broad).astype(float)
    size = np.log1p(np.array(groups.sizes, dtype=np.float64))
    large = size[:, None] + size
    level = np.array([int(code[1]) for code in groups.codes])
    apart = np.sqrt(np.abs(level[:, None] - level))
    return np.stack((*topics, knowledge, skills, _in_common(mixed), same, large, apart))


def _words(texts: Sequence[Sequence[str]]) -> Matrix:
    """The cosine of the words of each two groups."""
    read = [[word for text in group for word in tokens(text)] for group in texts]
    numbers = np.fromiter((key(word) for words in read for word in words), dtype=np.uint32)
    rows = np.repeat(np.arange(len(read), dtype=np.uint32), [len(words) for words in read])
    table = Postings.cosine(numbers, rows, len(texts))
    dense = table.dense()
    return (dense @ dense.T).astype(np.float64)


def _rated(codes: Sequence[str], profiles: Mapping[str, Sequence[tuple[float, ...]]]) -> Matrix:
    """The cosine of ratings against the average group; a group without profiles is average."""
    if not profiles:
        return np.zeros((len(codes), len(codes)))
    known = np.array([np.mean(profiles[code], axis=0) for code in codes if code in profiles])
    middle, spread = known.mean(axis=0), known.std(axis=0) + 1e-9
    blank = np.zeros(known.shape[1])
    rows = [(np.mean(profiles[code], axis=0) - middle) / spread if code in profiles else blank for code in codes]
    return cosine(np.array(rows))


def _in_common(near: Matrix) -> Matrix:
    """How far two groups have the same neighbours."""
    np.fill_diagonal(near, near.max())
    least = -np.sort(-near, axis=1)[:, min(_NEAREST, len(near)) - 1 :][:, :1]
    return cosine(np.where(near >= least, near, 0))
