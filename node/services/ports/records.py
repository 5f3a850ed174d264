"""Everything that is kept of one person, row by row, so that an answer to her leaves nothing out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from node.domain.person import PersonId


@dataclass(frozen=True, slots=True)
class Record:
    """One row that points at a person: the table, and its clear values; sealed ones are read by their own shelves."""

    table: str
    values: Mapping[str, str]


class Records(Protocol):
    """Rows of every table that points at people."""

    def of(self, person: PersonId) -> tuple[Record, ...]:
        """Her rows, by table; other people in them are not told."""
        ...
