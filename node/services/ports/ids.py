"""New ids, time-ordered (UUIDv7)."""

from typing import Protocol


class Ids(Protocol):
    """Makes ids that nobody else makes."""

    def new(self) -> str:
        """A new id."""
        ...
