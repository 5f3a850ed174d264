"""A small program with something of everything, for walks over all of its pages."""

import csv
from datetime import date
from pathlib import Path

from node.demo.people import Typed, sheets
from tests.support.pseudo import write_catalogues
from tests.support.served import Served

HOME = ("Medicine Hat", "Redcliff")


def fill(served: Served) -> None:
    """Thirty people, two of them together, one draft; and two further languages."""
    found = sheets(7, date(2026, 11, 1))[0]
    twin = Typed(cells=tuple((name, "" if "phone" in name else text) for name, text in found.mentees[0].cells))
    twin = Typed(cells=tuple((name, "twin@example.org" if "mail" in name else text) for name, text in twin.cells))
    for kind, rows in (("mentors", found.mentors[:12]), ("mentees", (*found.mentees[:20], twin))):
        file = served.data.parent / f"{kind}.csv"
        _write(file, rows)
        served.run("people", "import", str(file), "--kind", kind)
    served.run("match", "draft")
    served.run("match", "approve", served.ids("mentees")[0], served.ids("mentors")[0])
    served.run("letters", "send")
    write_catalogues(served.data / "languages")


def _write(file: Path, rows: tuple[Typed, ...]) -> None:
    with file.open("w", encoding="utf-8", newline="") as sheet:
        writer = csv.writer(sheet)
        writer.writerow(rows[0].header)
        for number, row in enumerate(rows):
            cells = {**dict(row.cells), "community": HOME[number % len(HOME)]}
            writer.writerow([cells[name] for name in row.header])
