"""Every page of a filled program, found by following links: in both languages, narrow and wide, light and dark.

In either language each page is also looked at in the other's width, at 200 % zoom, and in colours that somebody forces
upon it. Two further languages follow: one whose sentences are a third longer, one that is written from right to left.
"""

import html
import re
from contextlib import closing
from dataclasses import dataclass
from importlib import resources

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from node.domain.intake.question import Ask
from tests.e2e.web.test_without_script import link_to_her_page, sign_in_and_send_a_link
from tests.support.pseudo import BEGIN
from tests.support.served import EMAIL, PASSWORD, Served, signed_in
from tests.support.walking import kind_of, patterns

pytestmark = pytest.mark.timeout(400)  # the first test founds a program, and each walks over some fifty pages
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
VIOLATIONS = (
    "axe.run({resultTypes: ['violations']})"
    ".then(r => r.violations.map(v => `${v.id} at ${v.nodes.map(n => n.target).join(', ')}`))"
)
WIDTH = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OVER = (
    "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
    ".slice(0, 3).map(e => e.tagName + '.' + e.className)"
)
WORD = re.compile("[A-Za-z]{2}")
TO_FILL_IN = re.compile(r"\{[a-z]+\}")  # what a letter's text leaves open has one name in every language
UNMARKED = """
[...document.querySelectorAll('button, legend, th[scope=col], dt, nav a')]
  .map(e => e.textContent.trim()).filter(t => t && !t.includes('%s'))
"""
FAINT = """
[...document.querySelectorAll('main :is(button, .button, select, textarea, input:not([type=hidden]))')]
  .filter(e => e.checkVisibility() && !['checkbox', 'radio'].includes(e.type) && !e.classList.contains('away'))
  .filter(e => getComputedStyle(e).borderTopStyle === 'none' || !parseFloat(getComputedStyle(e).borderTopWidth))
  .map(e => `${e.tagName} ${e.name} ${e.textContent.trim()} has no edge`)
"""
OUTLINE = """
(() => {
  const first = document.querySelector('main :is(a[href], button, input:not([type=hidden]), select, summary)');
  if (!first) return '';
  first.focus({ focusVisible: true });
  return getComputedStyle(first).outlineStyle === 'none' ? `${first.tagName} has the focus unseen` : '';
})()
"""
LEAST_KINDS = 30
ZOOMED = 640
"""CSS pixels that are left of 1,280 at 200 %."""
ON_PAPER = "/people/intake-sheet/"
"""Printed in both official languages at once, whatever the language of the page."""


@pytest.fixture(scope="module")
def pages(served: Served) -> dict[str, str]:
    """One address for every kind of page that links lead to from Today."""
    found = led_to(served.url, EMAIL)
    # What is not here needs a federation, a participant or a link; it has tests of its own.
    assert len(found) >= LEAST_KINDS
    return found


def led_to(url: str, email: str, *start: str, within: tuple[str, ...] = ("/",)) -> dict[str, str]:
    """One address for every kind of page within some rooms that links lead to from Today, or from where one starts."""
    known, found, todo = patterns("get"), dict[str, str](), ["/", *start]
    with closing(signed_in(url, email)) as client:
        while todo:
            path = todo.pop(0)
            kind = kind_of(path, known)
            if not kind or kind in found or not (path == "/" or path.startswith(within)):
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


def a_browser(browser: Browser, url: str, look: Look) -> BrowserContext:
    """A browser in which nobody is signed in."""
    return browser.new_context(
        base_url=url,
        viewport={"width": look.width, "height": 800},
        color_scheme="dark" if look.scheme == "dark" else "light",
        locale=f"{look.language}-CA",
        reduced_motion="reduce",
    )


def look_at(browser: Browser, url: str, look: Look, email: str = EMAIL) -> BrowserContext:
    """A browser in which somebody is signed in."""
    context = a_browser(browser, url, look)
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
    return offends(page, told)


def offends(page: Page, told: list[str]) -> list[str]:
    """What is wrong with the page that is open."""
    page.evaluate(AXE)
    found = [*page.evaluate(VIOLATIONS), *told]
    if page.evaluate(WIDTH) > 0:
        found.append(f"is too wide: {page.evaluate(OVER)}")
    if page.locator("h1").count() != 1:
        found.append("has not one heading of the first level")
    return [f"{page.url} {one}" for one in found]


def otherwise(page: Page, look: Look) -> list[str]:
    """What cannot be told apart once somebody forces colours; what is wrong or cut off at 200 % and the other
    width.
    """
    page.emulate_media(forced_colors="active")
    found = [*page.evaluate(FAINT), page.evaluate(OUTLINE)]
    page.emulate_media(forced_colors="none")
    for width in (ZOOMED, *(one.width for one in LOOKS if one.width != look.width)):
        page.set_viewport_size({"width": width, "height": 400})
        found += [f"{one} at {width}" for one in page.evaluate(VIOLATIONS)]
        found.append(f"is too wide at {width}: {page.evaluate(OVER)}" if page.evaluate(WIDTH) > 0 else "")
    page.set_viewport_size({"width": look.width, "height": 800})
    return [f"{page.url} {one}" for one in found if one]


def untranslated(page: Page, path: str) -> list[str]:
    """What a page says that stands in no catalogue."""
    if path.startswith(ON_PAPER):
        return []
    return [
        f"{path} says {text!r}" for text in page.evaluate(UNMARKED % BEGIN) if WORD.search(TO_FILL_IN.sub("", text))
    ]


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.language}-{look.width}-{look.scheme}")
def test_axe_finds_nothing_on_any_page_and_nothing_is_cut_off(
    browser: Browser, served: Served, pages: dict[str, str], look: Look
) -> None:
    told: list[str] = []

    def tell(message: ConsoleMessage) -> None:
        if message.type == "error":
            told.append(message.text)

    context = look_at(browser, served.url, look)
    page = context.pages[0]
    page.on("console", tell)
    page.on("pageerror", lambda error: told.append(str(error)))
    found = []
    for path in pages.values():
        found += wrong(page, path, told)
        found += otherwise(page, look)
    context.close()

    assert found == [], "\n".join(found)


@pytest.mark.parametrize("kind", ["mentee", "mentor"])
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_axe_finds_nothing_on_any_page_of_a_newcomer(browser: Browser, served: Served, look: Look, kind: str) -> None:
    context = a_browser(browser, served.url, look)
    page = context.new_page()
    found = wrong(page, f"/join/{kind}?lang={look.language}", []) + otherwise(page, look)
    page.locator("main form button").first.click()
    page.wait_for_url("**/join/a/**")
    own = page.url.rpartition("/")[0]
    page.locator("main form button").first.click()
    page.get_by_role("alert").wait_for()
    found += offends(page, []) + otherwise(page, look)
    for step in Ask:
        asked = page.goto(f"{own}/{step}")
        if asked is not None and asked.ok:  # a question that this program does not ask is not there
            found += offends(page, []) + otherwise(page, look)
    found += wrong(page, f"{own}/check", []) + otherwise(page, look)
    context.close()

    assert found == [], "\n".join(found)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_axe_finds_nothing_on_any_page_of_a_participant(browser: Browser, served: Served, look: Look) -> None:
    staff = look_at(browser, served.url, LOOKS[0])
    sign_in_and_send_a_link(staff.pages[0], served)
    staff.close()
    context = a_browser(browser, served.url, look)
    page = context.new_page()
    found = wrong(page, f"/me/sign-in?lang={look.language}", []) + otherwise(page, look)
    found += wrong(page, link_to_her_page(served), []) + otherwise(page, look)
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile(r"/me$"))
    pair = page.locator("main a[href^='/me/pairs/']").first.get_attribute("href")
    for path in ("/me", pair, f"{pair}/agreement", f"{pair}/end"):
        found += wrong(page, str(path), []) + otherwise(page, look)
    context.close()

    assert found == [], "\n".join(found)


def test_every_word_of_every_page_comes_from_the_catalogue(
    browser: Browser, served: Served, pages: dict[str, str]
) -> None:
    context = look_at(browser, served.url, Look("eo", 320, "light"))
    page, found = context.pages[0], []
    for path in pages.values():
        page.goto(path)
        found += untranslated(page, path)
        if page.evaluate(WIDTH) > 0:
            found.append(f"{path} is too wide: {page.evaluate(OVER)}")
    context.close()

    assert found == [], "\n".join(found)


def test_pages_run_from_right_to_left(browser: Browser, served: Served, pages: dict[str, str]) -> None:
    context = look_at(browser, served.url, Look("ar", 320, "light"))
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
