"""Two people need a language both can talk in."""

from dataclasses import dataclass

from node.domain.language import Spoken, in_common
from node.domain.matching.finding import Obstacle
from node.domain.person import Candidate


@dataclass(frozen=True, slots=True)
class CommonLanguage:
    """A language in common, from a level on."""

    least_level: int
    obstacle: Obstacle = Obstacle.LANGUAGE

    def trait(self, person: Candidate) -> tuple[Spoken, ...]:
        """The languages a person speaks."""
        return person.profile.languages

    def forbids(self, mentee: tuple[Spoken, ...], mentor: tuple[Spoken, ...]) -> bool:
        """Whether their best shared language is missing or too weak."""
        shared = in_common(mentee, mentor)
        return not shared or shared[0].level < self.least_level
