"""A passkey in a real Chromium with a virtual device: added, refused, used to sign in, removed; axe on its pages."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.e2e.web.conftest import EMAIL, PASSWORD, Served
from tests.e2e.web.test_first_page import check

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def at_home(browser: Browser, served: Served) -> Iterator[Page]:
    """Browsers keep passkeys for a name, so this machine is called by its own."""
    context = browser.new_context(base_url=served.url.replace("127.0.0.1", "localhost"), locale="en-CA")
    yield context.new_page()
    context.close()


def device(page: Page) -> tuple[CDPSession, str]:
    developer = page.context.new_cdp_session(page)
    developer.send("WebAuthn.enable")
    added = developer.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return developer, str(added["authenticatorId"])


def test_a_passkey_is_added_signs_in_and_is_removed(at_home: Page) -> None:
    page = at_home
    developer, name = device(page)
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/account/passkeys")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Add this device").click()
    page.get_by_role("button", name="Make the passkey now").click()
    expect(page.get_by_role("status")).to_have_text("The passkey is added.")
    assert len(developer.send("WebAuthn.getCredentials", {"authenticatorId": name})["credentials"]) == 1

    page.context.clear_cookies()
    page.goto("/sign-in")
    page.get_by_role("button", name="Use a passkey").click()
    developer.send("WebAuthn.setUserVerified", {"authenticatorId": name, "isUserVerified": False})
    page.get_by_role("button", name="Ask my device").click()
    expect(page.get_by_role("alert")).to_contain_text("That did not work")
    developer.send("WebAuthn.setUserVerified", {"authenticatorId": name, "isUserVerified": True})
    page.get_by_role("button", name="Ask my device").click()
    expect(page).to_have_url(re.compile(r"localhost:\d+/$"))
    page.set_viewport_size({"width": 320, "height": 800})
    for path in ("/account/password", "/account/second-factor", "/account/passkeys", "/account"):
        page.goto(path)
        check(page, 320)
    expect(page.get_by_text("with a passkey")).to_be_visible()

    page.goto("/account/passkeys")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("status")).to_have_text("The passkey is removed.")
    expect(page.get_by_role("button", name="Remove")).to_have_count(0)
