"""Statements that insert several rows and tell of each of them: one way to the database, however many there are."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, TextClause, text

_KEPT = 64
"""The text is kept for so many numbers of rows; an intake takes 50 requests at most."""


class Rows:
    """`INSERT ... VALUES` with any number of rows, in their order, and what follows them."""

    def __init__(self, start: str, names: Sequence[str], end: str) -> None:
        """`names` are the values of a row, in the order of its columns; a value may stand in several."""
        self._start = start
        self._names = tuple(names)
        self._end = end
        self._for = lru_cache(_KEPT)(self._written)

    def execute(self, connection: Connection, rows: Sequence[Mapping[str, object]]) -> Sequence[Row[*tuple[Any, ...]]]:
        """What the database returns for these rows, at least one, in any order."""
        values = {f"{name}_{number}": value for number, row in enumerate(rows) for name, value in row.items()}
        return connection.execute(self._for(len(rows)), values).all()

    def _written(self, rows: int) -> TextClause:
        marks = (", ".join(f":{name}_{number}" for name in self._names) for number in range(rows))
        return text(f"{self._start} {', '.join(f'({row})' for row in marks)} {self._end}")
