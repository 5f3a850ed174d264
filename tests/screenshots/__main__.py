"""`make screenshots`: photographs the pages of a program that takes part in the demo's federation, in both languages.

The demo is started as a person starts it, a draft is made by its button, and each page is found by following links. The
newcomer's pages come from a small program that is hosted.
"""

import html
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.chromium import FLAGS, chromium
from tests.support.processes import ROOT
from tests.support.served import serve, signed_in
from tests.support.waiting import wait_until

OUT = ROOT / "docs" / "screenshots"
WIDE, PHONE, TALL = 1100, 390, 1000
QUALITY = 62
_ID = r"[0-9a-f]{8}-[0-9a-f-]{27}"
_NAME, _VALUE = re.compile(r' name="([^"]*)"'), re.compile(r' value="([^"]*)"')
_SIGN_IN = re.compile(r"^(.+): (http://\S+)  (\S+)  (\S+)$")


@dataclass(frozen=True, slots=True)
class Shown:
    """A program that is up, and who signs in."""

    name: str
    url: str
    email: str
    password: str


@contextmanager
def demo() -> Iterator[tuple[Shown, ...]]:
    """The three programs of the story, once it has been told."""
    started = subprocess.Popen(
        [sys.executable, "-m", "node.demo"], cwd=ROOT, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    try:
        found: list[Shown] = []
        assert started.stdout is not None
        for line in started.stdout:
            sys.stderr.write(line)
            if match := _SIGN_IN.match(line.strip()):
                found.append(Shown(*match.groups()))
            if len(found) == 3:
                break
        if len(found) != 3:
            raise SystemExit("the demo did not come up")
        yield tuple(found)
    finally:
        started.send_signal(signal.SIGINT)
        started.wait(timeout=60)


def link(client: httpx.Client, page: str, wanted: str, number: int = 0) -> str:
    """The address of a link on a page that looks as wanted."""
    found = [html.unescape(one) for one in re.findall(rf'href="({wanted})"', client.get(page).text)]
    if len(found) <= number:
        raise SystemExit(f"{page} has no link like {wanted}")
    return found[number]


def token(client: httpx.Client, page: str) -> str:
    """What a form on a page is sent with."""
    found = re.search(r'name="token" value="(\w+)"', client.get(page).text)
    return found[1] if found else ""


def begin(ours: Shown, theirs: Shown) -> None:
    """A pair that has just begun, and a request of another program that waits for an answer."""
    with closing(signed_in(ours.url, ours.email, ours.password)) as client:
        cases = re.findall(rf'href="(/matching/{_ID})"', client.get("/matching").text)
        fits = (re.search(rf'href="({case}/ask/{_ID})"', client.get(case).text) for case in cases)
        together = next(found[1] for found in fits if found)
        client.post(together, data={"token": token(client, together)})
        with closing(signed_in(theirs.url, theirs.email, theirs.password)) as other:
            ask(other, ours.name)
        wait_until(lambda: f"{theirs.name} looks for a mentor" in client.get("/").text, within=120, what="a request")


def ask(client: httpx.Client, program: str) -> None:
    """Ask a program for the first mentee for whom it lists somebody."""
    wanted = rf'class="button small" href="([^"]+)">See what {program} would read'
    for mentee in re.findall(rf'href="/matching/({_ID})"', client.get("/matching").text):
        if found := re.search(wanted, client.get(f"/others/new/{mentee}").text):
            page = client.get(html.unescape(found[1]))
            filled = [one for one in re.findall(r"<input [^>]+>", page.text) if 'type="radio"' not in one]
            fields = {
                name[1]: value[1] for one in filled if (name := _NAME.search(one)) and (value := _VALUE.search(one))
            }
            client.post(f"/others/new/{mentee}", data={**fields, "given": "phone"})
            return
    raise SystemExit(f"{program} lists nobody who could help")


def of_staff(client: httpx.Client) -> dict[str, str]:
    """The pages of the guide, by the name of their picture."""
    mentee = link(client, "/matching", rf"/matching/{_ID}", 3)
    draft = client.post("/matching/drafts", data={"token": token(client, "/matching")})
    return {
        "today": "/",
        "people": "/people",
        "person": link(client, "/people?kind=mentor", rf"/people/{_ID}"),
        "matching": mentee,
        "draft": draft.url.path,
        "requests": "/others/requests",
        "request": link(client, "/others", rf"/others/requests/{_ID}"),
        "offers": "/others/offers",
        "mentorship": link(client, "/mentorships", rf"/mentorships/{_ID}"),
        "privacy": "/privacy",
        "ledger": "/privacy/ledger",
        "rules": "/settings/rules",
    }


def photograph(page: Page, name: str, address: str, language: str) -> None:
    """One page in one language."""
    page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
    page.evaluate("document.querySelectorAll('details.who').forEach(one => one.open = false)")
    file = OUT / f"{name}.{language}.jpg"
    width = page.evaluate("innerWidth")
    page.set_viewport_size({"width": width, "height": min(page.evaluate("document.body.scrollHeight"), TALL)})
    page.screenshot(path=file, type="jpeg", quality=QUALITY)
    sys.stderr.write(f"{file.relative_to(ROOT)}  {file.stat().st_size // 1_000} kB\n")


def desk(browser: Browser, shown: Shown) -> None:
    """The coordinator's pages."""
    context = browser.new_context(base_url=shown.url, viewport={"width": WIDE, "height": 800})
    page = context.new_page()
    page.goto("/sign-in?lang=en")
    page.locator("input[name=email]").fill(shown.email)
    page.locator("input[name=password]").fill(shown.password)
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile(r"/$"))
    with closing(signed_in(shown.url, shown.email, shown.password)) as client:
        for name, address in of_staff(client).items():
            for language in ("en", "fr"):
                photograph(page, name, address, language)
    context.close()


def phone(browser: Browser, folder: Path) -> None:
    """The newcomer's first pages."""
    with serve(folder, lambda _: None, hosted=True) as served:
        context = browser.new_context(base_url=served.url, viewport={"width": PHONE, "height": 760})
        page = context.new_page()
        for language in ("en", "fr"):
            photograph(page, "intake", "/join/mentee", language)
        page.locator("main form button").first.click()
        for language in ("en", "fr"):
            photograph(page, "intake-question", page.url.removeprefix(served.url).partition("?")[0], language)
        context.close()


def main() -> None:
    """Photograph everything."""
    OUT.mkdir(exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mentorweave-screenshots-")))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        phone(browser, folder)
        shown = stack.enter_context(demo())
        begin(shown[0], shown[2])
        desk(browser, shown[0])
        browser.close()


if __name__ == "__main__":
    main()
