"""How long what is kept: one clock a kind of record. What something open still needs is never due.

Sources: PIPA (Alberta) section 35 and PIPEDA principle 4.5.3 ask that personal information goes once no purpose needs
it; the lengths are defaults, and a program may choose others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from node.domain.errors import DomainError

BACKUPS_KEPT = 14
"""How many backups there are at most; each new one takes the place of the oldest."""


FEWEST_DAYS, MOST_DAYS = 1, 3_660


class KeptDaysError(DomainError):
    """A record is kept for a day at least, and for ten years at most."""

    code = "kept-days"


class Kept(StrEnum):
    """Kinds of record with a clock each.

    `requests`: which of our people a request was about and what was offered, once it ended without an introduction.
    `words`: an agreement in the words of two people, once they stopped meeting. `letters`: once they left, or never
    will. `attempts`: to sign in, in vain. `people`: who have left, all of it. `audit`: who did what; the ledger stays.
    `applications`: of people who never sent theirs, or were turned down. `offers`: what other programs offered for
    an anonymous request of ours, once it ended; that it was posted stands as long as the mentee is here.
    """

    REQUESTS = "requests"
    WORDS = "words"
    LETTERS = "letters"
    ATTEMPTS = "attempts"
    PEOPLE = "people"
    AUDIT = "audit"
    APPLICATIONS = "applications"
    OFFERS = "offers"


DEFAULT_DAYS: Mapping[Kept, int] = {
    Kept.REQUESTS: 365,
    Kept.WORDS: 365,
    Kept.LETTERS: 90,
    Kept.ATTEMPTS: 1,
    Kept.PEOPLE: 730,
    Kept.AUDIT: 2557,
    Kept.APPLICATIONS: 30,
    Kept.OFFERS: 365,
}
"""How many days each kind is kept, unless an operator says otherwise."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How many days each kind of record is kept in this program."""

    days: Mapping[Kept, int]

    def changed(self, days: Mapping[Kept, int]) -> Self:
        """The schedule with what the program chose itself."""
        return replace(self, days={**self.days, **days})

    def before(self, kind: Kept, now: datetime) -> datetime:
        """Records whose clock began before this moment are due.

        The audit trail is kept as long as people who left are: it says when somebody last dealt with them.
        """
        days = self.days[kind]
        if kind is Kept.AUDIT:
            days = max(days, self.days[Kept.PEOPLE])
        return now - timedelta(days=days)
