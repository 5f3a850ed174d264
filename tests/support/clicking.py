"""A coordinator at her browser: she reads, follows links, fills in forms and presses buttons, and runs no script."""

from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.served import PASSWORD
from tests.support.waiting import wait_until

_PATIENCE = 60.0
"""Seconds that letters between programs may take on a busy machine."""
_GLANCE = 0.25
"""Seconds between two looks at a page: enough for the programs to get on with it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Her browser; what a link or a button is called names it."""

    page: Page

    @classmethod
    def of(cls, browser: Browser, url: str, email: str) -> "Desk":
        """Sign in."""
        context = browser.new_context(base_url=url, java_script_enabled=False, locale="en-CA")
        desk = cls(context.new_page())
        desk.page.goto("/sign-in")
        desk.fill({"E-mail address": email, "Password": PASSWORD})
        desk.press("Sign in")
        desk.sees("Today")
        return desk

    @property
    def main(self) -> Locator:
        """What the page is about."""
        return self.page.get_by_role("main")

    def follow(self, *names: str) -> None:
        """Follow one link after the other."""
        for name in names:
            with self.page.expect_navigation():
                self.page.get_by_role("link", name=name, exact=True).first.click()

    def press(self, name: str) -> None:
        """Press a button, and wait for the page that follows."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).last.click()

    def fill(self, fields: Mapping[str, str]) -> None:
        """Type into fields, by their labels."""
        for label, text in fields.items():
            self.page.get_by_label(label, exact=True).first.fill(text)

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def tick(self, name: str) -> None:
        """Choose one of several."""
        self.page.get_by_role("radio", name=name, exact=True).check()

    def sees(self, *texts: str) -> None:
        """All of it stands on the page."""
        for text in texts:
            expect(self.main).to_contain_text(text)

    def awaits(self, path: str, text: str) -> None:
        """Look at a page again and again until it says something."""

        def says_so() -> bool:
            self.page.goto(path)
            return text in self.main.inner_text()

        wait_until(says_so, within=_PATIENCE, what=f"{path} to say {text!r}", every=_GLANCE)

    def note_yes(self, given: str) -> None:
        """Write down a yes that was heard."""
        self.tick(given)
        self.press("Write it down")
        self.sees("The yes is written down.")
