"""What every criterion is: it takes one trait of each person, and compares two traits.

Comparing looks at traits alone, so whoever weighs many pairs remembers each comparison and makes it once.
"""

from collections.abc import Hashable
from typing import Protocol, TypeVar

from node.domain.matching.finding import Aspect, Finding
from node.domain.person import Candidate

Trait = TypeVar("Trait", bound=Hashable)


class Criterion(Protocol[Trait]):
    """One weighted criterion."""

    @property
    def aspect(self) -> Aspect:
        """Which one it is."""
        ...

    def trait(self, person: Candidate) -> Trait:
        """What it looks at in a person."""
        ...

    def compare(self, mentee: Trait, mentor: Trait) -> Finding:
        """What it finds between two."""
        ...
