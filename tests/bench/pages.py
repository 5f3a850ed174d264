"""Server time of the pages of a program with many people, on SQLite, as the server's own log tells it; a phone."""

import csv
import random
import re
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from statistics import quantiles

from tests.bench import phone
from tests.bench.registry import Figure, Size
from tests.support.served import Served, serve, signed_in

COLUMNS = ("name", "email", "community", "occupation", "languages", "seats", "waiting_since")
OCCUPATIONS = ("21300", "31301", "21232", "31102", "41221", "72200", "63200", "82021", "21112", "31202")
MOST_MS = 100
_LINE = re.compile(r"method=GET ms=(\d+) route=(\S+) status=200")


def run(folder: Path, size: Size) -> list[Figure]:
    """The 95th percentile of every kind of page; the first request of each kind, which loads code, is left out."""
    people, times = size.pick(20_000, 40), size.pick(40, 3)

    def fill(served: Served) -> None:
        for kind, count in (("mentees", people * 3 // 4), ("mentors", people // 4)):
            sheet = folder / f"{kind}.csv"
            _write(sheet, count)
            served.run("people", "import", str(sheet), "--kind", kind)

    with serve(folder, fill, hosted=True) as served, closing(signed_in(served.url)) as client:
        links = re.compile(r'href="/(people|matching)/([0-9a-f]{8}-[0-9a-f-]{27})"')
        mentees = [one for _, one in links.findall(client.get("/matching").text)]
        for number in range(times):
            one = mentees[number % len(mentees)]
            for path in (
                "/",
                "/people",
                "/people?kind=mentor&language=fr",
                f"/people?kind=mentee&occupation={OCCUPATIONS[number % len(OCCUPATIONS)]}",
                f"/people/{one}",
                f"/people/{one}/timeline",
                "/matching",
                f"/matching/{one}",
                "/mentorships",
            ):
                assert client.get(path).is_success, path
        at_2g = phone.figures(served.url)
    taken = defaultdict[str, list[int]](list)
    for took, route in _LINE.findall((folder / "serve.log").read_text("utf-8")):
        taken[route].append(int(took))
    lists = [_figure(route, found[1:], people) for route, found in sorted(taken.items()) if len(found) > times // 2 + 1]
    return [*lists, *at_2g]


def _figure(route: str, taken: list[int], people: int) -> Figure:
    slow = quantiles(taken, n=20)[-1]
    return Figure(
        what=f"page {route} of a program with {people} people: 95th percentile of server time",
        figure=f"{slow:.0f} ms",
        target=f"under {MOST_MS} ms",
        met=slow < MOST_MS,
    )


def _write(file: Path, count: int) -> None:
    chance = random.Random(count)
    with file.open("w", encoding="utf-8", newline="") as sheet:
        writer = csv.writer(sheet)
        writer.writerow(COLUMNS)
        for number in range(count):
            name = f"Person {file.stem} {number}"
            since = f"2026-{chance.randint(1, 10):02}-{chance.randint(1, 28):02}"
            spoken = chance.choice(("en:8", "en:7; fr:6", "fr:9", "en:6; ar:10"))
            place = chance.choice(("Medicine Hat", "Redcliff"))
            mail = f"{file.stem}{number}@example.org"
            writer.writerow([name, mail, place, chance.choice(OCCUPATIONS), spoken, "1", since])
