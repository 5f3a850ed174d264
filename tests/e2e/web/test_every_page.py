"""Every page of a filled program, found by following links: in both languages, narrow and wide, light and dark.

Also in a language whose sentences are a third longer, and in one that is written from right to left.
"""

import csv
import html
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from node.demo.people import Typed, sheets
from node.web.app import ROOMS
from node.web.routes import pair
from tests.support.pseudo import BEGIN, write_catalogues
from tests.support.served import EMAIL, PASSWORD, Served, serve, signed_in

pytestmark = pytest.mark.timeout(400)  # the first test founds a program, and each walks over some fifty pages
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
VIOLATIONS = "axe.run().then(r => r.violations.map(v => `${v.id} at ${v.nodes.map(n => n.target).join(', ')}`))"
WIDTH = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OVER = (
    "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
    ".slice(0, 3).map(e => e.tagName + '.' + e.className)"
)
UNMARKED = """
[...document.querySelectorAll('button, legend, th[scope=col], dt, nav a')]
  .map(e => e.textContent.trim()).filter(t => t && !t.includes('%s'))
"""
LEAST_KINDS = 30
ON_PAPER = "/people/intake-sheet/"
"""Printed in both official languages at once, whatever the language of the page."""
HOME = ("Medicine Hat", "Redcliff")


def _fill(served: Served) -> None:
    """Thirty people, two of them together, one draft; and two further languages."""
    found = sheets(7, date(2026, 11, 1))[0]
    for kind, rows in (("mentors", found.mentors[:12]), ("mentees", found.mentees[:20])):
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


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("filled"), _fill) as served:
        yield served


def patterns() -> dict[str, re.Pattern[str]]:
    """Every address of a page, in order, with what it looks like."""
    app = FastAPI()
    for room in ROOMS:
        app.include_router(room)
    app.include_router(pair.router, prefix="/mentorships")
    paths = [path for path, methods in app.openapi()["paths"].items() if "get" in methods]
    return {path: re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path) + "$") for path in paths}


@pytest.fixture(scope="module")
def pages(filled: Served) -> dict[str, str]:
    """One address for every kind of page that links lead to from Today."""
    found = led_to(filled.url, EMAIL)
    # What is not here needs a federation, a participant or a link; it has tests of its own.
    assert len(found) >= LEAST_KINDS
    return found


def led_to(url: str, email: str, *start: str, within: tuple[str, ...] = ("/",)) -> dict[str, str]:
    """One address for every kind of page within some rooms that links lead to from Today, or from where one starts."""
    known, found, todo = patterns(), dict[str, str](), ["/", *start]
    with closing(signed_in(url, email)) as client:
        while todo:
            path = todo.pop(0)
            kind = next((kind for kind, pattern in known.items() if pattern.match(urlsplit(path).path)), None)
            if kind is None or kind in found or not (path == "/" or path.startswith(within)):
                continue
            answer = client.get(path)
            if answer.status_code == httpx.codes.CONFLICT:
                continue  # only members of a federation can
            assert answer.status_code == httpx.codes.OK, f"{path} answers {answer.status_code}"
            if answer.headers["content-type"].startswith("text/html"):
                found[kind] = path
                links = (html.unescape(link) for link in re.findall(r'href="(/[^"]*)"', answer.text))
                todo += [link for link in links if not link.startswith("/still/")]
    return found


@dataclass(frozen=True, slots=True)
class Look:
    """One way to look at the pages."""

    language: str
    width: int
    scheme: str


LOOKS = (Look("en", 1280, "light"), Look("fr", 320, "dark"))


def look_at(browser: Browser, url: str, look: Look, email: str = EMAIL) -> BrowserContext:
    """A browser in which somebody is signed in."""
    context = browser.new_context(
        base_url=url,
        viewport={"width": look.width, "height": 800},
        color_scheme="dark" if look.scheme == "dark" else "light",
        locale=f"{look.language}-CA",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"/sign-in?lang={look.language}")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile(r"/$"))
    return context


def wrong(page: Page, path: str, told: list[str]) -> list[str]:
    """What is wrong with a page: violations that axe knows of, something to scroll sideways, a broken policy."""
    del told[:]
    page.goto(path)
    page.evaluate(AXE)
    found = [*page.evaluate(VIOLATIONS), *told]
    if page.evaluate(WIDTH) > 0:
        found.append(f"is too wide: {page.evaluate(OVER)}")
    if page.locator("h1").count() != 1:
        found.append("has not one heading of the first level")
    return [f"{path} {one}" for one in found]


def untranslated(page: Page, path: str) -> list[str]:
    """What a page says that stands in no catalogue."""
    if path.startswith(ON_PAPER):
        return []
    return [f"{path} says {text!r}" for text in page.evaluate(UNMARKED % BEGIN) if re.search("[A-Za-z]{2}", text)]


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.language}-{look.width}-{look.scheme}")
def test_axe_finds_nothing_on_any_page_and_nothing_is_cut_off(
    browser: Browser, filled: Served, pages: dict[str, str], look: Look
) -> None:
    told: list[str] = []

    def tell(message: ConsoleMessage) -> None:
        if message.type == "error":
            told.append(message.text)

    context = look_at(browser, filled.url, look)
    page = context.pages[0]
    page.on("console", tell)
    page.on("pageerror", lambda error: told.append(str(error)))
    found = [one for path in pages.values() for one in wrong(page, path, told)]
    context.close()

    assert found == [], "\n".join(found)


def test_every_word_of_every_page_comes_from_the_catalogue(
    browser: Browser, filled: Served, pages: dict[str, str]
) -> None:
    context = look_at(browser, filled.url, Look("eo", 320, "light"))
    page, found = context.pages[0], []
    for path in pages.values():
        page.goto(path)
        found += untranslated(page, path)
        if page.evaluate(WIDTH) > 0:
            found.append(f"{path} is too wide: {page.evaluate(OVER)}")
    context.close()

    assert found == [], "\n".join(found)


def test_pages_run_from_right_to_left(browser: Browser, filled: Served, pages: dict[str, str]) -> None:
    context = look_at(browser, filled.url, Look("ar", 320, "light"))
    page, found = context.pages[0], []
    for path in pages.values():
        page.goto(path)
        if page.evaluate("getComputedStyle(document.body).direction") != "rtl":
            found.append(f"{path} runs from left to right")
        if page.evaluate(WIDTH) > 0:
            found.append(f"{path} is too wide: {page.evaluate(OVER)}")
    icon = page.locator(".brand img").bounding_box()
    context.close()

    assert found == [], "\n".join(found)
    assert icon
    assert icon["x"] > 160
