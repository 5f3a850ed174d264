"""How long a newcomer with a phone waits at 2G until she reads something: a real Chromium, its network slowed down."""

from playwright.sync_api import Page, sync_playwright

from tests.bench.registry import Figure
from tests.support.chromium import FLAGS, chromium
from tests.support.waiting import wait_until

BYTES_A_SECOND, LATENCY_MS = 250_000 / 8, 300
"""2G as browsers' own tools emulate it: 250 kbit/s, 300 ms."""
MOST_SECONDS = 3.0
_FIRST = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def figures(url: str) -> list[Figure]:
    """The first visit, and the page after it, whose files the phone has already."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        page = browser.new_page(base_url=url, viewport={"width": 320, "height": 640}, locale="fr-CA")
        link = page.context.new_cdp_session(page)
        link.send("Network.enable")
        speed = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
        link.send("Network.emulateNetworkConditions", {"offline": False, "latency": LATENCY_MS, **speed})
        page.goto("/join/mentee")
        first = _waited(page)
        page.locator("main form button").last.click()
        page.wait_for_url("**/name")
        second = _waited(page)
        browser.close()
    return [_figure("her first page", first), _figure("the first question behind it", second)]


def _waited(page: Page) -> float:
    """Seconds until something stood on the page."""
    wait_until(lambda: page.evaluate(_FIRST) is not None, within=60, what="something to read")
    return float(page.evaluate(_FIRST)) / 1000


def _figure(what: str, seconds: float) -> Figure:
    return Figure(
        what=f"a newcomer's phone at 2G (250 kbit/s, 300 ms): until {what} can be read",
        figure=f"{seconds:.1f} s",
        target=f"under {MOST_SECONDS:.0f} s",
        met=seconds < MOST_SECONDS,
    )
