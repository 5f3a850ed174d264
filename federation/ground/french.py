"""Refusals in French, by code: their classes word them in English, and tables beside the code in French.

`protocol`, this floor and each program keep a table of their own, `french.tsv`: `code`, `why`, `next`. Which language a
person reads is the program's to know.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources

from federation.ground.refusal import Explained

_SHARED = ("federation.ground", "protocol")


@cache
def french(*packages: str) -> Mapping[str, tuple[str, str]]:
    """Why and what next, by code: of these packages, and of what every program stands on."""
    found: dict[str, tuple[str, str]] = {}
    for package in (*packages, *_SHARED):
        table = resources.files(package).joinpath("french.tsv").read_text("utf-8")
        for code, why, what_next in csv.reader(table.splitlines()[1:], "excel-tab"):
            found.setdefault(code, (why, what_next))
    return found


def word(error: Explained, language: str, *packages: str) -> tuple[str, str]:
    """Why, and what to do next; where no table says it in this language, in the English of its class."""
    said = error.title, error.remedy
    return french(*packages).get(error.code, said) if language == "fr" else said
