"""Signing in, Today and signing out, as a coordinator does it in a real browser, in both languages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.web.conftest import EMAIL, PASSWORD, Served

WORDS = {
    "en": (
        "Sign in",
        "Today",
        "A letter to Olena Kovalenko lies in the folder of letters",
        "Sign out",
        "There is a problem",
        "E-mail address",
        "Password",
    ),
    "fr": (
        "Se connecter",
        "Aujourd'hui",
        "Une lettre à Olena Kovalenko se trouve dans le dossier des lettres",
        "Se déconnecter",
        "Il y a un problème",
        "Adresse courriel",
        "Mot de passe",
    ),
}


@dataclass(frozen=True, slots=True)
class Look:
    """One way to look at the pages."""

    language: str
    width: int
    scheme: str


LOOKS = (Look("en", 320, "dark"), Look("fr", 1280, "light"))
"""Every page is looked at in the other two ways."""


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look.language}-{look.width}-{look.scheme}")
def look(request: pytest.FixtureRequest) -> Look:
    chosen: Look = request.param
    return chosen


@pytest.fixture
def scriptless(browser: Browser, base_url: str, look: Look) -> Iterator[BrowserContext]:
    """A browser that runs no script of any page and notes what it asks others for."""
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": look.width, "height": 800},
        color_scheme="dark" if look.scheme == "dark" else "light",
        locale=f"{look.language}-CA",
        java_script_enabled=False,
    )
    yield context
    context.close()


def sign_in(page: Page, language: str, password: str = PASSWORD) -> None:
    do, *_, email, secret = WORDS[language]
    page.goto(f"/sign-in?lang={language}")
    page.get_by_label(email).fill(EMAIL)
    page.get_by_label(secret).fill(password)
    page.get_by_role("button", name=do).click()


def test_a_coordinator_signs_in_sees_today_and_signs_out_without_a_script(
    scriptless: BrowserContext, base_url: str, look: Look
) -> None:
    do, today, letter, out, *_ = WORDS[look.language]
    asked: list[str] = []
    page = scriptless.new_page()
    page.on("request", lambda request: asked.append(request.url))

    sign_in(page, look.language)
    expect(page.get_by_role("heading", level=1, name=today)).to_be_visible()
    expect(page.get_by_role("heading", level=2, name=letter)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", f"{look.language}-CA")
    page.locator("summary").click()
    page.get_by_role("button", name=out, exact=True).click()
    expect(page.get_by_role("button", name=do)).to_be_visible()
    page.goto("/")

    expect(page).to_have_url(re.compile("/sign-in$"))
    assert [url for url in asked if not url.startswith(base_url)] == []


@pytest.fixture
def page_of_look(browser: Browser, base_url: str, look: Look) -> Iterator[Page]:
    """A page in which axe may run; scripts of pages are kept out by their own policy."""
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": look.width, "height": 800},
        color_scheme="dark" if look.scheme == "dark" else "light",
        locale=f"{look.language}-CA",
        reduced_motion="reduce",
    )
    yield context.new_page()
    context.close()


AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
VIOLATIONS = "axe.run().then(r => r.violations.map(v => `${v.id} at ${v.nodes.map(n => n.target).join(', ')}`))"


def check(page: Page, width: int) -> None:
    """No violation axe knows of, and nothing to scroll sideways."""
    page.evaluate(AXE)
    assert page.evaluate(VIOLATIONS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_axe_finds_nothing_on_any_page(page_of_look: Page, served: Served, look: Look) -> None:
    page = page_of_look
    link = served.run("users", "link", EMAIL)
    path = re.search(r"/password/\S+", link)
    assert path is not None

    page.goto("/sign-in")
    check(page, look.width)
    sign_in(page, look.language, "not the password")
    expect(page.get_by_role("alert")).to_contain_text(WORDS[look.language][4])
    check(page, look.width)
    for address in (path[0], "/nowhere"):
        page.goto(address)
        check(page, look.width)
    sign_in(page, look.language)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    check(page, look.width)
    page.locator("summary").click()
    check(page, look.width)


def test_everything_is_reached_by_keyboard_and_the_focus_is_seen(page: Page) -> None:
    page.goto("/sign-in?lang=en")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(page.get_by_label("E-mail address")).to_be_focused()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()
    assert outline == "solid"


def test_a_mistake_is_summed_up_and_leads_to_its_field(page: Page) -> None:
    page.goto("/sign-in?lang=en")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").get_by_role("link", name="Enter your password.").click()

    expect(page.get_by_label("Password")).to_be_focused()
    expect(page.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    expect(page).to_have_title(re.compile("^Error: Sign in"))


def test_the_language_is_switched_at_the_foot_and_remembered(page: Page) -> None:
    page.goto("/sign-in?lang=en")
    page.get_by_role("contentinfo").get_by_role("link", name="Français").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Connexion")
    page.goto("/sign-in")

    expect(page.get_by_role("heading", level=1)).to_have_text("Connexion")


def test_another_site_can_neither_post_here_nor_show_a_page_in_a_frame(page: Page, base_url: str) -> None:
    sign_in(page, "en")
    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()
    page.goto("about:blank")
    page.set_content(
        f'<iframe src="{base_url}/sign-in"></iframe>'
        f'<form method="post" action="{base_url}/sign-out-everywhere"><button>go</button></form>'
    )
    expect(page.frame_locator("iframe").get_by_label("Password")).to_have_count(0)
    page.get_by_role("button", name="go").click()
    expect(page.locator("body")).to_contain_text("403 Forbidden")
    page.goto("/")

    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()


def test_a_chosen_password_opens_the_door(page: Page, served: Served) -> None:
    served.run("users", "add", "--name", "Robin Tremblay", "--email", "robin@example.org")
    link = re.search(r"http\S+", served.run("users", "link", "robin@example.org"))
    assert link is not None
    page.goto(f"/password/{link[0].rpartition('/')[2]}?lang=en")
    page.get_by_label("New password").fill("seven geese over the river")
    page.get_by_label("The same password again").fill("seven geese over the river")
    page.get_by_role("button", name="Keep this password").click()
    expect(page.get_by_role("status")).to_have_text("Your password is set. Sign in with it.")
    page.get_by_label("E-mail address").fill("robin@example.org")
    page.get_by_label("Password").fill("seven geese over the river")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()


def test_a_long_form_is_filled_in_by_keyboard_and_loses_nothing_when_the_session_ends(page: Page) -> None:
    sign_in(page, "en")
    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()
    page.goto("/people/new?kind=mentee")
    seen = [walked(page, TO_TYPE) for _ in range(MOST_STOPS)]
    reached = seen[: seen.index("the end")]
    assert {"name", "email", "language-1", "slots", "topics", "notes", "Save"} <= set(reached)
    assert not [one for one in reached if "unseen" in one or "outside" in one]

    page.context.clear_cookies()
    page.get_by_label("Full name").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your session has ended")
    with page.context.expect_page() as beside:
        page.get_by_role("main").get_by_role("link").first.click()
    sign_in(beside.value, "en")
    expect(beside.value.get_by_role("heading", level=1, name="Today")).to_be_visible()
    page.get_by_role("main").get_by_role("button").click()
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("alert")).to_contain_text("Languages")  # what is missing is told, what was typed is there
    expect(page.get_by_label("Full name")).to_have_value(TO_TYPE["name"])
    page.get_by_label("Language 1", exact=True).select_option(label="English")
    page.locator("#community").select_option(label="Redcliff")
    page.get_by_role("button", name="Save").last.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The person is taken in.")


TO_TYPE = {"name": "Sofia Marin", "email": "sofia@example.org", "notes": "Came by", "occupation-words": "21300"}
MOST_STOPS = 120
FOCUSED = """
(() => {
  const e = document.activeElement, box = e.getBoundingClientRect();
  if (e === document.body || e.closest('footer')) return 'the end';
  const name = e.name || e.textContent.trim();
  if (getComputedStyle(e).outlineStyle === 'none') return `${name} is unseen`;
  return box.bottom < 0 || box.top > innerHeight ? `${name} is outside` : name;
})()
"""


def walked(page: Page, typed: dict[str, str]) -> str:
    """Go on to the next field, and type what is to be typed there: its name, or what is wrong with its focus."""
    page.keyboard.press("Tab")
    name = str(page.evaluate(FOCUSED))
    if name in typed:
        page.keyboard.type(typed[name])
    return name


def test_going_back_and_reloading_never_send_a_form_again(page: Page) -> None:
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    sign_in(page, "en")
    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()
    page.goto("/settings/rules")
    page.get_by_role("button", name="See the effect").click()
    expect(page).to_have_url(re.compile("/shown/"))
    effect = page.get_by_role("main").inner_text()
    sent = len(posted)

    page.reload()
    assert page.get_by_role("main").inner_text() == effect
    page.goto("/people")
    page.go_back()
    assert page.get_by_role("main").inner_text() == effect
    assert len(posted) == sent
