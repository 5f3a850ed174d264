"""Every form of a filled program, sent by a browser that runs no script: empty where it asks, then filled in."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import Browser, Page

from federation.ground.clock import SystemClock
from tests.support.processes import ROOT
from tests.support.served import EMAIL, PASSWORD, Served, signed_in
from tests.support.waiting import wait_until
from tests.support.walking import Walk, patterns

pytestmark = pytest.mark.timeout(400)  # founds a program, and sends some two hundred forms
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
    "/again": "test_a_long_form_is_filled_in_by_keyboard_and_loses_nothing_when_the_session_ends",
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
    "/others/anonymous/offers/{mentee}/yes": "test_a_place_is_asked_for_once_her_yes_is_written_down",
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


def test_every_form_is_sent_by_a_browser_that_runs_no_script(browser: Browser, served: Served) -> None:
    file = served.data.parent / "two.csv"
    file.write_text(TWO, "utf-8")

    def walk(*never: str) -> Walk:
        return Walk(page=a_visitor(browser, served), values=TYPED, file=file, late=late, never=never)

    asks, newcomer, staff = walk(*ENDS), walk(*ANSWERS), walk("/join/", "/me/", "/password/")
    asks("/join/mentee")
    wait_until(lambda: is_sent(asks), within=60, what="a machine is slow enough to pass for a person", every=1)
    newcomer("/join/mentee", password_link(served), "/me/sign-in", "/sign-in")
    elsewhere = [signed_in(served.url) for _ in range(2)]
    mentee = sign_in_and_send_a_link(staff.page, served)
    participant = walk("/join/", "/sign-in")
    participant(link_to_her_page(served))
    for _ in range(2):
        sign_in_and_send_a_link(staff.page, served, mentee)
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
    checks = [path for form, path in asks.seen.items() if form.action.endswith("/check")]
    assert checks, f"the questions did not come to their end: {sorted(form.action for form in asks.seen)}"
    asks.page.goto(checks[0])
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
    """As her newest letter names it."""
    files = sorted(served.data.rglob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    letters = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    texts = [str(body.get_content()) for one in letters if (body := one.get_body(("plain",)))]
    return [found[0] for text in texts if (found := re.search(r"/me/link/\S+", text))][-1]
