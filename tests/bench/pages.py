"""Server time of every page that links lead to, in a program of many people, on SQLite, as its log tells; a phone."""

import csv
import html
import random
import re
from collections import defaultdict
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import quantiles

import httpx

from tests.bench import phone
from tests.bench.registry import Figure, Size
from tests.support.served import Served, serve, signed_in
from tests.support.walking import kind_of, patterns

COLUMNS = ("name", "email", "community", "occupation", "languages", "seats", "waiting_since")
OCCUPATIONS = ("21300", "31301", "21232", "31102", "41221", "72200", "63200", "82021", "21112", "31202")
SEARCHES = ("/people?kind=mentor&language=fr", *(f"/people?kind=mentee&occupation={code}" for code in OCCUPATIONS[:3]))
MOST_MS = 100
_LINE = re.compile(r"method=GET ms=(\d+) route=(\S+) status=200")


def run(folder: Path, size: Size) -> list[Figure]:
    """The 95th percentile of every kind of page; the first request of each kind, which loads code, is left out."""
    people, times = size.pick(20_000, 40), size.pick(40, 3)
    with serve(folder, partial(_fill, folder, people), hosted=True) as served, closing(signed_in(served.url)) as client:
        found = _walked(client)
        several = {kind: _of_kind(client, kind) for kind in ("mentee", "mentor")}
        one = next(path for kind, path in found.items() if kind == "/people/{person}").split("/")[2]
        for number in range(times):
            other = several["mentor" if one in several["mentor"] else "mentee"]
            for path in (*found.values(), *SEARCHES):
                asked = path.replace(one, other[number % len(other)])
                assert client.get(asked).status_code in {httpx.codes.OK, httpx.codes.CONFLICT}, asked
        at_2g = phone.figures(served.url)
    taken = defaultdict[str, list[int]](list)
    for took, route in _LINE.findall((folder / "serve.log").read_text("utf-8")):
        taken[route].append(int(took))
    lists = [_figure(route, found[1:], people) for route, found in sorted(taken.items()) if len(found) > times // 2 + 1]
    return [*lists, *at_2g]


def _fill(folder: Path, people: int, served: Served) -> None:
    """A quarter of everybody meets already; the rest is in a draft that waits."""
    for part, share, seats in (("first", people // 4, 1), ("rest", people - people // 4, 3)):
        for kind, count in (("mentees", share * 3 // 4), ("mentors", share // 4)):
            sheet = folder / f"{part}-{kind}.csv"
            _write(sheet, count, seats)
            served.run("people", "import", str(sheet), "--kind", kind)
        served.run("match", "draft")
        if part == "first":
            served.run("match", "publish", "--yes")


def _walked(client: httpx.Client) -> dict[str, str]:
    """One address for every kind of page that links lead to."""
    known, found, todo = patterns("get"), dict[str, str](), ["/"]
    while todo:
        path = todo.pop(0)
        kind = kind_of(path, known)
        if not kind or kind in found:
            continue
        answer = client.get(path)
        if answer.is_success and answer.headers["content-type"].startswith("text/html"):
            found[kind] = path
            links = (html.unescape(link) for link in re.findall(r'href="(/[^"]*)"', answer.text))
            todo += [link for link in links if not link.startswith(("/still/", "/join"))]
    return found


def _of_kind(client: httpx.Client, kind: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'href="/people/([0-9a-f-]{36})"', client.get(f"/people?kind={kind}").text)))


def _figure(route: str, taken: list[int], people: int) -> Figure:
    slow = quantiles(taken, n=20)[-1]
    return Figure(
        what=f"page {route} of a program with {people} people: 95th percentile of server time",
        figure=f"{slow:.0f} ms",
        target=f"under {MOST_MS} ms",
        met=slow < MOST_MS,
    )


def _write(file: Path, count: int, seats: int) -> None:
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
            writer.writerow([name, mail, place, chance.choice(OCCUPATIONS), spoken, seats, since])
