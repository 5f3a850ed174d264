"""Suggestions and a draft in a program of many people of all occupations, as its services give them.

The people are as mixed as a large program's: every occupation as often as it is held in Canada, towns near and far,
ways to meet, topics, hours of the week, years of experience. What a page adds is measured by `pages`.
"""

import csv
import json
import os
import random
import subprocess
import sys
from pathlib import Path

from node.adapters.occupations.table import OccupationTable
from protocol.vocabulary import Mode, Topic
from tests.bench.idle import environment_of
from tests.bench.registry import Figure, Size, percentile
from tests.bench.servers import ROOT, SCRIPTS
from tests.support.commands import INIT

MOST_MS = 50
COLUMNS = (
    "name", "community", "occupation", "languages", "mode", "topics", "slots", "years_experience", "seats",
    "waiting_since",
)  # fmt: skip
TOWNS = ("Medicine Hat", "Redcliff", "Brooks", "Calgary", "Lethbridge", "Edmonton", "Taber", "Maple Creek")
SPOKEN = ("ar", "es", "uk", "tl", "pa", "zh", "ru", "so", "ti", "fa")


def run(folder: Path, size: Size) -> list[Figure]:
    """See the module."""
    people, asked = size.pick(20_000, 40), size.pick(400, 3)
    environment = environment_of(folder)
    node, towns = str(SCRIPTS / "mentorweave"), [word for town in TOWNS[2:] for word in ("--community", town)]
    _command(environment, node, "init", *INIT, *towns, "--unattended")
    for kind, count in (("mentees", people * 3 // 4), ("mentors", people // 4)):
        sheet = folder / f"{kind}.csv"
        _write(sheet, count, mentors=kind == "mentors")
        _command(environment, node, "people", "import", str(sheet), "--kind", kind)
    told = json.loads(_command(environment, sys.executable, "-m", "tests.bench.suggest_asked", str(asked)))
    slow = percentile(told["suggest_ms"], 0.95)
    return [
        Figure(what=f"suggest in a program of {people} people: first, mentors read", figure=f"{told['first']:.1f} s"),
        Figure(
            what=f"suggest in a program of {people} people: 95th percentile of {asked}",
            figure=f"{slow:.0f} ms",
            target=f"< {MOST_MS} ms",
            met=slow < MOST_MS,
        ),
        Figure(
            what=f"suggest in a program of {people} people: the same in processor time",
            figure=f"{percentile(told['worked_ms'], 0.95):.0f} ms",
        ),
        Figure(
            what=f"draft of that program, made, compared and kept: {told['mentees']} mentees, {told['seats']} seats",
            figure=f"{told['draft']:.1f} s",
        ),
    ]


def _write(file: Path, count: int, *, mentors: bool) -> None:
    draw = random.Random(count)
    table = OccupationTable()
    codes, sizes = list(table._groups), [size + 1 for size in table._sizes]  # noqa: SLF001 - what ships of frequencies
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    slots = [f"{day}-{part}" for day in days for part in ("morning", "afternoon", "evening")]
    with file.open("w", encoding="utf-8", newline="") as sheet:
        writer = csv.writer(sheet)
        writer.writerow(COLUMNS)
        for number, code in enumerate(draw.choices(codes, sizes, k=count)):
            spoken = "en" if mentors else f"en:{draw.randint(4, 10)}"
            writer.writerow(
                (
                    f"Person {file.stem} {number}",
                    draw.choice(TOWNS),
                    code,
                    spoken if draw.random() < 0.4 else f"{spoken}; {draw.choice(SPOKEN)}",
                    draw.choice(list(Mode)),
                    "; ".join(draw.sample(list(Topic), draw.randint(0, 4))),
                    "; ".join(draw.sample(slots, draw.randint(0, 5))),
                    draw.randint(0, 30),
                    draw.randint(1, 3) if mentors else "",
                    "" if mentors else f"2026-{draw.randint(1, 10):02}-{draw.randint(1, 28):02}",
                )
            )


def _command(environment: dict[str, str], *command: str) -> bytes:
    path = os.pathsep.join((str(ROOT), environment.get("PYTHONPATH", ""))).rstrip(os.pathsep)
    done = subprocess.run(command, env=environment | {"PYTHONPATH": path}, cwd=ROOT, check=True, capture_output=True)
    return done.stdout
