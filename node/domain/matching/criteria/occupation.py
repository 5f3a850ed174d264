"""The same occupation counts wholly, a similar one by how alike the work is."""

from dataclasses import dataclass

from node.domain.matching.bearings import Likeness
from node.domain.matching.finding import WHOLE, Aspect, Finding, Reason
from node.domain.occupation import Nearness
from node.domain.person import Candidate, OccupationCode

_MOST_FOR_ANOTHER = 80
"""The share of the most similar occupation that is not the same one."""
_ALIKE = 30
"""The share from which work that the classification puts elsewhere still speaks for a pair."""
_BY_NEARNESS = {
    Nearness.SAME: Reason.SAME_UNIT_GROUP,
    Nearness.MINOR: Reason.SAME_MINOR_GROUP,
    Nearness.SUB_MAJOR: Reason.SAME_SUB_MAJOR_GROUP,
}


@dataclass(frozen=True, slots=True)
class SameWork:
    """Occupation."""

    likeness: Likeness
    aspect: Aspect = Aspect.OCCUPATION

    def trait(self, person: Candidate) -> OccupationCode:
        """The unit group."""
        return person.profile.occupation

    def compare(self, mentee: OccupationCode, mentor: OccupationCode) -> Finding:
        """How alike the two occupations are."""
        if mentee == mentor:
            return Finding(WHOLE, Reason.SAME_UNIT_GROUP)
        value, kinship = self.likeness(mentee, mentor)
        share = min(_MOST_FOR_ANOTHER, int(value * _MOST_FOR_ANOTHER + 0.5))
        if kinship.nearness in _BY_NEARNESS:
            return Finding(share, _BY_NEARNESS[kinship.nearness])
        if share >= _ALIKE and kinship.shared:
            return Finding(share, Reason.ALIKE_WORK, details=(("terms", ", ".join(kinship.shared)),))
        return Finding(share, Reason.OTHER_OCCUPATION, speaks_for=False)
