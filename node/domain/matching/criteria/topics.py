"""What the mentee wants to talk about, and the mentor offers."""

from dataclasses import dataclass

from node.domain.matching.finding import SILENT, WHOLE, Aspect, Finding, Reason
from node.domain.person import Candidate
from protocol.vocabulary import Topic


@dataclass(frozen=True, slots=True)
class SharedTopics:
    """Topics."""

    aspect: Aspect = Aspect.TOPICS

    def trait(self, person: Candidate) -> tuple[Topic, ...]:
        """The topics a person named."""
        return person.profile.topics

    def compare(self, mentee: tuple[Topic, ...], mentor: tuple[Topic, ...]) -> Finding:
        """The share of what is wanted that is offered."""
        if not mentee or not mentor:
            return SILENT
        shared = sorted(set(mentee) & set(mentor))
        if not shared:
            return Finding(0, Reason.NO_SHARED_TOPIC, speaks_for=False)
        share = WHOLE * len(shared) // len(set(mentee))
        return Finding(share, Reason.SHARED_TOPICS, details=(("topics", " ".join(shared)),))
