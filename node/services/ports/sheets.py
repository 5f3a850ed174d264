"""Spreadsheets as rows of text, in and out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class SheetFormat(StrEnum):
    """The two kinds of file everybody can open."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Row:
    """One row as a person sees it: its number from 1, and the text of every cell."""

    number: int
    cells: tuple[str, ...]


class Sheets(Protocol):
    """Reads and writes spreadsheets."""

    def read(self, content: bytes, most: int) -> tuple[Row, ...]:
        """Rows that are not blank. Raises: UnreadableFileError, SheetTooLargeError, MacrosError, TooManyRowsError."""
        ...

    def write(self, header: Sequence[str], rows: Iterable[Sequence[str]], kind: SheetFormat) -> bytes:
        """A file in which no cell can run as a formula."""
        ...
