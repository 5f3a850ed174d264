"""Rare mentors, and how many of them one program may learn of without a meeting: what probing by name can gain.

A program that asks by name can be counted, one that asks anonymously cannot: how many anonymous requests it may have
open is limited by what the stewards vouch for (docs/decisions/0017).
"""

from collections.abc import Collection, Iterable
from datetime import timedelta

from node.domain.errors import DomainError
from node.domain.listing import is_listed
from node.domain.person import Candidate, PersonId

HANDFUL = 5
"""Whoever shares her occupation with so few mentors of a program, herself included, may be alone with it elsewhere."""
MOST_UNMET = 6
"""Rare mentors that one program may be offered in a year before one of its people meets one of them."""
LATELY = timedelta(days=365 + 28)
"""A year of offers, reckoned from when they were asked for: four weeks at most before."""


class UnmetOffersError(DomainError):
    """This program was offered rare mentors before, and no meeting came of it."""

    code = "unmet-offers"


def is_scarce(mentor: Candidate, mentors: Iterable[Candidate]) -> bool:
    """Whether an offer would tell of somebody rare; a listed mentor chose to be read by everybody."""
    if is_listed(mentor.profile):
        return False
    return sum(one.profile.occupation == mentor.profile.occupation for one in mentors) <= HANDFUL


def may_be_told(mentor: PersonId, unmet: Collection[PersonId]) -> bool:
    """Whether a program that was offered `unmet` in vain may be offered her: again, or as one of the first."""
    return mentor in unmet or len(unmet) < MOST_UNMET
