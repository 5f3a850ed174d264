"""Every sentence a person reads, in English and French, by code. Leaves which code to say to domain and services.

The tables lie beside this module: `code`, `en`, `fr`, with `{name}` where a parameter goes. A refusal has two lines:
`error.<code>` says why and `error.<code>.next` says what to do.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from federation.ground.refusal import Explained

LANGUAGES = ("en", "fr")


class WordingError(Exception):
    """A table says one code twice, or leaves a language blank."""


@dataclass(frozen=True, slots=True)
class Words:
    """Says codes in one language."""

    language: str

    def __call__(self, code: str, **params: object) -> str:
        """The sentence for `code`. Raises: KeyError for a code no table holds."""
        return catalogue()[code][LANGUAGES.index(self.language)].format_map(params)

    def refusal(self, error: Explained) -> tuple[str, str]:
        """Why, and what to do next; a peer's broken rule that no table words is said in its own English."""
        if f"error.{error.code}" not in catalogue():
            return error.title, error.remedy
        params = dict(error.params)
        return self(f"error.{error.code}", **params), self(f"error.{error.code}.next", **params)


@cache
def catalogue() -> Mapping[str, tuple[str, str]]:
    """Every code with its English and French sentence. Raises: WordingError."""
    found: dict[str, tuple[str, str]] = {}
    for file in sorted(resources.files(__name__).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".tsv"):
            for code, english, french in csv.reader(file.read_text("utf-8").splitlines()[1:], "excel-tab"):
                if code in found or not english or not french:
                    raise WordingError(code)
                found[code] = english, french
    return found
