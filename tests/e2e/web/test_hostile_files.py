"""Hostile files, chosen and sent in a real browser: refused in words or shown with what to mend, and nothing runs."""

import re

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page

from tests.e2e.web.test_every_page import Look, look_at
from tests.support.hostile_files import HOSTILE, Hostile
from tests.support.served import Served

RUN = re.compile("<script>alert|<img src=x onerror|<svg onload|root:x|49 49|Traceback")
LEAST = 50


@pytest.mark.timeout(240)
def test_fifty_hostile_files_are_sent_by_a_browser_and_nobody_comes_in_and_nothing_runs(
    browser: Browser, served: Served
) -> None:
    before = [*served.ids("mentees"), *served.ids("mentors")]
    context = look_at(browser, served.url, Look("en", 1280, "light"))
    page, wrong = context.pages[0], list[str]()

    def tell(message: ConsoleMessage) -> None:
        if message.type == "error" and "422" not in message.text:
            wrong.append(message.text)

    def answer(dialog: Dialog) -> None:
        wrong.append(dialog.message)
        dialog.dismiss()

    page.on("console", tell)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", answer)
    page.goto("/people/import")
    for name, one in HOSTILE.items():
        wrong += [f"{name}: {fault}" for fault in brought(page, one)]
    context.close()

    assert len(HOSTILE) >= LEAST
    assert wrong == []
    assert [*served.ids("mentees"), *served.ids("mentors")] == before


def brought(page: Page, one: Hostile) -> list[str]:
    """Choose a file, send it, and look at its rows where it has any: what is wrong with the answers."""
    if not page.locator("input[type=file]").count():
        page.goto("/people/import")
    page.locator("input[type=file]").set_input_files({"name": one.name, "mimeType": "text/csv", "buffer": one.made()})
    with page.expect_navigation():
        page.locator("main form button").first.click()
    if page.locator("input[type=file]").count():
        alert = page.get_by_role("alert")
        told = alert.inner_text() if alert.count() else ""
        return [] if told and re.search(one.said, told) else [f"says {told!r} instead of {one.said!r}"]
    faults = ["is taken for a list"] if one.said else []
    page.locator("select[name=kind]").select_option("mentee")
    page.locator("input[name=partly]").uncheck()  # nobody comes in where one row of a file is wrong
    columns = page.locator("select[name^=column-]")
    if not any(columns.evaluate_all("found => found.map(one => one.value)")):
        columns.first.select_option("name")
    with page.expect_navigation():
        page.locator("main form button").last.click()
    if RUN.search(page.locator("main").inner_html()):
        faults.append("is shown as it came")
    if not page.get_by_role("alert").count() and not re.search("rows? to mend", page.locator("main").inner_text()):
        faults.append("has nothing to mend")
    if page.locator("form[action$='/bring']").count():
        faults.append("could be brought in")
    return faults
