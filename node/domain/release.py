"""What this program drew and published: the stored draws and releases that its privacy officer reads."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

from node.domain.budget import Charge, Quarter
from node.domain.counts import Cells
from node.domain.person import PersonId

ReleaseId = NewType("ReleaseId", str)

EVERY = timedelta(days=7)
_SPREAD = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """The noisy counts of one quarter, kept as they were drawn; without `numbers`, a quarter that counts as drawn."""

    quarter: Quarter
    at: datetime
    epsilon_milli: int
    numbers: tuple[int, ...]

    @property
    def charge(self) -> Charge:
        """What it cost."""
        return Charge(quarter=self.quarter, epsilon_milli=self.epsilon_milli)

    @property
    def cells(self) -> Cells:
        """What may be published of it."""
        return Cells(quarter=self.quarter, epsilon_milli=self.epsilon_milli, numbers=self.numbers)

    @property
    def digest(self) -> str:
        """The hash of it, as the ledger holds it: it was there before anything of it was published."""
        return hashlib.sha256(self.content.encode()).hexdigest()

    @property
    def content(self) -> str:
        """What the ledger witnesses."""
        numbers = " ".join(map(str, self.numbers))
        return f"{self.quarter} {self.at.isoformat()} {self.epsilon_milli} {numbers}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One published summary: its digest, what it was declared to be, and which of our mentors it listed.

    `people` forgets who was erased since; `listed` is how many there were. `quarter` is that of the counts it carried.
    """

    id: ReleaseId
    at: datetime
    digest: str
    size: str
    listed: int
    people: tuple[tuple[PersonId, str], ...]
    receivers: int
    quarter: Quarter | None = None

    @property
    def next_at(self) -> datetime:
        """When the next one is due: a week later, up to half a day earlier, so that the hour tells nothing."""
        return self.at + EVERY - _SPREAD * (int(self.digest[:4], 16) / 0x10000)

    @property
    def content(self) -> str:
        """What the ledger witnesses."""
        said = (self.at.isoformat(), self.digest, self.size, self.listed, self.receivers, self.quarter or "-")
        return " ".join(map(str, said))
