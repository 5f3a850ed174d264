"""Every page of a filled program, found by following links: in both languages, narrow and wide, light and dark.

Also in a language whose sentences are a third longer, and in one that is written from right to left; at 200 % zoom, and
in colours that somebody forces upon every page. At the end every form is sent by a browser that runs no script.
"""

import csv
import html
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from email import message_from_bytes, policy
from importlib import resources
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from federation.ground.clock import SystemClock
from node.demo.people import Typed, sheets
from tests.support.processes import ROOT
from tests.support.pseudo import BEGIN, write_catalogues
from tests.support.served import EMAIL, PASSWORD, Served, serve, signed_in
from tests.support.waiting import wait_until
from tests.support.walking import Walk, kind_of, patterns

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
HOME = ("Medicine Hat", "Redcliff")


def _fill(served: Served) -> None:
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


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("filled"), _fill, hosted=True) as served:
        yield served


@pytest.fixture(scope="module")
def pages(filled: Served) -> dict[str, str]:
    """One address for every kind of page that links lead to from Today."""
    found = led_to(filled.url, EMAIL)
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


def forced(page: Page) -> list[str]:
    """What cannot be told apart once somebody forces colours, and what is cut off at 200 %."""
    page.emulate_media(forced_colors="active")
    found = [*page.evaluate(FAINT), page.evaluate(OUTLINE)]
    page.emulate_media(forced_colors="none")
    page.set_viewport_size({"width": ZOOMED, "height": 400})
    found.append(f"is too wide at 200 %: {page.evaluate(OVER)}" if page.evaluate(WIDTH) > 0 else "")
    page.set_viewport_size({"width": LOOKS[0].width, "height": 800})
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
    found = []
    for path in pages.values():
        found += wrong(page, path, told)
        found += forced(page) if look is LOOKS[0] else []
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


SOON = (SystemClock().now() + timedelta(days=60)).date().isoformat()
COLUMNS = ("name", "email", "occupation", "languages", "community")
TYPED = {
    **dict.fromkeys(("password", "old", "again"), PASSWORD),
    **dict.fromkeys(("until", "day", "review_on", "ends_on"), SOON),
    **{f"column-{number}": name for number, name in enumerate(COLUMNS)},
    "kind": "mentee",
    "seats": "1",
    "years_experience": "2",
    "time_zone": "America/Edmonton",
    "limits.language_level": "5",
    "text": "Some words",
    "textarea": "Some words",
    "search": "engineer",
    "tel": "403 555 0100",
    "number": "2",
    "email": "somebody@example.org",
    "date": "2026-06-01",
    "time": "18:30",
    "community": "Brooks",
    "language-1": "en",
    "occupation-words": "21300",
    "minutes": "60",
    "title": "Engineer",
}
LATER = ("/publish", "/settings/rules", "discard", "erase", "/end", "turn-down", "/take-back", "/off")
LAST = ("/account/password", "second-factor", "sessions", "sign-out")
FAR_AWAY = "test_whom_nobody_at_home_can_help_meets_somebody_far_away_and_an_office_sends_its_letter_by_hand"
SENT_BY = {
    "/again": "test_what_was_typed_comes_back_after_signing_in_and_is_sent_once_she_says_so",
    "/me/again": "test_what_she_typed_when_her_session_ended_is_shown_to_her_again",
    "/account/passkeys": "test_a_passkey_is_added_signs_in_and_is_removed",
    "/account/passkeys/add": "test_a_passkey_is_added_signs_in_and_is_removed",
    "/account/passkeys/remove": "test_a_passkey_is_added_signs_in_and_is_removed",
    "/account/provider": "test_who_is_signed_in_links_her_own_account_with_her_password_and_unlinks_it",
    "/account/provider/unlink": "test_who_is_signed_in_links_her_own_account_with_her_password_and_unlinks_it",
    "/account/second-factor/change": "test_a_recovery_code_works_once_and_new_ones_replace_the_old",
    "/matching/drafts/{draft}/sign": "test_a_reviewer_signs_off_and_changes_nothing",
    "/others/anonymous/attest": "test_an_anonymous_request_goes_its_whole_way_by_forms",
    "/others/anonymous/close/{card}": "test_nobody_is_posted_whom_a_mentor_here_could_serve_or_without_her_yes",
    "/others/anonymous/offers/{mentee}/{offer}/pass": "test_an_offer_that_is_passed_on_is_shown_no_more",
    "/others/anonymous/offers/{mentee}/{offer}/take": "test_an_anonymous_request_goes_its_whole_way_by_forms",
    "/others/anonymous/{card}/{mentor}/{reply}": "test_an_anonymous_request_goes_its_whole_way_by_forms",
    "/others/new/{mentee}": FAR_AWAY,
    "/others/new/{mentee}/anonymous": "test_an_anonymous_request_goes_its_whole_way_by_forms",
    "/others/node/letters/{message}/retry": "test_who_belongs_and_how_we_stand_is_told_in_words",
    "/others/node/sending/{sending}": "test_who_belongs_and_how_we_stand_is_told_in_words",
    "/others/offers": "test_what_others_offer_is_on_a_map_and_in_a_table",
    "/others/requests/{thread}/{deed}": FAR_AWAY,
    "/people/arrivals/{application}/erase": "test_what_somebody_answered_is_erased_when_she_asks_for_it",
    "/people/arrivals/{application}/turn-down": "test_somebody_is_turned_down_with_a_reason_and_forgotten_in_time",
    "/privacy/agree": FAR_AWAY,
    "/privacy/publish": "test_who_is_listed_elsewhere_is_found_and_asked_with_the_yes_that_is_written_down",
    "/settings/texts/{letter}/usual": "test_own_words_are_looked_at_stored_sent_and_taken_back",
    "/sign-in/code": "test_a_second_factor_is_set_up_with_the_password_and_asked_for_from_then_on",
    "/sign-in/passkey": "test_a_passkey_is_added_signs_in_and_is_removed",
    "/sign-in/passkey/ask": "test_a_passkey_is_added_signs_in_and_is_removed",
}
"""Forms that need a device, a second person, a provider of accounts or a federation; and the test that sends each."""


def late(action: str) -> int:
    """What ends something is sent late, what ends the session last."""
    order = (*LATER, *LAST)
    return next((number for number, one in enumerate(order, start=1) if one in action), 0)


def a_visitor(browser: Browser, served: Served) -> Page:
    """A phone that runs no script."""
    context = browser.new_context(
        base_url=served.url, java_script_enabled=False, locale="en-CA", viewport={"width": 320, "height": 480}
    )
    return context.new_page()


def test_every_form_is_sent_by_a_browser_that_runs_no_script(browser: Browser, filled: Served) -> None:
    file = filled.data.parent / "two.csv"
    file.write_text(TWO, "utf-8")

    def walk(*never: str) -> Walk:
        return Walk(page=a_visitor(browser, filled), values=TYPED, file=file, late=late, never=never)

    asks, newcomer, staff = walk(*ENDS), walk(*ANSWERS), walk("/join/", "/me/", "/password/")
    asks("/join/mentee")
    wait_until(lambda: is_sent(asks), within=60, what="a machine is slow enough to pass for a person", every=1)
    newcomer("/join/mentee", password_link(filled), "/me/sign-in", "/sign-in")
    elsewhere = [signed_in(filled.url) for _ in range(2)]
    mentee = sign_in_and_send_a_link(staff.page, filled)
    participant = walk("/join/", "/sign-in")
    participant(link_to_her_page(filled))
    for _ in range(2):
        sign_in_and_send_a_link(staff.page, filled, mentee)
        staff.sends_again("/matching/drafts")
        staff("/")
    walks = (asks, newcomer, staff, participant)
    for one in walks:
        one.page.context.close()
    for session in elsewhere:
        session.close()

    sent = {form.action for one in walks for form in one.sent}
    assert [wrong for one in walks for wrong in one.wrong] == []
    assert set(patterns("post")) - sent == set(SENT_BY)
    tests = "".join(file.read_text("utf-8") for file in ROOT.glob("tests/**/test_*.py"))
    assert [name for name in SENT_BY.values() if f"def {name}(" not in tests] == []


ENDS = ("/join/a/{link}/take-back",)
ANSWERS = ("/join/a/{link}/check", "/join/a/{link}/{step}")
TWO = (
    f"{','.join(COLUMNS)}\n"
    "Ada Byron,ada@example.org,Xylophage,en:9,Redcliff\n"
    "Bo Li,bo@example.org,21300,en:9,Redcliff\n"
)


def is_sent(asks: Walk) -> bool:
    """Whether the answers are with the program; they are sent once more where that was too quick for a person."""
    asks.page.goto(next(path for form, path in asks.seen.items() if form.action.endswith("/check")))
    if not asks.page.url.endswith("/check"):
        return True
    asks.page.locator("main form:not([action]) button").last.click()
    return asks.page.get_by_role("alert").count() == 0


def password_link(served: Served) -> str:
    """Where somebody may choose a password: the one she has."""
    found = re.search(r"/password/\S+", served.run("users", "link", EMAIL))
    assert found
    return found[0]


def sign_in_and_send_a_link(page: Page, served: Served, mentee: str = "") -> str:
    """A coordinator is in; the first time she sends a mentee who has a mentor the link to her page."""
    page.goto("/sign-in")
    if page.locator("input[name=password]").count():
        page.locator("input[name=email]").fill(EMAIL)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button").first.click()
        page.wait_for_url(re.compile(r"/$"))
    if not mentee:
        page.goto("/mentorships")
        page.get_by_role("main").locator("a[href^='/mentorships/']").first.click()
        page.get_by_role("main").locator("a[href^='/people/']").first.click()
        mentee = page.url
        page.get_by_role("button", name="Send a link to their own page").click()
        served.run("letters", "send")
    return mentee


def link_to_her_page(served: Served) -> str:
    """As her letter names it."""
    letters = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in served.data.rglob("*.eml")]
    texts = [str(body.get_content()) for one in letters if (body := one.get_body(("plain",)))]
    (link,) = (found[0] for text in texts if (found := re.search(r"/me/link/\S+", text)))
    return link
