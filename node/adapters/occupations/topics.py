"""What words are about: groups and words in one space of a few topics, so that unlike words of one trade meet.

Latent semantic analysis (Deerwester and others 1990) over the words of all unit groups. What the strongest topics have
in common says more of a trade than any one word.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from node.adapters.occupations.postings import Keys, Postings, Scores, find

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """Where each word and each group lies; the places of groups have length one."""

    keys: Keys
    words: NDArray[np.float16]
    groups: NDArray[np.float32]

    @classmethod
    def build(cls, table: Postings, count: int) -> Self:
        """The space of the `count` strongest topics of groups that `table` holds by cosine."""
        dense = table.dense()
        places = strongest((dense @ dense.T).astype(np.float64), count)
        strengths = np.maximum((places * places).sum(axis=0), 1e-9)
        words = (dense.T @ places.astype(np.float32)) / strengths.astype(np.float32) * table.rarity[:, None]
        return cls(keys=table.keys, words=words.astype(np.float16), groups=_even(places).astype(np.float32))

    def alike(self, asked: Iterable[int]) -> Scores:
        """The cosine of every group with a text of these words, in topics; unknown words do not count."""
        places, _ = find(self.keys, np.fromiter(asked, dtype=np.uint32))
        meant = self.words[places].astype(np.float32).sum(axis=0)
        return np.asarray(self.groups @ (meant / max(float(np.linalg.norm(meant)), 1e-9)), dtype=np.float32)


def strongest(cosines: Matrix, count: int) -> Matrix:
    """Where each text lies in the space of the strongest topics, from the cosines alone."""
    values, vectors = np.linalg.eigh(cosines)
    return np.asarray(vectors[:, -count:] * np.sqrt(np.maximum(values[-count:], 0)))


def cosine(rows: Matrix) -> Matrix:
    """The cosine of each two rows."""
    even = _even(rows)
    return np.asarray(even @ even.T)


def _even(rows: Matrix) -> Matrix:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))
