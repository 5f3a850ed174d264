"""How often each unit group is found among mentors and among newcomers: from the official projection, or a small table.

The official file is the Canadian Occupational Projection System (COPS) of Employment and Social Development Canada,
reduced to three columns: Code, 2023_employment, 2023_immigrant_seekers. The project ships no copy of it.
"""

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
OFFICIAL = "cops_2023.csv"
VARIABLE = "MENTORWEAVE_OCCUPATION_FREQUENCIES"
_FEW_WORK, _FEW_SEEK = 1_000, 20
"""What stands for a group whose figure is not published, or is rounded to nothing."""


class NoFrequenciesError(Exception):
    """The official file was not found."""

    def __str__(self) -> str:
        return (
            f"The simulator needs {OFFICIAL}: for each unit group of NOC 2021 its employment and immigrant job seekers "
            "(columns Code, 2023_employment, 2023_immigrant_seekers), from the Canadian Occupational Projection System "
            f"of Employment and Social Development Canada. Name it with --frequencies FILE or {VARIABLE}; "
            "--frequencies demo uses the small table of the demo instead."
        )


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Weights of unit groups among people who work, and among newcomers who look for work."""

    working: Mapping[str, float]
    arriving: Mapping[str, float]


def official(path: Path) -> Frequencies:
    """The official frequencies. Raises: NoFrequenciesError."""
    if not path.is_file():
        raise NoFrequenciesError
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return Frequencies(
        {row["Code"]: float(row["2023_employment"] or _FEW_WORK) for row in rows},
        {row["Code"]: max(float(row["2023_immigrant_seekers"] or 0), _FEW_SEEK) for row in rows},
    )


def demo() -> Frequencies:
    """The trades of the demo: how often they are found in a city, where newcomers look for work like that as well."""
    table = (ROOT / "node" / "demo" / "trades.tsv").read_text("utf-8")
    rows = list(csv.DictReader(table.splitlines(), delimiter="\t"))
    return Frequencies(
        {row["code"]: float(row["city"]) + float(row["town"]) for row in rows},
        {row["code"]: max(float(row["city"]), 0.2) for row in rows},
    )


def named(name: str | None) -> Frequencies:
    """What a person named, else what the environment names, else the official file beside the project.

    Raises: NoFrequenciesError.
    """
    if name == "demo":
        return demo()
    told = name or os.environ.get(VARIABLE)
    if told:
        return official(Path(told))
    beside = sorted(ROOT.parent.glob(f"*/data/{OFFICIAL}"))
    return official(beside[0] if beside else ROOT / OFFICIAL)
