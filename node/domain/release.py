"""What this program published: the stored releases that its privacy officer reads."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

from node.domain.person import PersonId

ReleaseId = NewType("ReleaseId", str)

EVERY = timedelta(days=7)
_SPREAD = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One published summary: its digest, what it was declared to be, and which of our mentors it listed.

    `people` forgets who was erased since; `listed` is how many there were.
    """

    id: ReleaseId
    at: datetime
    digest: str
    size: str
    listed: int
    people: tuple[tuple[PersonId, str], ...]
    receivers: int

    @property
    def next_at(self) -> datetime:
        """When the next one is due: a week later, up to half a day earlier, so that the hour tells nothing."""
        return self.at + EVERY - _SPREAD * (int(self.digest[:4], 16) / 0x10000)
