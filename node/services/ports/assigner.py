"""What finds the best answer to an assignment problem."""

from typing import Protocol

from node.domain.assignment import Assignment, Problem


class Assigner(Protocol):
    """An exact solver."""

    def __call__(self, problem: Problem) -> Assignment:
        """The lexicographic optimum of `problem`. Raises: UnreadableProblemError where it cannot be exact."""
        ...
