"""How long the mentee waits. It tells mentees apart, not mentors, so it weighs nothing unless a program says so."""

from dataclasses import dataclass
from datetime import date

from node.domain.matching.finding import WHOLE, Aspect, Finding, Reason
from node.domain.person import Candidate

_YEAR = 52
_LONG = 13


@dataclass(frozen=True, slots=True)
class Waits:
    """Waiting time."""

    today: date
    aspect: Aspect = Aspect.WAITING

    def trait(self, person: Candidate) -> int:
        """Whole weeks of waiting."""
        since = person.profile.waiting_since
        return 0 if since is None else max(0, (self.today - since).days // 7)

    def compare(self, mentee: int, mentor: int) -> Finding:  # noqa: ARG002 - every criterion compares two
        """A year counts wholly."""
        share = min(WHOLE, WHOLE * mentee // _YEAR)
        return Finding(share, Reason.LONG_WAIT, details=(("weeks", mentee),)) if mentee >= _LONG else Finding(share)
