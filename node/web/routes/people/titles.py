"""Titles of occupations that nobody knows: shown once for all their rows, and read the way a coordinator says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from node.domain.person import OccupationCode
from node.domain.traces import fold
from node.services.intake.problems import Problem
from node.web.forms import Typed

_MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownTitle:
    """One title, the rows it stands in, and the occupations it may mean: codes with their titles."""

    typed: str
    rows: tuple[int, ...]
    near: tuple[tuple[str, str], ...]

    def holds(self, title: str) -> bool:
        """Whether this is that title, however it is written."""
        return fold(title) == fold(self.typed)


def unknown_titles(problems: Sequence[Problem], title: Callable[[OccupationCode], str]) -> tuple[UnknownTitle, ...]:
    """Titles in the order of the file."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.typed:
            found.setdefault(fold(problem.typed), []).append(problem)
    return tuple(
        UnknownTitle(typed=same[0].typed, rows=tuple(one.row for one in same), near=_near(same[0], title))
        for same in list(found.values())[:_MOST]
    )


def _near(problem: Problem, title: Callable[[OccupationCode], str]) -> tuple[tuple[str, str], ...]:
    codes = [known.partition(" ")[0] for known in problem.known]
    return tuple((code, title(OccupationCode(code))) for code in codes)


def meanings(typed: Typed) -> tuple[tuple[str, str], ...]:
    """What titles mean: other words where they were typed, else the occupation that was chosen."""
    asked = ((name.removeprefix("title-"), text) for name, text in typed.fields if name.startswith("title-"))
    said = ((title, typed(f"words-{number}") or typed(f"means-{number}")) for number, title in asked)
    return tuple((title, meant) for title, meant in said if meant)
