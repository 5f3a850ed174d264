"""The index behind the search of occupations: several signals a unit group, combined by a few weights.

No signal alone is good enough: pieces of words forgive typing errors, rare words decide between near titles and say how
much of a question a group knows at all, the groups above lend their words to the groups below, the noun that names the
kind of work tells the field, topics let unlike words of one trade meet, and large occupations are meant more often. The
weights are those of a conditional logit over development titles that were held out by code; the answer's score is its
probability.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from node.adapters.occupations.postings import Postings, Scores
from node.adapters.occupations.text import ends, joined, key, pieces, tokens
from node.adapters.occupations.topics import Topics

Arrays = dict[str, NDArray[np.generic]]

_MINOR, _SUB_MAJOR = 4, 3
_TOPICS = 50
_SIGNALS = (
    "title_pieces",
    "title_words",
    "group_pieces",
    "known",
    "own_pieces",
    "minor",
    "work",
    "heads",
    "topics",
    "size",
)
WEIGHTS = (1.7, 2.06, 4.53, 1.81, 2.82, 0.55, 0.82, 0.07, 1.46, 0.05)


class Title(NamedTuple):
    """A title, the place of its group, and whether it is one of the few that were chosen to name the group best."""

    owner: int
    text: str
    french: bool
    ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What an index is built from: titles with the place of their group, work a group, size a group."""

    codes: Sequence[str]
    titles: Sequence["Title"]
    work: Sequence[tuple[int, str]]
    sizes: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchIndex:
    """All postings; rows are titles, unit groups, minor groups or sub-major groups."""

    firsts: NDArray[np.int64]
    ours: NDArray[np.bool_]
    minors: NDArray[np.int64]
    sub_majors: NDArray[np.int64]
    sizes: Scores
    title_pieces: Postings
    title_words: Postings
    group_pieces: Postings
    known: Postings
    minor: Postings
    work: Postings
    heads: Postings
    topics: Topics

    @classmethod
    def build(cls, material: Material) -> Self:
        """Index titles and work; every unit group has a title."""
        titles = sorted(material.titles)
        read = [tokens(title.text) for title in titles]
        groups = np.array([title.owner for title in titles], dtype=np.uint32)
        ours = np.array([title.ours for title in titles])
        numbers, owners = pieces(read)
        words, word_owners = _words(read)
        work, work_owners = _words([tokens(text) for _, text in material.work])
        work_owners = np.array([owner for owner, _ in material.work], dtype=np.uint32)[work_owners]
        all_words, all_owners = np.append(words, work), np.append(groups[word_owners], work_owners)
        heads = [(_head(title, kept), title.owner) for title, kept in zip(titles, read, strict=True)]
        named = np.array(heads, dtype=np.uint32)
        every = Postings.cosine(all_words, all_owners.astype(np.uint32), len(material.codes))
        minors, sub_majors = _parents(material.codes, _MINOR), _parents(material.codes, _SUB_MAJOR)
        size = len(material.codes)
        return cls(
            firsts=np.searchsorted(groups, np.arange(size)),
            ours=ours,
            minors=minors,
            sub_majors=sub_majors,
            sizes=np.array(material.sizes, dtype=np.float32),
            title_pieces=Postings.cosine(numbers, owners, len(titles)),
            title_words=Postings.cosine(words, word_owners, len(titles)),
            group_pieces=Postings.cosine(numbers[ours[owners]], groups[owners[ours[owners]]], size),
            known=Postings.held(words, groups[word_owners], size),
            minor=Postings.bm25(all_words, minors[all_owners].astype(np.uint32), int(minors.max()) + 1),
            work=Postings.bm25(work, work_owners, size),
            heads=Postings.lift(named[:, 0], sub_majors[named[:, 1]].astype(np.uint32), int(sub_majors.max()) + 1),
            topics=Topics.build(every, _TOPICS),
        )

    def signals(self, text: str) -> NDArray[np.float32]:
        """What each signal says of each unit group, one row a signal; empty where nothing was recognised."""
        plain = tokens(text)
        words = [*plain, *(word for word in joined(text) if word not in plain and self.known.holds(key(word)))]
        numbers, _ = pieces([words])
        counted = Counter(map(int, numbers))
        named = Counter(key(word) for word in words)
        best = self.title_pieces.alike(counted)
        if not best.any():
            return np.empty((0, len(self.sizes)), dtype=np.float32)
        return np.stack(
            (
                np.maximum.reduceat(best, self.firsts),
                np.maximum.reduceat(self.title_words.alike(named), self.firsts),
                self.group_pieces.alike(counted),
                self.known.sum(named),
                np.maximum.reduceat(np.where(self.ours, best, 0), self.firsts),
                self.minor.sum(named)[self.minors],
                self.work.sum(named),
                self.heads.column(map(key, ends(text, plain)))[self.sub_majors],
                self.topics.alike(map(key, words)),
                self.sizes,
            )
        )

    def search(self, text: str) -> NDArray[np.float64]:
        """How probably each unit group is meant; all zero where nothing was recognised."""
        signals = self.signals(text)
        if not len(signals):
            return np.zeros(len(self.sizes))
        points = np.array(WEIGHTS) @ signals
        odds: NDArray[np.float64] = np.exp(points - points.max())
        return odds / float(odds.sum())

    def arrays(self) -> Arrays:
        """Everything, flat, for a file."""
        flat: Arrays = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Postings | Topics):
                flat |= {f"{field.name}.{part.name}": np.asarray(getattr(value, part.name)) for part in fields(value)}
            else:
                flat[field.name] = value
        return flat

    @classmethod
    def of(cls, flat: Arrays) -> Self:
        """The index of such a file. Raises: KeyError."""
        values: dict[str, object] = {}
        for field in fields(cls):
            if field.name in flat:
                values[field.name] = flat[field.name]
            else:
                values[field.name] = _read(flat, field.name)
        return cls(**values)  # type: ignore[arg-type]


def _read(flat: Arrays, name: str) -> Postings | Topics:
    if f"{name}.size" not in flat:
        return Topics(**{part.name: flat[f"{name}.{part.name}"] for part in fields(Topics)})  # type: ignore[arg-type]
    parts = {part.name: flat[f"{name}.{part.name}"] for part in fields(Postings)}
    return Postings(**{**parts, "size": int(parts["size"])})  # type: ignore[arg-type]


def _head(title: Title, words: Sequence[str]) -> int:
    """The word that names the kind of work: the last in English, the first in French."""
    found = ends(title.text, words) or ("",)
    return key(found[-1 if title.french else 0])


def _words(read: list[list[str]]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    numbers = np.fromiter((key(word) for words in read for word in words), dtype=np.uint32)
    return numbers, np.repeat(np.arange(len(read), dtype=np.uint32), [len(words) for words in read])


def _parents(codes: Iterable[str], digits: int) -> NDArray[np.int64]:
    return np.unique([code[:digits] for code in codes], return_inverse=True)[1]
