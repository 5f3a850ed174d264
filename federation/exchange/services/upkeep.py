"""What time does by itself: remove what is past its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from federation.exchange.domain.board import quarter_before
from federation.exchange.domain.join import KEPT

if TYPE_CHECKING:
    from federation.exchange.services.ports.work import UnitOfWork
    from federation.ground.clock import Clock

BATCH = 1_000
COUNTS_KEPT = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Expire:
    """Remove expired letters, nonces, counts, joinings, summaries and attestations, a little at a time."""

    work: UnitOfWork
    clock: Clock

    def __call__(self) -> int:
        """How many letters were removed."""
        now = self.clock.now()
        with self.work() as work:
            work.nonces.forget(now)
            work.counters.forget(now - COUNTS_KEPT)
            work.joinings.expire(now - KEPT)
            work.summaries.expire(now)
            work.attestations.forget(quarter_before(now))
        removed = 0
        while True:
            with self.work() as work:
                found = work.mailboxes.expire(now, limit=BATCH)
            removed += found
            if not found:
                return removed
