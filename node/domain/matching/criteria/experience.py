"""A mentor who has worked longer than the mentee has more to tell."""

from dataclasses import dataclass

from node.domain.matching.finding import NEUTRAL, SILENT, WHOLE, Aspect, Finding, Reason
from node.domain.person import Candidate

_AHEAD = 5
"""So many years more count wholly."""


@dataclass(frozen=True, slots=True)
class MoreExperience:
    """Years of experience."""

    aspect: Aspect = Aspect.EXPERIENCE

    def trait(self, person: Candidate) -> int | None:
        """Years of experience, if she said."""
        return person.profile.years_experience

    def compare(self, mentee: int | None, mentor: int | None) -> Finding:
        """How far the mentor is ahead."""
        if mentor is None or mentee is None:
            return SILENT
        ahead = mentor - mentee
        if ahead < 0:
            return Finding(0, Reason.LESS_EXPERIENCED, speaks_for=False, details=(("years", mentor),))
        share = NEUTRAL + (WHOLE - NEUTRAL) * min(ahead, _AHEAD) // _AHEAD
        return Finding(share, Reason.MORE_EXPERIENCED, details=(("years", mentor),))
