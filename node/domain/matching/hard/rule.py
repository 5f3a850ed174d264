"""What every hard rule is: it takes one trait of each person, and forbids two traits or does not."""

from collections.abc import Hashable
from typing import Protocol, TypeVar

from node.domain.matching.finding import Obstacle
from node.domain.person import Candidate

Trait = TypeVar("Trait", bound=Hashable)


class HardRule(Protocol[Trait]):
    """One hard rule."""

    @property
    def obstacle(self) -> Obstacle:
        """What is said where it forbids a pair."""
        ...

    def trait(self, person: Candidate) -> Trait:
        """What it looks at in a person."""
        ...

    def forbids(self, mentee: Trait, mentor: Trait) -> bool:
        """Whether these two cannot be put together."""
        ...
