"""The shelves of what was drawn, agreed to and witnessed, and where chance comes from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from node.domain.audit import Act
from node.domain.ledger import LedgerEntry
from node.domain.person import PersonId
from node.domain.policy import Agreement
from node.domain.release import Draw
from node.domain.visibility import VisibilityChange


class Randomness(Protocol):
    """Where chance comes from."""

    def __call__(self, size: int, /) -> bytes:
        """So many bytes that nobody can foretell."""
        ...


class Draws(Protocol):
    """What was drawn, or counts as drawn."""

    def add(self, draw: Draw) -> None:
        """Keep a draw for good; a quarter is drawn once."""
        ...

    def all(self) -> tuple[Draw, ...]:
        """Every draw, newest first."""
        ...


class Policies(Protocol):
    """Yeses to what is published."""

    def add(self, agreement: Agreement) -> None:
        """Remember a yes."""
        ...

    def all(self) -> tuple[Agreement, ...]:
        """Every yes, oldest first."""
        ...


class Visibilities(Protocol):
    """The history of how far mentors may be seen."""

    def add(self, changes: Sequence[VisibilityChange]) -> tuple[str, ...]:
        """Keep changes; returns the salted hashes under which they may be witnessed."""
        ...

    def of(self, person: PersonId) -> tuple[VisibilityChange, ...]:
        """The history of one mentor, oldest first."""
        ...

    def witnessed(self) -> frozenset[str]:
        """The hashes of every change that is still kept."""
        ...


class Ledger(Protocol):
    """The chained ledger, added to and never edited."""

    def last(self) -> LedgerEntry | None:
        """The newest entry; until the work ends nobody else adds one."""
        ...

    def add(self, entries: Sequence[LedgerEntry]) -> None:
        """Write the next entries."""
        ...

    def newest(self) -> LedgerEntry | None:
        """The newest entry, for reading."""
        ...

    def times(self, since: datetime, until: datetime) -> Mapping[Act, int]:
        """How often each act was done from a moment on, before another."""
        ...

    def all(self) -> tuple[LedgerEntry, ...]:
        """Every entry, oldest first."""
        ...
