"""A small program with something of everything, for walks over all of its pages."""

import csv
from datetime import date
from pathlib import Path

from node.demo.people import Typed, sheets
from tests.support.pseudo import write_catalogues
from tests.support.served import Served

HOME = ("Medicine Hat", "Redcliff")
PAIR = """name,email,community,occupation,languages,role,seats
Olena Kovalenko,olena@example.org,Redcliff,31102,en:8,mentee,
Margaret Whitford,margaret@example.org,Redcliff,31102,en:8,mentor,1
"""


def fill(served: Served) -> None:
    """Some thirty people, a draft, two who meet, whose letters wait for somebody to send them; two more languages."""
    found = sheets(7, date(2026, 11, 1))[0]
    twin = Typed(cells=tuple((name, "" if "phone" in name else text) for name, text in found.mentees[0].cells))
    twin = Typed(cells=tuple((name, "twin@example.org" if "mail" in name else text) for name, text in twin.cells))
    for kind, rows in (("mentors", found.mentors[:12]), ("mentees", (*found.mentees[:20], twin))):
        file = served.data.parent / f"{kind}.csv"
        _write(file, rows)
        served.run("people", "import", str(file), "--kind", kind)
    served.run("match", "draft")
    file = served.data.parent / "pair.csv"
    file.write_text(PAIR, "utf-8")
    served.run("people", "import", str(file))
    served.run("match", "approve", served.ids("mentees")[-1], served.ids("mentors")[-1])
    served.run("letters", "send")
    write_catalogues(served.data / "languages")


def _write(file: Path, rows: tuple[Typed, ...]) -> None:
    with file.open("w", encoding="utf-8", newline="") as sheet:
        writer = csv.writer(sheet)
        writer.writerow(rows[0].header)
        for number, row in enumerate(rows):
            cells = {**dict(row.cells), "community": HOME[number % len(HOME)]}
            writer.writerow([cells[name] for name in row.header])
