"""`mentorweave match problem | solve`: the abstract assignment problem, out and in, for programs and for benchmarks."""

import gc
import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict, ValidationError

from federation.ground.cli import reporter
from node.bootstrap import open_solver
from node.cli.session import session
from node.domain.assignment import Offering, Problem, UnreadableProblemError, Waiting, Wanted

app = typer.Typer()
_PLACE = re.compile(r"line (\d+) column (\d+)$")
_WANTED = {
    "": Wanted.OBJECT,
    "mentees": Wanted.LIST,
    "mentees[]": Wanted.OBJECT,
    "mentees[].id": Wanted.TEXT,
    "mentees[].tier": Wanted.NUMBER,
    "mentors": Wanted.LIST,
    "mentors[]": Wanted.OBJECT,
    "mentors[].id": Wanted.TEXT,
    "mentors[].seats": Wanted.NUMBER,
    "pairs": Wanted.LIST,
    "pairs[]": Wanted.PAIR,
    "pairs[][0]": Wanted.TEXT,
    "pairs[][1]": Wanted.TEXT,
    "pairs[][2]": Wanted.NUMBER,
}
"""What stands where in a problem, wherever in its list."""


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
    """An assignment problem from JSON. Raises: UnreadableProblemError with the field and what is wanted there."""
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
        raise _unreadable(error) from None


def _unreadable(error: ValidationError) -> UnreadableProblemError:
    """The first thing that is wrong; where the file is no JSON, its line and column."""
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        place = _PLACE.search(first["msg"])
        return UnreadableProblemError(
            field="file" + "".join(f":{at}" for at in place.groups()) if place else "file", wanted=Wanted.JSON
        )
    path = first["loc"]
    if first["type"] == "missing" and path[0] == "pairs":
        path = path[:2]
    return UnreadableProblemError(
        field=_said(path) or "file", wanted=_WANTED[re.sub(r"^(\w+\[)\d+", r"\1", _said(path))]
    )


def _said(path: Sequence[str | int]) -> str:
    """A place in a JSON document as programs write it: `mentees[1].tier`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


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
    for path in _repeats(said):
        raise UnreadableProblemError(field=_said(path), wanted=Wanted.ONCE)


def _noticed(members: list[tuple[str, object]]) -> object:
    found = dict[str, object]()
    for name, value in members:
        if name in found:
            return _Repeat(name)
        found[name] = value
    return found


def _repeats(said: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(said, _Repeat):
        yield (*path, said.name)
    elif isinstance(said, dict):
        for name, value in said.items():
            yield from _repeats(value, (*path, name))
    elif isinstance(said, list):
        for row, value in enumerate(said):
            yield from _repeats(value, (*path, row))


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
