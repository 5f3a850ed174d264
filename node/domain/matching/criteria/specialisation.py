"""Words both use for what they specialise in. Whoever keeps people hides the words behind keyed tokens."""

import re
from dataclasses import dataclass

from node.domain.matching.finding import SILENT, WHOLE, Aspect, Finding, Reason
from node.domain.person import Candidate
from node.domain.traces import fold

_SHORTEST = 3
_ENOUGH = 3
"""So many shared words count wholly."""
_EMPTY = frozenset(
    {"and", "avec", "dans", "des", "for", "from", "les", "par", "pour", "sur", "the", "une", "with", "work"}
)


def special_words(text: str) -> frozenset[str]:
    """The words of a specialisation, folded, without plural endings and without words that say nothing."""
    words = (word for word in re.split(r"[\W_]+", fold(text)) if len(word) >= _SHORTEST and word not in _EMPTY)
    return frozenset(word[:-1] if len(word) > _SHORTEST and word.endswith("s") else word for word in words)


@dataclass(frozen=True, slots=True)
class SameSpeciality:
    """Specialisation text."""

    aspect: Aspect = Aspect.SPECIALISATION

    def trait(self, person: Candidate) -> frozenset[str]:
        """The tokens of her words."""
        return frozenset(person.profile.specialities)

    def compare(self, mentee: frozenset[str], mentor: frozenset[str]) -> Finding:
        """How many words the two share."""
        if not mentee or not mentor:
            return SILENT
        shared = len(mentee & mentor)
        if not shared:
            return Finding(0, Reason.OTHER_SPECIALITY, speaks_for=False)
        enough = min(_ENOUGH, len(mentee))
        return Finding(min(WHOLE, WHOLE * shared // enough), Reason.SHARED_SPECIALITY, details=(("count", shared),))
