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

FEWEST_DAYS: Mapping[Kept, int] = dict.fromkeys(Kept, 1) | {Kept.REQUESTS: 365, Kept.AUDIT: 30}
"""What a shorter clock would break.

`requests`: which rare mentors a program was offered is counted over the year after the offer (`scarce.MOST_UNMET`), and
this clock begins with the last word, which is no earlier. `audit`: a restored program reads in it for 14 days what it
has found again.
"""
MOST_DAYS = 3_660


class KeptDaysError(DomainError):
    """This kind of record is kept longer at least, or for ten years at most."""

    code = "kept-days"

    def __init__(self, kind: Kept) -> None:
        super().__init__(kind=kind.value, least=FEWEST_DAYS[kind], most=MOST_DAYS)
        self.kind = kind


def check_days(days: Mapping[Kept, int]) -> None:
    """Raises: KeptDaysError."""
    for kind, count in days.items():
        if not FEWEST_DAYS[kind] <= count <= MOST_DAYS:
            raise KeptDaysError(kind)


@dataclass(frozen=True, slots=True)
class Schedule:
    """How many days each kind of record is kept in this program."""

    days: Mapping[Kept, int]

    def changed(self, days: Mapping[Kept, int]) -> Self:
        """The schedule with what the program chose itself, perhaps before a kind had to be kept so long."""
        chosen = {kind: max(count, FEWEST_DAYS[kind]) for kind, count in days.items()}
        return replace(self, days={**self.days, **chosen})

    def before(self, kind: Kept, now: datetime) -> datetime:
        """Records whose clock began before this moment are due.

        The audit trail is kept as long as people who left are: it says when somebody last dealt with them.
        """
        days = self.days[kind]
        if kind is Kept.AUDIT:
            days = max(days, self.days[Kept.PEOPLE])
        return now - timedelta(days=days)
