"""A mentor's seats: how many there are, how many are promised, how many are taken."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from node.domain.person import PersonId

SeatId = NewType("SeatId", str)


class SeatState(StrEnum):
    """What a claimed seat is used for."""

    HELD = "held"
    USED = "used"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatClaim:
    """One seat of one mentor, held until a moment for somebody or in use by them.

    `claimant` is the id of the thread or mentorship that has it.
    """

    id: SeatId
    mentor: PersonId
    claimant: str
    state: SeatState
    held_until: datetime | None = None
    version: int = 1

    def counts(self, at: datetime) -> bool:
        """Whether this claim still takes a seat at the moment `at`."""
        return self.state is SeatState.USED or (self.held_until is not None and at < self.held_until)


@dataclass(frozen=True, slots=True)
class Seats:
    """Seats of one mentor: all, promised, taken."""

    total: int
    held: int
    used: int

    @property
    def free(self) -> int:
        """Seats that can still be promised."""
        return max(0, self.total - self.held - self.used)
