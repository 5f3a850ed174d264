"""The story itself, step by step, and what it showed.

Every step speaks the two commands or HTTP; nothing is imported from the programs.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from node.demo import opening
from node.demo.meeting import Ask, Introduction, Meeting, compare, introduce, mentor
from node.demo.processes import Command, StoryError, since
from node.demo.proof import is_personal, leaks
from node.demo.stage import Stage, until, write_sheet
from node.demo.tally import Known, Tally, tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from node.demo.processes import Answer

Shown = TypeVar("Shown")
_LETTERS_PER_INTRODUCTION = 2
_ONLY_HERE = "0"
_ASKS = (("medicine-hat", "criec", "21102"), ("eriec", "medicine-hat", "21112"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the story and how long it took."""

    name: str
    ok: bool
    seconds: float


@dataclass(slots=True, kw_only=True)
class Told:
    """What the story has shown so far."""

    steps: list[Step] = field(default_factory=list)
    introductions: list[Introduction] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    tally: Tally | None = None
    leaks: list[str] = field(default_factory=list)


class Story:
    """Tells the story on a stage; the first step that goes wrong ends it."""

    def __init__(self, stage: Stage, announce: Callable[[str], None]) -> None:
        self.stage = stage
        self.told = Told()
        self._announce = announce

    def tell(self) -> None:
        """Tell all of it. Raises: StoryError."""
        stage = self.stage
        self._step("the stewards found the federation", lambda: opening.found(stage))
        self._step("three programs begin", lambda: stage.everywhere(partial(opening.set_up, stage)))
        importing = stage.beside(lambda: stage.everywhere(partial(opening.bring_in, stage)))
        programs = self._step("the stewards admit the three", lambda: opening.admit(stage))
        self._step("each has imported its people", importing.result)
        self._step("the programs open", lambda: [program.result() for program in programs])
        self._step("each publishes what it offers", lambda: opening.publish(stage))
        counting = stage.beside(self._count)  # while letters travel, the machine has time
        self._step("two people are introduced, twice, across programs", self._introduce)
        self._step("two letters for each introduction arrive", self._letters)
        self._step("goals, a meeting, an outcome", lambda: stage.beside_each(mentor, self.told.meetings))
        self._step("both ends' reports add up", lambda: stage.beside_each(compare, self.told.meetings))
        self._step("what the federation is worth", counting.result)
        self._step("nothing that the exchange stored names anybody", self._prove)

    def _step(self, name: str, act: Callable[[], Shown]) -> Shown:
        begun, ok = time.monotonic(), False
        try:
            shown = act()
            ok = True
        finally:
            self.told.steps.append(Step(name=name, ok=ok, seconds=since(begun)))
            self._announce(f"{since(begun):6.1f} s  {name}")
        return shown

    def _introduce(self) -> None:
        """A geoscientist in Medicine Hat asks Calgary; an agronomist in Edmonton asks Medicine Hat."""
        asks = [
            Ask(home=self.stage.program(home), host=self.stage.program(host), occupation=occupation)
            for home, host, occupation in _ASKS
        ]
        for meeting, told in self.stage.beside_each(introduce, asks):
            self.told.meetings.append(meeting)
            self.told.introductions.append(told)

    def _letters(self) -> None:
        wanted = _LETTERS_PER_INTRODUCTION * len(self.told.introductions)
        if len(self.stage.letters.letters()) < wanted:
            until(lambda: len(self.stage.letters.letters()) >= wanted, "the letters")
        if len(self.stage.letters.letters()) != wanted:
            raise StoryError("more letters arrived than people were introduced")

    def _count(self) -> None:
        with tempfile.TemporaryDirectory(prefix="mentorweave-count-") as folder:
            self.told.tally = self._tally(Path(folder))

    def _tally(self, folder: Path) -> Tally:
        """Pool everybody in a folder of its own, so that pairs across programs can be weighed at all."""
        pool = Command("mentorweave", folder / "pool", {"MENTORWEAVE_KEYS_DIR": str(folder / "keys")})
        places = [program.place for program in self.stage.programs]
        communities = [
            word for place in places for community in place.communities for word in ("--community", community)
        ]
        pool.run(
            *("init", "--name", "Everybody", "--region", "Alberta", "--operator", "Counting", "--unattended"),
            *communities,
        )
        everybody = {
            "mentors": [row for program in self.stage.programs for row in program.sheets.mentors],
            "mentees": [row for program in self.stage.programs for row in program.sheets.mentees],
        }
        for kind, rows in everybody.items():
            write_sheet(folder / f"{kind}.csv", rows)
            pool.run("people", "import", str(folder / f"{kind}.csv"), "--kind", kind)
        ids = {person.text("email"): person.text("id") for person in pool.run("people", "list").items()}

        def solve(problem: bytes) -> Answer:
            path = folder / "problem.json"
            path.write_bytes(problem)
            return pool.run("match", "solve", "--problem", str(path))

        return tally(pool.run("match", "problem"), self._known(ids), solve)

    def _known(self, ids: dict[str, str]) -> dict[str, Known]:
        known = {}
        for program in self.stage.programs:
            for row in (*program.sheets.mentors, *program.sheets.mentees):
                cells = dict(row.cells)
                known[ids[cells["email"]]] = Known(
                    program=program.place.slug,
                    occupation=cells["occupation"],
                    reachable=cells.get("visibility", _ONLY_HERE) != _ONLY_HERE or bool(cells.get("consent_outside")),
                )
        return known

    def _prove(self) -> None:
        values = {
            f"{program.place.slug} {kind} row {number} {header}": value
            for program in self.stage.programs
            for kind, rows in (("mentors", program.sheets.mentors), ("mentees", program.sheets.mentees))
            for number, row in enumerate(rows, 2)
            for header, value in row.cells
            if value and is_personal(header)
        }
        self.stage.keep_metrics()
        self.told.leaks = leaks(self.stage.exchange.folder, values)
        if self.told.leaks:
            raise StoryError(f"the exchange holds {len(self.told.leaks)} personal values")
