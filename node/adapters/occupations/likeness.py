"""How alike unit groups are: topics behind their words, ratings, neighbours in common, size.

Large groups hold more kinds of jobs and so have more relatives.

The weights are those of a logistic regression over development groups held out in turn; the offset only makes
the values readable: near relatives above a half, strangers near nothing.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from node.adapters.occupations.postings import Postings
from node.adapters.occupations.text import key, tokens

Matrix = NDArray[np.float64]

_TOPICS = (40, 100)
_NEAREST = 80
WEIGHTS = (4.21, 1.79, 1.1, 0.37, 1.79, 0.18, 0.54)
OFFSET = -5.95


def likeness(
    codes: Sequence[str],
    texts: Sequence[Sequence[str]],
    ratings: Mapping[str, Mapping[str, Sequence[tuple[float, ...]]]],
    sizes: Sequence[int],
) -> NDArray[np.float32]:
    """A symmetric matrix of values from 0 to 1; a group is wholly like itself."""
    points = np.tensordot(np.array(WEIGHTS), signals(codes, texts, ratings, sizes), axes=1) + OFFSET
    values = 1 / (1 + np.exp(-points))
    np.fill_diagonal(values, 1.0)
    return values.astype(np.float32)


def signals(
    codes: Sequence[str],
    texts: Sequence[Sequence[str]],
    ratings: Mapping[str, Mapping[str, Sequence[tuple[float, ...]]]],
    sizes: Sequence[int],
) -> Matrix:
    """One matrix a signal."""
    words = _words(texts)
    topics = [_topics(words, count) for count in _TOPICS]
    knowledge, skills = (_rated(codes, ratings.get(about, {})) for about in ("knowledge", "skills"))
    mixed = np.maximum(topics[1], 0) * 0.7 + np.maximum(knowledge, 0) * 0.3
    broad = np.array([code[0] for code in codes])
    same = (broad[:, None] == broad).astype(float)
    size = np.log1p(np.array(sizes, dtype=np.float64))
    large = size[:, None] + size
    return np.stack((*topics, knowledge, skills, _in_common(mixed), same, large))


def _words(texts: Sequence[Sequence[str]]) -> Matrix:
    """The cosine of the words of each two groups."""
    read = [[word for text in group for word in tokens(text)] for group in texts]
    numbers = np.fromiter((key(word) for words in read for word in words), dtype=np.uint32)
    rows = np.repeat(np.arange(len(read), dtype=np.uint32), [len(words) for words in read])
    table = Postings.cosine(numbers, rows, len(texts))
    dense = np.zeros((len(texts), len(table.keys)), dtype=np.float32)
    dense[table.rows, np.repeat(np.arange(len(table.keys)), np.diff(table.starts))] = table.weights
    return (dense @ dense.T).astype(np.float64)


def _topics(words: Matrix, count: int) -> Matrix:
    """The cosine in the space of the strongest topics (latent semantic analysis, from the cosines alone)."""
    values, vectors = np.linalg.eigh(words)
    place = vectors[:, -count:] * np.sqrt(np.maximum(values[-count:], 0))
    return _cosine(place)


def _rated(codes: Sequence[str], profiles: Mapping[str, Sequence[tuple[float, ...]]]) -> Matrix:
    """The cosine of ratings against the average group; a group without profiles is average."""
    if not profiles:
        return np.zeros((len(codes), len(codes)))
    known = np.array([np.mean(profiles[code], axis=0) for code in codes if code in profiles])
    middle, spread = known.mean(axis=0), known.std(axis=0) + 1e-9
    blank = np.zeros(known.shape[1])
    rows = [(np.mean(profiles[code], axis=0) - middle) / spread if code in profiles else blank for code in codes]
    return _cosine(np.array(rows))


def _in_common(near: Matrix) -> Matrix:
    """How far two groups have the same neighbours."""
    np.fill_diagonal(near, near.max())
    least = -np.sort(-near, axis=1)[:, min(_NEAREST, len(near)) - 1 :][:, :1]
    return _cosine(np.where(near >= least, near, 0))


def _cosine(rows: Matrix) -> Matrix:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    even = rows / np.maximum(lengths, 1e-9)
    return np.asarray(even @ even.T)
