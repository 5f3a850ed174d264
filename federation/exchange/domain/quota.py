"""How much a member may send and how much may wait for one; what is counted is stored by others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from federation.exchange.domain.errors import QuotaError

if TYPE_CHECKING:
    from protocol.roster import Quotas

AVERAGE_BYTES = 16_384  # a member may not send its whole count of messages in the largest size
LARGEST = 65_536
UPLOADS_A_DAY = 500
MAILBOX_RETRY = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What one request adds to the counts of a day."""

    messages: int = 0
    bytes: int = 0
    first_contacts: int = 0
    uploads: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyLimits:
    """What the counts of one day may reach."""

    messages: int
    bytes: int
    first_contacts: int
    uploads: int = UPLOADS_A_DAY

    @classmethod
    def of(cls, quotas: Quotas) -> Self:
        """The limits that a member's quotas in the roster make."""
        return cls(
            messages=quotas.messages,
            bytes=max(quotas.messages * AVERAGE_BYTES, LARGEST),
            first_contacts=quotas.first_contacts,
        )

    def check(self, spent: Spending, now: datetime) -> None:
        """Refuse counts beyond the limits until the day ends. Raises: QuotaError."""
        for name in ("messages", "bytes", "first_contacts", "uploads"):
            if getattr(spent, name) > getattr(self, name):
                raise QuotaError(count=name, limit=getattr(self, name), retry_after=seconds_left(now))


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxLimits:
    """How much may wait, not yet acknowledged, for one member."""

    items: int
    bytes: int


def day_of(now: datetime) -> str:
    """The day, in UTC, whose counts `now` belongs to."""
    return now.astimezone(UTC).date().isoformat()


def seconds_left(now: datetime) -> int:
    """Whole seconds until the counts start anew."""
    start = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return int((start + timedelta(days=1) - now).total_seconds()) + 1
