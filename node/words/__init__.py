"""Every sentence a person reads, by code. Leaves which code to say to domain and services.

English and French lie in tables beside this module: `code`, `en`, `fr`, with `{name}` where a parameter goes. A refusal
has two lines: `error.<code>` says why and `error.<code>.next` says what to do. What is counted has `<code>.one` and
`<code>.many`, and `<code>.none` where nothing is said otherwise than as a number. Any other language is a gettext
catalogue (`more`), whose plurals are its own; what it leaves out is said in English.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from federation.ground.french import word
from federation.ground.refusal import Explained

if TYPE_CHECKING:
    from node.words.more import Catalogue

LANGUAGES = ("en", "fr")
_MORE: "dict[str, Catalogue]" = {}


class WordingError(Exception):
    """A table says one code twice, or leaves a language blank."""


@dataclass(frozen=True, slots=True)
class Words:
    """Says codes in one language."""

    language: str

    def __call__(self, code: str, **params: object) -> str:
        """The sentence for `code`. Raises: KeyError for a code no table holds."""
        english, french = catalogue()[code]
        if self.language in _MORE:
            return (_MORE[self.language].get(code) or english).format_map(params)
        return (french if self.language == "fr" else english).format_map(params)

    def count(self, code: str, count: int, **params: object) -> str:
        """The sentence for `code` about so many; it is filled with `count`, too. Raises: KeyError."""
        if count == 0 and f"{code}.none" in catalogue():
            return self(f"{code}.none", **params)
        if self.language in _MORE and (said := _MORE[self.language].count(code, count)):
            return said.format_map({"count": count, **params})
        # In French nothing is singular, too: zéro personne.
        one = count == 1 or (count == 0 and self.language == "fr")
        return self(f"{code}.one" if one else f"{code}.many", count=count, **params)

    @property
    def name(self) -> str:
        """What the language calls itself."""
        return _MORE[self.language].name if self.language in _MORE else self("page.language")

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, as HTML says it."""
        return _MORE[self.language].direction if self.language in _MORE else "ltr"

    def refusal(self, error: Explained) -> tuple[str, str]:
        """Why, and what to do next; what no table here words is said as every program says it."""
        if f"error.{error.code}" not in catalogue():
            return word(error, self.language)
        params = {name: self._worded(name, value) for name, value in error.params.items()}
        return self(f"error.{error.code}", **params), self(f"error.{error.code}.next", **params)

    def _worded(self, name: str, value: object) -> object:
        """What a refusal names: a code that has words of its own is said in them."""
        code = f"{name}.{value}"
        return self(code) if code in catalogue() else value


def languages() -> tuple[str, ...]:
    """Every language pages can be read in."""
    return (*LANGUAGES, *_MORE)


def add_language(more: "Catalogue") -> None:
    """Offer one more language from now on."""
    _MORE[more.language] = more


def forget_languages() -> None:
    """Offer English and French alone."""
    _MORE.clear()


@cache
def catalogue() -> Mapping[str, tuple[str, str]]:
    """Every code with its English and French sentence. Raises: WordingError."""
    found: dict[str, tuple[str, str]] = {}
    for file in sorted(resources.files(__name__).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".tsv"):
            for code, english, french in csv.reader(file.read_text("utf-8").splitlines()[1:], "excel-tab"):
                if code in found or not english or not french:
                    raise WordingError(code)
                found[code] = english, _bound(french)
    return found


def _bound(french: str) -> str:
    """A sentence whose colons and guillemets never stand alone at the end or the beginning of a line."""
    return (
        french.replace(" :", "\N{NO-BREAK SPACE}:")
        .replace("« ", "«\N{NO-BREAK SPACE}")
        .replace(" »", "\N{NO-BREAK SPACE}»")
    )
