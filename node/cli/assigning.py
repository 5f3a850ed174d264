"""`mentorweave match problem | solve`: the abstract assignment problem, out and in, for programs and for benchmarks."""

import gc
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict, ValidationError

from federation.ground.cli import reporter
from node.bootstrap import open_solver
from node.cli.session import session
from node.domain.assignment import Offering, Problem, UnreadableProblemError, Waiting

app = typer.Typer()


class _Entry(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", allow_inf_nan=False)


class _Mentee(_Entry):
    id: str
    tier: int


class _Mentor(_Entry):
    id: str
    seats: int


class _File(_Entry):
    mentees: list[_Mentee]
    mentors: list[_Mentor]
    pairs: list[tuple[str, str, int]]


def read_problem(raw: bytes) -> Problem:
    """An assignment problem from JSON. Raises: UnreadableProblemError with the field and, in a list, its row."""
    found = _read(raw)
    return Problem(
        mentees=tuple(Waiting(mentee.id, mentee.tier) for mentee in found.mentees),
        mentors=tuple(Offering(mentor.id, mentor.seats) for mentor in found.mentors),
        pairs=tuple(found.pairs),
    )


def _read(raw: bytes) -> _File:
    try:
        return _File.model_validate_json(raw)
    except ValidationError as error:
        path = error.errors(include_url=False, include_context=False, include_input=False)[0]["loc"]
        rows = [step for step in path if isinstance(step, int)]
        names = ".".join(step for step in path if isinstance(step, str))
        raise UnreadableProblemError(field=names or "file", row=rows[0] if rows else 0) from None


@app.command()
def problem() -> None:
    """Write this program's assignment problem, as `match solve` reads it: ids only, nothing that names a person."""
    with session() as node:
        posed = node.services.matching.pose(node.actor)
        counts = {"mentees": len(posed.mentees), "mentors": len(posed.mentors), "pairs": len(posed.pairs)}
        node.reporter.answer(posed, [node.say("match.problem", **counts)])


@app.command()
def solve(
    problem: Annotated[Path, typer.Option("--problem", exists=True, dir_okay=False, help="A JSON file.")],
) -> None:
    """Solve any assignment problem exactly: most mentees by waiting tier, then the greatest total fit."""
    # Nothing here is ever garbage, and looking for it among millions of pairs takes longer than reading them.
    gc.disable()
    view = open_solver()(read_problem(problem.read_bytes()))
    reporter().answer(view, [f"{mentee}  {mentor}" for mentee, mentor in view.assignment])
