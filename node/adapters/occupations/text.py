"""What is typed, as features: words in one spelling, one number and one gender, and pieces of words for typing errors.

The same reading serves titles that are indexed and what a person types. Leaves weighing to `postings`.
"""

import csv
import re
import unicodedata
import zlib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint32]

_WORD = re.compile(r"[^\W_]+(?:\+\+|#)?")
_QUALIFIED = re.compile(r"\(| - |[,;:]| (?:of|in|for|de|du|des|en|au|aux|d'|a) ")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_PERSON = re.compile(r"(?<=[a-z]{4})(?:wom[ae]n|m[ae]n|persons?|people)$")
_NATIONS = frozenset({"german", "human", "ottoman", "caiman"})
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "a an the of and or in for to with on at by from as de la le les des du d l et ou en au aux pour dans sur "
        "par un une est sont except sauf other autr autre related occupation nec",
    )
)
_SHORTEST, _LONGEST = 3, 5
_ENDINGS = (
    ("trice", "teur"), ("euse", "eur"), ("iere", "ier"), ("enne", "en"), ("elle", "el"), ("ive", "if"), ("aux", "al"),
    ("ee", "e"), ("e", ""),
)  # fmt: skip
_MEANT = 2
_MIX = 2654435761


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Abbreviations and other spellings, and the words that are meant."""
    text = resources.files("node.adapters.occupations").joinpath("synonyms.tsv").read_text("utf-8")
    return {
        row["typed"]: tuple(spell(row["meant"]).split())
        for row in csv.DictReader(text.splitlines(), dialect="excel-tab")
    }


@cache
def _readings(word: str) -> tuple[str, ...]:
    meant = synonyms().get(word, (word,))
    return tuple(stem for stem in map(_stem, meant) if stem not in _EMPTY)


def _stem(word: str) -> str:
    """One form for singular and plural, for women and men, in both languages."""
    if word not in _NATIONS:
        word = _PERSON.sub("", word)
    word = _singular(word)
    if len(word) > _LONGEST - 1:
        for ending, other in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) > _MEANT:
                return word.removesuffix(ending) + other
    return word


def _singular(word: str) -> str:
    if len(word) > _LONGEST - 1:
        if word.endswith("ies"):
            return word[:-3] + "y"
        if word.endswith(("sses", "shes", "ches", "xes")):
            return word[:-2]
    return word[:-1] if len(word) > _SHORTEST and word.endswith("s") and not word.endswith("ss") else word


def spell(text: str) -> str:
    """Lower case without accents, what is written in two ways written in one."""
    if not text.isascii():
        whole = text.replace("\N{LATIN SMALL LIGATURE OE}", "oe").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        text = _NOT_ASCII.sub("", unicodedata.normalize("NFKD", whole.replace("\N{EN DASH}", "-")))
    return text.lower().replace("p.eng", "peng")


def tokens(text: str) -> list[str]:
    """The words that carry meaning, stemmed, abbreviations written out."""
    return [reading for word in _WORD.findall(spell(text)) for reading in _readings(word)]


def joined(text: str) -> list[str]:
    """Each two words that stand side by side written as one, stemmed: "life guard" may mean lifeguard."""
    words = _WORD.findall(spell(text))
    return [_stem(one + other) for one, other in pairwise(words) if min(len(one), len(other)) >= _SHORTEST]


def ends(text: str, words: Sequence[str]) -> tuple[str, ...]:
    """The last and the first word of a title without what qualifies it ("Cooks - hospital"); `words` are its tokens."""
    plain, *qualified = _QUALIFIED.split(spell(text), maxsplit=1)
    kept = tokens(plain) if qualified else words
    return (kept[-1], kept[0]) if kept else ()


@cache
def key(word: str) -> int:
    """The number of a word."""
    return zlib.crc32(word.encode())


def pieces(words: list[list[str]]) -> tuple[Keys, NDArray[np.uint32]]:
    """Every run of three to five letters inside the words of many texts: its number, and the number of its text.

    One pass over all letters at once; a run may begin or end with the border of a word but never cross it.
    """
    lines = [" " + " ".join(text) + " " for text in words]
    letters = np.frombuffer("".join(lines).encode("ascii", "replace"), dtype=np.uint8)
    owner = np.repeat(np.arange(len(lines), dtype=np.uint32), [len(line) for line in lines])
    borders = letters == ord(" ")
    found: list[Keys] = []
    owners: list[NDArray[np.uint32]] = []
    for size in range(_SHORTEST, _LONGEST + 1):
        count = len(letters) - size + 1
        if count <= 0:
            continue
        number = np.full(count, size, dtype=np.uint32)
        crossing = np.zeros(count, dtype=np.bool_)
        for offset in range(size):
            number = number * np.uint32(16777619) ^ letters[offset : offset + count]
            if 0 < offset < size - 1:
                crossing |= borders[offset : offset + count]
        whole = ~crossing & ~(borders[:count] & borders[size - 1 :])
        found.append(number[whole] * np.uint32(_MIX))
        owners.append(owner[:count][whole])
    return np.concatenate(found or [np.empty(0, np.uint32)]), np.concatenate(owners or [np.empty(0, np.uint32)])
