"""Whom the program may serve: what its funders ask of a mentee."""

from dataclasses import dataclass
from datetime import date

from node.domain.matching.finding import Obstacle
from node.domain.person import Candidate

_OFFICIAL = frozenset({"en", "fr"})


@dataclass(frozen=True, slots=True)
class Served:
    """A level of English or French, and how long ago a mentee may have arrived; 0 asks nothing."""

    least_level: int
    most_years: int
    today: date
    obstacle: Obstacle = Obstacle.ELIGIBILITY

    def trait(self, person: Candidate) -> bool:
        """Whether the program may serve this person as a mentee; what it does not know it does not hold against her."""
        level = max((spoken.level for spoken in person.profile.languages if spoken.code in _OFFICIAL), default=0)
        arrived = person.profile.arrived_on
        too_long = bool(self.most_years and arrived and (self.today - arrived).days > self.most_years * 365.25)
        return level >= self.least_level and not too_long

    def forbids(self, mentee: bool, mentor: bool) -> bool:  # noqa: ARG002, FBT001 - every rule compares two traits
        """Whether the mentee is not eligible."""
        return not mentee
