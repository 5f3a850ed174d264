"""Points across programs: public arithmetic, so that any coordinator can recompute who got a seat and why.

fit (0 to 900, weighed with the usual weights) + a bonus per waiting tier + a bonus where home has no exact mentor. A
federation's policy may set both bonuses to 0.
"""

from dataclasses import dataclass
from datetime import date, timedelta

_LONG, _LONGER = timedelta(weeks=13), timedelta(weeks=26)
TIERS = 3
"""0 waits longest."""


@dataclass(frozen=True, slots=True)
class Bonuses:
    """What a federation adds to the fit."""

    per_tier: int = 150
    no_exact_mentor: int = 100


USUAL = Bonuses()
NO_BONUSES = Bonuses(0, 0)


def waiting_tier(waiting_since: date | None, today: date) -> int:
    """0 for over 26 weeks, 1 for 13 to 26, 2 for less; who waits since nobody knows when waits not at all."""
    waited = timedelta(0) if waiting_since is None else today - waiting_since
    return 0 if waited > _LONGER else 1 if waited >= _LONG else 2


def points(fit: int, tier: int, *, no_exact_mentor: bool, bonuses: Bonuses = USUAL) -> int:
    """What a request is worth to a host: a new request adds nothing for waiting, one of over 26 weeks two steps."""
    waited = (TIERS - 1 - tier) * bonuses.per_tier
    return fit + waited + (bonuses.no_exact_mentor if no_exact_mentor else 0)
