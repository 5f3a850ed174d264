"""Titles as newcomers and employers write them, with the groups that are right: a guard over the search as a whole.

Written for this test, over groups that the rows the weights come from know nothing of. Both languages, without accents,
in the feminine, shortened, mixed, misspelt; where a title may mean several groups, each of them counts.
"""

import csv
import random
from pathlib import Path

import pytest

from node.adapters.occupations.table import OccupationTable
from node.adapters.occupations.text import spell

_FILE = Path(__file__).with_name("typed.tsv")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHORT = 6

Row = tuple[str, frozenset[str]]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return [(row["typed"], frozenset(row["codes"].split())) for row in csv.DictReader(file, dialect="excel-tab")]


@pytest.fixture(scope="module")
def table() -> OccupationTable:
    return OccupationTable()


def found(table: OccupationTable, rows: list[Row]) -> tuple[float, float]:
    """The share of titles whose group comes first, and is among the first five."""
    ranks = []
    for typed, codes in rows:
        groups = [group.code for group, _ in table.search(typed, 5)]
        ranks.append(next((rank for rank, code in enumerate(groups) if code in codes), 5))
    return ranks.count(0) / len(rows), sum(rank < 5 for rank in ranks) / len(rows)


def misspelt(title: str, chance: random.Random) -> str:
    """With a letter left out, two letters in the wrong order, or one too many."""
    at = chance.randrange(1, len(title) - 1)
    letter, following = title[at], title[at + 1]
    wrong = chance.choice(("", following + letter, letter + chance.choice(_LETTERS)))
    return title[:at] + wrong + title[at + (2 if len(wrong) > 1 and wrong[0] == following else 1) :]


def test_every_title_names_groups_of_the_table(table: OccupationTable, rows: list[Row]) -> None:
    assert len(rows) > 500
    assert len({code for _, codes in rows for code in codes}) > 300
    assert all(table.resolve(code) is not None for _, codes in rows for code in codes)


def test_titles_are_found(table: OccupationTable, rows: list[Row]) -> None:
    first, among = found(table, rows)
    assert first >= 0.95
    assert among >= 0.98


def test_titles_are_found_as_well_without_accents_and_in_capitals(table: OccupationTable, rows: list[Row]) -> None:
    assert found(table, [(spell(typed).upper(), codes) for typed, codes in rows]) == found(table, rows)


def test_titles_with_an_error_of_typing_are_found(table: OccupationTable, rows: list[Row]) -> None:
    chance = random.Random(3)
    wrong = [(misspelt(typed, chance), codes) for typed, codes in rows if len(typed) >= _SHORT]
    first, among = found(table, wrong)
    assert first >= 0.8
    assert among >= 0.95


def test_titles_whose_words_stand_the_other_way_round_are_found(table: OccupationTable, rows: list[Row]) -> None:
    turned = [(" ".join(reversed(typed.split())), codes) for typed, codes in rows]
    first, among = found(table, turned)
    assert first >= 0.92
    assert among >= 0.97
