"""`mentorweave match problem | solve`: the abstract assignment problem, out and in, for programs and for benchmarks."""

import gc
import json
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict, ValidationError

from federation.ground.cli import reporter
from node.bootstrap import open_solver
from node.cli.session import session
from node.domain.assignment import Offering, Problem, UnreadableProblemError, Waiting

app = typer.Typer()
_OF_A_PAIR = ("mentee", "mentor", "fit")


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
    raw = raw.removeprefix(BOM_UTF8)
    found = _read(raw)
    _refuse_repeats(raw, 3 + 2 * len(found.mentees) + 2 * len(found.mentors))
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
        names = [step for step in path if isinstance(step, str)]
        if names == ["pairs"] and len(rows) > 1:
            names.append(_OF_A_PAIR[rows[1]])
        raise UnreadableProblemError(field=".".join(names) or "file", row=rows[0] if rows else 0) from None


@dataclass(frozen=True, slots=True)
class _Repeat:
    """An object that names a field twice."""

    name: str


def _refuse_repeats(raw: bytes, fields: int) -> None:
    """Refuse a file that says a field twice: whoever wrote it cannot know which was read.

    Every field has a colon: where a file has as many colons as `fields` it has to have, none can be said twice, and it
    need not be read again. Raises: UnreadableProblemError.
    """
    if raw.count(b":") == fields:
        return
    said = json.loads(raw, object_pairs_hook=_noticed, parse_int=str, parse_float=str)
    for field, row in _repeats(said):
        raise UnreadableProblemError(field=field, row=row)


def _noticed(members: list[tuple[str, object]]) -> object:
    found = dict[str, object]()
    for name, value in members:
        if name in found:
            return _Repeat(name)
        found[name] = value
    return found


def _repeats(said: object, names: tuple[str, ...] = (), rows: tuple[int, ...] = ()) -> Iterator[tuple[str, int]]:
    if isinstance(said, _Repeat):
        yield ".".join((*names, said.name)), next(iter(rows), 0)
    elif isinstance(said, dict):
        for name, value in said.items():
            yield from _repeats(value, (*names, name), rows)
    elif isinstance(said, list):
        for row, value in enumerate(said):
            yield from _repeats(value, names, (*rows, row))


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
