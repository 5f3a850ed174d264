"""What a played cohort reached, as ratios to the centralised optimum."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.simulation.optimum import Pairs, abroad, alone, central, most_rare, rare_mentees, tiers
from tests.simulation.people import Federation
from tests.simulation.weeks import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One row. Ratios are to the centralised optimum; `rare_max` to all rare matches that are possible at all.

    `once` is the coverage when the first cards of everybody were over.
    `loss` is what programs that serve fewer of their own than alone lose, of what these programs serve alone.
    """

    once: float
    coverage: float
    fit: float
    rare: float
    rare_max: float
    by_tier: tuple[float, ...]
    worse_off: int
    loss: float
    messages: float
    questions: float
    most_questions: int


class Yardstick:
    """The centralised optimum of one federation, and what each program reaches alone."""

    def __init__(self, federation: Federation) -> None:
        """Solve both."""
        self._federation = federation
        self._people = {
            person.id: person for program in federation.programs for person in (*program.mentors, *program.mentees)
        }
        self._rare = rare_mentees(federation)
        self._central = central(federation)
        self._alone = [alone(program) for program in federation.programs]
        self._most_rare = most_rare(federation)

    @property
    def alone(self) -> float:
        """Coverage of programs that never ask outside."""
        return sum(self._alone) / len(self._central)

    def measure(self, outcome: Outcome) -> Result:
        """The row of one cohort."""
        matches, programs = outcome.matches, self._federation.programs
        served = [sum(mentee.id in matches for mentee in program.mentees) for program in programs]
        worse = [(had, has) for had, has in zip(self._alone, served, strict=True) if has < had]
        mentees, mentors = (sum(len(people) for people in group) for group in self._sizes())
        return Result(
            once=_ratio(outcome.once, len(self._central)),
            coverage=_ratio(len(matches), len(self._central)),
            fit=_ratio(self._fit(matches), self._fit(self._central)),
            rare=_ratio(self._exact(matches), self._exact(self._central)),
            rare_max=_ratio(self._exact(matches), self._most_rare),
            by_tier=tuple(_ratio(*pair) for pair in zip(self._tiers(matches), self._tiers(self._central), strict=True)),
            worse_off=len(worse),
            loss=_ratio(sum(had - has for had, has in worse), sum(had for had, _ in worse)) if worse else 0.0,
            messages=outcome.messages / mentees,
            questions=sum(outcome.questions.values()) / mentors,
            most_questions=max(outcome.questions.values(), default=0),
        )

    def _sizes(self) -> tuple[Sequence[Sequence[object]], Sequence[Sequence[object]]]:
        programs = self._federation.programs
        return [program.mentees for program in programs], [program.mentors for program in programs]

    def _fit(self, pairs: Pairs) -> int:
        total = 0
        for mentee, mentor in pairs.items():
            ours, theirs = self._people[mentee], self._people[mentor]
            home = ours.profile.community == theirs.profile.community
            total += self._federation.scale.fit(ours if home else abroad(ours), theirs)
        return total

    def _exact(self, pairs: Pairs) -> int:
        return sum(
            self._people[mentor].profile.occupation == self._rare[mentee].profile.occupation
            for mentee, mentor in pairs.items()
            if mentee in self._rare
        )

    def _tiers(self, pairs: Pairs) -> tuple[int, ...]:
        return tiers(self._people[mentee] for mentee in pairs)


def _ratio(found: int, best: int) -> float:
    return found / best if best else 1.0
