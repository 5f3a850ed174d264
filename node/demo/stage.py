"""The stage of the story: folders, commands and servers of three programs, their exchange and its steward."""

from __future__ import annotations

import csv
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import httpx

from node.demo.letterbox import LetterBox
from node.demo.processes import Command, Servers, StoryError, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from node.demo.people import Place, Sheets, Typed

PATIENCE = 240
_SYNC_SECONDS = 4
"""Between two rounds of a program, for news of the others; its letters travel as they are written."""
_LEG = 1
_PAUSE = 0.5

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(slots=True, kw_only=True)
class Program:
    """One community program on stage; `people` knows its people's ids by e-mail, `node` is its id as a member."""

    sheets: Sheets
    command: Command
    port: int
    people: dict[str, str] = field(default_factory=dict)
    node: str = ""

    @property
    def place(self) -> Place:
        """Which program it is."""
        return self.sheets.place

    @property
    def url(self) -> str:
        """Where its web app answers."""
        return f"http://127.0.0.1:{self.port}"


class Stage:
    """Everything the story needs, below one folder."""

    def __init__(self, folder: Path, people: tuple[Sheets, ...]) -> None:
        self.folder = folder
        self.servers = Servers()
        self.exchange_port = free_port()
        self.smtp_port = free_port()
        self.metrics_port = free_port()
        metrics = {"MENTORWEAVE_EXCHANGE_METRICS_PORT": str(self.metrics_port)}
        self.exchange = Command("mentorweave-fed", folder / "exchange", metrics)
        self.steward = Command("mentorweave-fed", folder / "stewards")
        self.letters = LetterBox(folder / "letters", self.smtp_port)
        self.programs = tuple(self._program(sheets) for sheets in people)
        self._helpers = ThreadPoolExecutor(4 * len(people))

    def _program(self, sheets: Sheets) -> Program:
        port = free_port()
        environment = {
            "MENTORWEAVE_KEYS_DIR": str(self.folder / "keys" / sheets.place.slug),
            "MENTORWEAVE_PORT": str(port),
            "MENTORWEAVE_SYNC_SECONDS": str(_SYNC_SECONDS),
        }
        command = Command("mentorweave", self.folder / sheets.place.slug, environment)
        return Program(sheets=sheets, command=command, port=port)

    @property
    def exchange_url(self) -> str:
        """Where the exchange answers."""
        return f"http://127.0.0.1:{self.exchange_port}"

    def program(self, slug: str) -> Program:
        """The program of this name."""
        return next(program for program in self.programs if program.place.slug == slug)

    def everywhere(self, act: Callable[[Program], Result]) -> list[Result]:
        """Let every program act, side by side."""
        return self.beside_each(act, list(self.programs))

    def beside_each(self, act: Callable[[Item], Result], items: list[Item]) -> list[Result]:
        """Let something happen to every item, side by side."""
        return list(self._helpers.map(act, items))

    def beside(self, act: Callable[[], Result]) -> Future[Result]:
        """Let something happen while the story goes on."""
        return self._helpers.submit(act)

    def sheet(self, place: Place, kind: str) -> Path:
        """Where a program's spreadsheet of mentors or mentees lies."""
        return self.folder / "people" / f"{place.slug}-{kind}.csv"

    def write_sheets(self) -> None:
        """Write the spreadsheets a coordinator could have typed."""
        for program in self.programs:
            for kind, rows in (("mentors", program.sheets.mentors), ("mentees", program.sheets.mentees)):
                path = self.sheet(program.place, kind)
                path.parent.mkdir(parents=True, exist_ok=True)
                write_sheet(path, rows)

    def keep_metrics(self) -> None:
        """Lay what the exchange measured beside what it stored."""
        measured = httpx.get(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=10).raise_for_status()
        (self.exchange.folder / "metrics.txt").write_bytes(measured.content)

    def close(self) -> None:
        """End every server that was started here."""
        self.servers.stop()
        self._helpers.shutdown(cancel_futures=True)
        self.letters.close()


def write_sheet(path: Path, rows: Sequence[Typed]) -> None:
    """Write one spreadsheet."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(rows[0].header)
        writer.writerows(row.values for row in rows)


def until(happened: Callable[[], bool], what: str, *, legs: int = 1) -> None:
    """Ask again and again until something happened, first when `legs` letters had time to travel.

    Raises: StoryError.
    """
    end = time.monotonic() + PATIENCE
    time.sleep(legs * _LEG)
    while not happened():
        if time.monotonic() > end:
            raise StoryError(f"waited {PATIENCE} s for {what}")
        time.sleep(_PAUSE)
