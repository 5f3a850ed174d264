"""The need board's calendar and budgets. A batch opens when the one before it is released.

The board sees pseudonyms that change every quarter, never a member.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protocol.ids import Digest
    from protocol.keys import OpeningKey, SigningKey

WEEK = 604_800
RELEASE_HOUR = 18
OPEN_BATCHES = 6
KEPT_BATCHES = 200
SAME_CODE = 2
ALIKE = 25
"""A code may come once a quarter for every so many cards a program may have open, if that is more often."""
LINKED = timedelta(days=184)
"""How long the board can tell that cards came under one pseudonym: the quarter that it counts, and as long again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardKeyring:
    """The board's two keys."""

    sign: SigningKey
    seal: OpeningKey


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBatch:
    """The batch that collects uploads; `number` counts all batches there ever were."""

    batch: str
    number: int
    opened_at: datetime

    def closes_at(self, interval: int) -> datetime:
        """When it is released: Monday 18:00 UTC for a week, else `interval` seconds after it opened."""
        if interval != WEEK:
            return self.opened_at + timedelta(seconds=interval)
        return _week_start(self.opened_at) + timedelta(weeks=1)

    def following(self, now: datetime) -> OpenBatch:
        """The batch that opens when this one is released at `now`."""
        week = _week(now)
        same_week = self.batch.partition(".")[0] == week
        name = f"{week}.{int(self.batch.partition('.')[2] or 0) + 1}" if same_week else week
        return OpenBatch(batch=name, number=self.number + 1, opened_at=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedCard:
    """A card under its poster's pseudonym of the quarter."""

    card_id: Digest
    pseudonym: str
    code: str
    close: Digest
    card: bytes
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What the relay hands to the board: no origin, only a pseudonym and how many cards it may have open."""

    batch: str
    upload: str
    sealed: bytes
    pseudonym: str
    budget: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """Which batch collects, when it is released, and the newest that were, newest first."""

    open: str
    closes_at: datetime
    released: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What `pseudonym` has on the board in this quarter."""

    open_cards: int
    codes: int
    same_code: int


def within_budget(posted: Posted, budget: int) -> bool:
    """Whether one more card is shown: as many open as mentees wait, one change of code, a code as often as is usual."""
    fresh_code = 1 if posted.same_code == 0 else 0
    usual = max(SAME_CODE, budget // ALIKE)
    return posted.open_cards < budget and posted.same_code < usual and posted.codes + fresh_code <= budget + 1


def linked_batches(interval: int) -> int:
    """For how many batches cards and codes are kept; while a card is open it always is."""
    return max(OPEN_BATCHES, ceil(LINKED / timedelta(seconds=interval)))


def first_batch(now: datetime) -> OpenBatch:
    """The batch a new board opens with."""
    return OpenBatch(batch=_week(now), number=1, opened_at=now)


def quarter_of(now: datetime) -> str:
    """The calendar quarter, as attestations name it."""
    moment = now.astimezone(UTC)
    return f"{moment.year:04}-Q{(moment.month + 2) // 3}"


def quarter_before(now: datetime) -> str:
    """The quarter before that of `now`."""
    moment = now.astimezone(UTC)
    return quarter_of(datetime(moment.year, 3 * ((moment.month - 1) // 3) + 1, 1, tzinfo=UTC) - timedelta(days=1))


def _week_start(now: datetime) -> datetime:
    """The last Monday 18:00 UTC at or before `now`."""
    shifted = now.astimezone(UTC) - timedelta(hours=RELEASE_HOUR)
    monday = shifted - timedelta(days=shifted.weekday())
    return monday.replace(hour=RELEASE_HOUR, minute=0, second=0, microsecond=0)


def _week(now: datetime) -> str:
    year, week, _ = _week_start(now).isocalendar()
    return f"{year:04}-W{week:02}"
