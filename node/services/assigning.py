"""The program's people as an abstract assignment problem, and the exact answer to any such problem.

Only related occupations make a pair here; a draft that a coordinator edits is built on top of this, elsewhere.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from node.domain.actor import Action, Actor
from node.domain.assignment import Offering, Pair, Problem, Waiting
from node.domain.matching import assess
from node.domain.occupation import Nearness, nearness
from node.domain.person import Candidate, Kind
from node.services.ports import Clock, OpenWork
from node.services.ports.assigner import Assigner

_LONG, _LONGER = timedelta(weeks=13), timedelta(weeks=26)


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedView:
    """The answer to an assignment problem; `optimal` because only an exact solver is asked."""

    assignment: tuple[tuple[str, str], ...]
    matched: int
    by_tier: tuple[int, ...]
    fit: int
    optimal: bool
    seconds: float


def waiting_tier(waiting_since: date | None, today: date) -> int:
    """0 for over 26 weeks, 1 for 13 to 26, 2 for less."""
    waited = timedelta(0) if waiting_since is None else today - waiting_since
    return 0 if waited > _LONGER else 1 if waited >= _LONG else 2


@dataclass(frozen=True, slots=True)
class PoseProblem:
    """Everybody who waits, every free seat, and every pair that no hard rule forbids."""

    reading: OpenWork
    clock: Clock

    def __call__(self, actor: Actor) -> Problem:
        """The program's assignment problem; ids only, nothing that names a person."""
        actor.may(Action.MATCH)
        now = self.clock.now()
        with self.reading() as work:
            mentees, mentors = work.people.candidates(Kind.MENTEE), work.people.candidates(Kind.MENTOR)
            seats = work.seats.free(now)
            apart = {mentee.id: work.exclusions.of(mentee.id) for mentee in mentees}
        by_group = dict[str, list[Candidate]]()
        for mentor in mentors:
            by_group.setdefault(mentor.profile.occupation[:3], []).append(mentor)
        pairs = list[Pair]()
        for mentee in mentees:
            for mentor in by_group.get(mentee.profile.occupation[:3], ()):
                if nearness(mentee.profile.occupation, mentor.profile.occupation) is Nearness.APART:
                    continue
                found = assess(mentee, mentor, free_seats=seats[mentor.id].free, kept_apart=apart[mentee.id])
                if not found.obstacles:
                    pairs.append((mentee.id, mentor.id, found.fit))
        return Problem(
            mentees=tuple(
                Waiting(mentee.id, waiting_tier(mentee.profile.waiting_since, now.date())) for mentee in mentees
            ),
            mentors=tuple(Offering(mentor.id, seats[mentor.id].free) for mentor in mentors),
            pairs=tuple(pairs),
        )


@dataclass(frozen=True, slots=True)
class Solve:
    """Answer any assignment problem exactly; needs no program and no people."""

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
