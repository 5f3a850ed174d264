"""What of people lies in the clear in a program's database: the columns from the tables themselves, the risk said here.

A table that is about people and has no sentence, or a sentence without a table, stops `make docs` and the test.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import LargeBinary, Table

from node.adapters.sql import tables
from tests.architecture.tree import read

PAGE = Path("docs/privacy/in-the-clear.md")
_SENTENCES = Path("tests/architecture/clear.tsv")
_PEOPLE = frozenset({"people", "applications", "unlike"})
_POINTING = frozenset({"person", "mentor", "mentee"})
_NOTHING = frozenset({"id", "version"})


class UnsaidError(Exception):
    """Tables about people and sentences about tables differ."""


def page() -> str:
    """The page. Raises: UnsaidError."""
    return "<!-- Written by `make docs` from the tables of the database. -->\n\n" + "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    rows = {row["table"]: row for row in csv.DictReader(read(_SENTENCES).splitlines(), delimiter="\t")}
    found = {table.name: table for table in tables.people.metadata.sorted_tables if _is_about_people(table)}
    if found.keys() != rows.keys():
        raise UnsaidError(sorted(found.keys() ^ rows.keys()))
    yield "# What lies in the clear in a program's database\n"
    yield "Whoever steals the database reads the columns in the clear and no others. No name, address, number,"
    yield "birth date, note or answer is among them; a person is a random number there. Locked: sealed under a key"
    yield "of hers or the program's, or a keyed hash or random bytes that tell nothing.\n"
    yield "| table | about | in the clear | locked | risk |"
    yield "| --- | --- | --- | --- | --- |"
    for name, row in rows.items():
        columns = [column for column in found[name].columns if column.name not in _NOTHING]
        locked = [column.name for column in columns if isinstance(column.type, LargeBinary)]
        clear = [column.name for column in columns if column.name not in locked]
        yield f"| `{name}` | {row['about']} | {_named(clear)} | {_named(locked)} | {row['risk']} |"
    yield "\nBesides, without a person: the program and its communities, staff by role with their sign-ins,"
    yield "settings, forms, keyed tombstones, what was published here and elsewhere, and sealed letters under way."
    yield "Who of the staff did what names people by their random number until its clock ends it"
    yield "([how long](retention.md))."


def _is_about_people(table: Table) -> bool:
    return table.name in _PEOPLE or any(column.name in _POINTING for column in table.columns)


def _named(columns: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in columns) or "-"
