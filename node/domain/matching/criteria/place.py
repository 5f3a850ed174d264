"""The nearer, the better; for two who would only meet online it hardly matters."""

from dataclasses import dataclass

from node.domain.community import CommunityId
from node.domain.matching.bearings import Bearings
from node.domain.matching.finding import NEUTRAL, SILENT, WHOLE, Aspect, Finding, Reason
from node.domain.person import Candidate
from protocol.vocabulary import Mode

_NEAR_KM, _NEAR = 30, 80
_DAY_TRIP_KM = 120

Whereabouts = tuple[CommunityId, Mode]


@dataclass(frozen=True, slots=True)
class Nearby:
    """Place."""

    bearings: Bearings
    aspect: Aspect = Aspect.PLACE

    def trait(self, person: Candidate) -> Whereabouts:
        """Where she lives, and how she wants to meet."""
        return person.profile.community, person.profile.mode

    def compare(self, mentee: Whereabouts, mentor: Whereabouts) -> Finding:
        """How far apart the two live."""
        if mentee[0] and mentee[0] == mentor[0]:
            return Finding(WHOLE, Reason.SAME_COMMUNITY)
        km = self.bearings.km(mentee[0], mentor[0])
        if km is None:
            return SILENT
        if km <= _NEAR_KM:
            return Finding(_NEAR, Reason.NEARBY, details=(("km", km),))
        if Mode.ONLINE in {mentee[1], mentor[1]}:
            return SILENT
        share = NEUTRAL * max(0, _DAY_TRIP_KM - km) // (_DAY_TRIP_KM - _NEAR_KM)
        return Finding(share, Reason.FAR_APART, speaks_for=False, details=(("km", km),))
