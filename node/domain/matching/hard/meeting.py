"""Two people need a way to meet: in person, online, and if in person within reach."""

from dataclasses import dataclass

from node.domain.community import CommunityId
from node.domain.matching.bearings import Bearings
from node.domain.matching.finding import Obstacle
from node.domain.person import Candidate, can_meet
from protocol.vocabulary import Mode

Whereabouts = tuple[CommunityId, Mode]


@dataclass(frozen=True, slots=True)
class CommonMode:
    """A way to meet that suits both."""

    obstacle: Obstacle = Obstacle.MODE

    def trait(self, person: Candidate) -> Mode:
        """How she wants to meet."""
        return person.profile.mode

    def forbids(self, mentee: Mode, mentor: Mode) -> bool:
        """Whether one only meets in person and the other only online."""
        return not can_meet(mentee, mentor)


@dataclass(frozen=True, slots=True)
class WithinReach:
    """Where one of the two only meets in person, a distance that can be driven; off the map nothing is forbidden."""

    bearings: Bearings
    most_km: int
    obstacle: Obstacle = Obstacle.DISTANCE

    def trait(self, person: Candidate) -> Whereabouts:
        """Where she lives, and how she wants to meet."""
        return person.profile.community, person.profile.mode

    def forbids(self, mentee: Whereabouts, mentor: Whereabouts) -> bool:
        """Whether the two would have to meet in person and live too far apart."""
        if Mode.IN_PERSON not in {mentee[1], mentor[1]}:
            return False
        km = self.bearings.km(mentee[0], mentor[0])
        return km is not None and km > self.most_km
