"""How people answer, and after how many days: assumptions, the same for every order of rounds that is compared."""

from dataclasses import dataclass
from math import log

import numpy as np

NEVER = 10_000.0
_SPREAD = 0.6
_COORDINATOR, _MENTOR, _MENTEE = 2.0, 3.0, 2.0
"""Median days."""
_AWAY, _AWAY_DAYS = 0.05, 14.0
_SILENT = 0.4
"""Of mentors who do not agree, so many never answer; the others say no."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer and the days it took; one that never comes takes `NEVER`."""

    yes: bool
    days: float


class Humans:
    """Coordinators, mentors and mentees. `consent`: how often a mentor agrees; `accepts`: how often a mentee does."""

    def __init__(self, seed: int, consent: float, accepts: float = 1.0) -> None:
        self._chance = np.random.default_rng([seed, 7])
        self._consent = consent
        self._accepts = accepts

    def mentor(self, *, needs_asking: bool) -> Reply:
        """The host's coordinator, and where she has to be asked, the mentor."""
        days = self._coordinator()
        if not needs_asking:
            return Reply(yes=True, days=days)
        luck = self._chance.random()
        silent = luck > 1 - (1 - self._consent) * _SILENT
        return Reply(yes=luck < self._consent, days=NEVER if silent else days + self._days(_MENTOR))

    def mentee(self) -> Reply:
        """The home's coordinator and the mentee, who is shown one offer."""
        days = self._coordinator() + self._days(_MENTEE)
        return Reply(yes=self._chance.random() < self._accepts, days=days)

    def _coordinator(self) -> float:
        away = _AWAY_DAYS if self._chance.random() < _AWAY else 0.0
        return self._days(_COORDINATOR) + away

    def _days(self, median: float) -> float:
        return float(self._chance.lognormal(log(median), _SPREAD))
