"""The exact answer to any assignment problem, for which no program and no people are needed."""

from dataclasses import dataclass

from node.domain.assignment import Problem
from node.services.ports import Clock
from node.services.ports.assigner import Assigner


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedView:
    """The answer to an assignment problem; `optimal` because only an exact solver is asked."""

    assignment: tuple[tuple[str, str], ...]
    matched: int
    by_tier: tuple[int, ...]
    fit: int
    optimal: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Solve:
    """Answer any assignment problem exactly; a solver that cannot be exact refuses."""

    assigner: Assigner
    clock: Clock

    def __call__(self, problem: Problem) -> SolvedView:
        """The lexicographic optimum. Raises: UnreadableProblemError."""
        begun = self.clock.now()
        found = self.assigner(problem)
        return SolvedView(
            assignment=found.pairs,
            matched=found.matched,
            by_tier=found.by_tier,
            fit=found.fit,
            optimal=True,
            seconds=(self.clock.now() - begun).total_seconds(),
        )
