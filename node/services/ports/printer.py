"""Pages for people who want paper, or a file that looks like it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Printer(Protocol):
    """Makes PDF files."""

    def table(self, title: str, header: Sequence[str], rows: Sequence[Sequence[str]], at: datetime) -> bytes:
        """A table under a title; the same bytes for the same content and moment."""
        ...
