"""The whole story by clicking: three programs join, and two people meet across programs, twice.

Medicine Hat works in an office and sends its letters by hand; Edmonton and Calgary are hosted. Coordinators run no
script; the mentee of Edmonton has a phone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.web.test_every_page import Look, led_to, look_at, otherwise, untranslated, wrong
from tests.support.clicking import Desk
from tests.support.three_programs import Federation, Running, three_programs
from tests.support.waiting import wait_until

pytestmark = pytest.mark.timeout(300)
SHEET = """Full name,Trade,E-mail,Phone,Town,Languages,Role,Meets,Places
Amina Haddad,21102,amina@example.org,403 555 0147,Medicine Hat,en:8,mentee,online,
Walter Friesen,21112,walter@example.org,403 555 0188,Medicine Hat,en:12,mentor,either,1
"""
GEOSCIENCE = "Geoscientists and oceanographers"
VETERINARIANS = "Veterinarians"
ELSEWHERE = ("/others", "/privacy", "/mentorships", "/letters")


@dataclass(frozen=True, slots=True)
class Story:
    """The federation, and who sits at which desk."""

    federation: Federation
    desks: dict[str, Desk]

    def program(self, place: str) -> Running:
        """Who is there."""
        return self.federation.programs[place]

    def introduce(self, home: str, host: str, mentee: str, mentor: str) -> str:
        """From what a coordinator finds on Today to two people who know each other; the path of the request."""
        at_home, at_host = self.desks[home], self.desks[host]
        asked, asking = self.program(host).name, self.program(home).name
        at_home.press(f"Ask {asked}")
        at_home.sees(f"For {mentee}.", f"It is {asked}'s move")
        path = urlsplit(at_home.page.url).path
        at_home.page.go_back()
        at_home.sees(f"{asked} is being asked already.")
        expect(at_home.page.get_by_role("button", name=f"Ask {asked}")).to_have_count(0)

        at_host.awaits("/", f"{asking} looks for a mentor")
        at_host.sees(f"Read the request, then ask a mentor of yours: {mentor}.")
        at_host.follow("Read the request")
        at_host.sees(f"A mentee of {asking}, whose name we do not know", "the same occupation", "not asked yet")
        at_host.follow("Ask, then write down the yes")
        at_host.note_yes("in person")
        at_host.follow("Offer this mentor")
        at_host.sees("Exactly this goes to", "not the name, the town")
        at_host.press("Hold the place and offer it")
        at_host.sees(f"we offered {mentor}")

        at_home.awaits("/", f"{asked} offers a mentor to {mentee}")
        at_home.follow("Write down the yes")
        self.accept(home, host, path)
        return path

    def accept(self, home: str, host: str, path: str) -> None:
        """From the page that asks for the mentee's yes to two people who know each other."""
        self.desks[home].note_yes("by phone")
        self.desks[home].follow("Accept the offer")
        self.desks[home].press("Accept")
        for desk in (self.desks[home], self.desks[host]):
            desk.awaits(path, "introduced; both got a letter")

    def letter_to(self, email: str, *, subject: str) -> EmailMessage:
        """The letter that the mail server took."""
        found: list[EmailMessage] = []

        def came() -> bool:
            found[:] = [one for one in self.federation.letters_to(email) if subject in str(one["subject"])]
            return bool(found)

        wait_until(came, within=60, what=f"a letter about {subject}")
        assert len(found) == 1
        return found[0]

    def open_letter(self, place: str, person: str, folder: Path) -> EmailMessage:
        """In an office: find it on Today, open it, send it with one's own mail program, tick it off."""
        desk = self.desks[place]
        desk.awaits("/", f"A letter to {person} lies in the folder of letters")
        desk.follow("Open the letter")
        with desk.page.expect_download() as opened:
            desk.page.get_by_role("button", name="Open it").click()
        file = folder / "letter.eml"
        opened.value.save_as(file)
        desk.press("It was sent")
        desk.sees("Ticked off.", "No letter needs you.")
        return message_from_bytes(file.read_bytes(), policy=policy.default)

    def end(self, place: str, path: str, outcome: str) -> None:
        """A coordinator closes it well."""
        desk = self.desks[place]
        desk.page.goto(path)
        desk.follow("Open their mentorship", "End it")
        desk.tick(outcome)
        desk.press("End it now")
        desk.sees("It has ended, and the place is free again.")

    def shared(self, place: str, other: str) -> tuple[int, int, int, int]:
        """What one program's report says about pairs with another: introduced as home and host, closed, met."""
        name = self.program(other).name
        lines = self.program(place).command.run("report").items("programs")
        line = next(line for line in lines if line.text("name") == name)
        home, host, closed, meetings = ("introductions_home", "introductions_host", "closed", "meetings")
        return line.number(home), line.number(host), line.number(closed), line.number(meetings)


@pytest.fixture(scope="module")
def story(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Three programs that joined by a steward's code and six words over the phone, and nothing else so far."""
    with three_programs(tmp_path_factory.mktemp("story")) as federation:
        desks = {place: Desk.of(browser, one.url, one.email) for place, one in federation.programs.items()}
        words = {one.name: join(desks[place], federation.invite(one)) for place, one in federation.programs.items()}
        desks["Calgary"].follow("Privacy")
        desks["Calgary"].sees("What we offer")
        federation.admit(words)
        for desk in desks.values():
            desk.awaits("/others/node", "Letters last fetched")
        yield Story(federation, desks)
        for desk in desks.values():
            desk.page.context.close()


def join(desk: Desk, code: str) -> str:
    """Give the steward's code, and read six words aloud."""
    desk.follow("Other programs", "Our place among them")
    desk.fill({"The code of a steward": code})
    desk.choose("How many mentors we have", "fewer than 25 mentors")
    desk.choose("What we publish of our size", "only this size")
    desk.press("Ask to join")
    desk.sees("Phone a steward and read these six words aloud.")
    return desk.page.locator(".six").inner_text()


@pytest.fixture(scope="module")
def people(story: Story, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """A spreadsheet is brought in, and two people are written down by hand; one of them is listed."""
    sheet = tmp_path_factory.mktemp("sheet") / "people.csv"
    sheet.write_text(SHEET, "utf-8")
    office = story.desks["Medicine Hat"]
    office.follow("People", "Bring in a spreadsheet")
    office.page.get_by_label("Your file").set_input_files(sheet)
    office.press("Look at it")
    office.choose("Trade", "occupation")
    office.choose("Meets", "way to meet")
    office.press("See what would happen")
    office.sees("Nothing has been kept yet.", "2 new people", "no row to mend")
    office.press("Bring them in")
    office.sees("2 new people")

    take_in(story.desks["Edmonton"], "mentee", "Dina Solano", "agronomist", "Agricultural representatives")
    calgary = story.desks["Calgary"]
    take_in(calgary, "mentor", "Grace Okafor", "geoscientist", GEOSCIENCE)
    sees_so_far(calgary, "Listed")
    calgary.sees("Grace Okafor wants to be listed.")
    calgary.page.get_by_text("Write down a yes").click()
    calgary.tick("may list the exact occupation")
    calgary.choose("How was it said?", "on paper")
    calgary.press("Write it down")
    calgary.sees("The yes is written down.")
    calgary.follow("Privacy")
    calgary.sees(GEOSCIENCE)
    calgary.press("Yes, publish this every week")
    return story


def take_in(desk: Desk, kind: str, name: str, trade: str, occupation: str) -> None:
    """Write somebody down by hand."""
    desk.follow("People", f"Add a {kind}")
    given, _, _ = name.lower().partition(" ")
    desk.fill({"Full name": name, "E-mail": f"{given}@example.org", "Find the occupation": trade})
    desk.press("Find")
    desk.page.get_by_role("radio", name=occupation).check()
    desk.choose("Language 1", "English")
    desk.choose("Meets", "online")
    if kind == "mentor":
        desk.fill({"Places": "1"})
    desk.press("Save")
    desk.sees("The person is taken in.", name)


def test_whom_nobody_at_home_can_help_meets_somebody_far_away_and_an_office_sends_its_letter_by_hand(
    people: Story, tmp_path: Path
) -> None:
    office = people.desks["Medicine Hat"]
    office.follow("People", "Amina Haddad", "See suggestions")
    office.sees("a related occupation", "Somebody of another program.")
    office.page.get_by_role("main").get_by_role("link", name="Look in other programs").first.click()
    search = urlsplit(office.page.url).path
    office.awaits(search, f"{GEOSCIENCE} (the same occupation); English; online")
    office.follow("See what CRIEC would read")
    office.sees("Exactly this goes to CRIEC: not the name of Amina Haddad")
    office.tick("by phone")
    request = people.introduce("Medicine Hat", "Calgary", "Amina Haddad", "Grace Okafor")

    by_hand = people.open_letter("Medicine Hat", "Amina Haddad", tmp_path)
    by_mail = people.letter_to("grace@example.org", subject="your introduction")
    assert tells(by_hand, "grace@example.org")
    assert tells(by_mail, "amina@example.org", "403 555 0147", f"{people.program('Calgary').url}/me/sign-in")
    assert people.federation.letters_to("amina@example.org") == []

    writes_down_that_they_met(people)
    office.page.goto(request)
    office.follow("Open their mentorship")
    office.awaits(urlsplit(office.page.url).path, "They met once.")
    people.end("Medicine Hat", request, "We did what we wanted to do")
    adds_up(people, "Medicine Hat", "Calgary", request, meetings=1)


def test_a_mentee_with_a_phone_follows_her_link_plans_a_meeting_and_says_that_it_does_not_work(people: Story) -> None:
    hosted, url = people.desks["Edmonton"], people.program("Edmonton").url
    hosted.follow("People", "Dina Solano", "See suggestions")
    hosted.page.get_by_role("main").get_by_role("link", name="Look in other programs").first.click()
    hosted.follow("See what Medicine Hat Mentors would read")
    hosted.tick("by phone")
    request = people.introduce("Edmonton", "Medicine Hat", "Dina Solano", "Walter Friesen")
    letter = people.letter_to("dina@example.org", subject="your introduction")
    assert tells(letter, "walter@example.org", f"{url}/me/sign-in")

    hosted.follow("People", "Dina Solano")
    hosted.press("Send a link to their own page")
    hosted.sees("The link is on its way by e-mail.")
    link = link_in(people.letter_to("dina@example.org", subject="your link"))
    browser = hosted.page.context.browser
    assert browser
    phone = browser.new_context(
        base_url=url, locale="en-CA", viewport={"width": 320, "height": 640}, is_mobile=True, has_touch=True
    )
    her = phone.new_page()
    signs_in(her, link)
    agrees(her)
    plans(her)
    tells_her_coordinator(her)
    phone.close()

    hosted.awaits("/", "Dina Solano says: this is not working")
    hosted.follow("Open the mentorship")
    hosted.sees("He never answers.")
    hosted.press("I have seen to it")
    hosted.awaits("/", "Nothing waits for you.")
    people.end("Edmonton", request, "We never really met")
    adds_up(people, "Edmonton", "Medicine Hat", request, meetings=0)


def test_a_rare_occupation_is_asked_for_anonymously_and_two_people_meet(people: Story) -> None:
    hosted, calgary = people.desks["Edmonton"], people.desks["Calgary"]
    take_in(calgary, "mentor", "Hugo Lind", "veterinarian", VETERINARIANS)
    sees_so_far(calgary, "Ask me first")
    take_in(hosted, "mentee", "Nour Aziz", "veterinarian", VETERINARIANS)
    posts(hosted, "Nour Aziz")

    offers_a_place(calgary, "Hugo Lind")
    request = asks_for_the_place(hosted, "Nour Aziz")
    hosted.follow("Write down the yes")
    people.accept("Edmonton", "Calgary", request)

    assert tells(people.letter_to("nour@example.org", subject="your introduction"), "hugo@example.org")
    assert tells(people.letter_to("hugo@example.org", subject="your introduction"), "nour@example.org")
    hosted.page.goto("/others/anonymous")
    hosted.sees("ended")


def offers_a_place(desk: Desk, mentor: str) -> None:
    """The other program weighs the request, asks its mentor, and holds a place."""
    desk.awaits("/others/anonymous", VETERINARIANS)
    desk.sees(mentor, "to be asked", "fits ")
    desk.follow("Look")
    desk.sees(f"Could {mentor} help?", "From which program it comes nobody knows but that program.")
    desk.press("I ask now")
    desk.sees("Written down. A place waits for the answer.")
    desk.awaits("/", f"{mentor} was asked about an anonymous request")
    desk.follow("Write down the answer")
    desk.sees("Exactly this, shut so that only the one who asked can open it", f"Not the name of {mentor}")
    desk.press("Hold the place and offer it")
    desk.sees("There is a problem")
    desk.tick("in person")
    desk.press("Hold the place and offer it")
    desk.sees("The place is held, and the offer goes out with the next release.")


def asks_for_the_place(desk: Desk, mentee: str) -> str:
    """The offer is read and taken, once; where the request is then."""
    desk.awaits("/", f"CRIEC offers a mentor for the anonymous request of {mentee}")
    desk.follow("See the offers")
    desk.sees(VETERINARIANS, "The place is held until")
    expect(desk.main).not_to_contain_text("Hugo")
    offers = urlsplit(desk.page.url).path
    desk.sees("First, the yes")
    desk.note_yes("by phone")
    desk.press("Ask for this place")
    desk.sees("Asked for the place.")
    request = urlsplit(desk.page.url).path
    desk.page.goto(offers)
    desk.sees("No offer waits")
    desk.awaits("/", f"CRIEC offers a mentor to {mentee}")
    return request


def posts(desk: Desk, mentee: str) -> None:
    """An anonymous request: its words are read, agreed to, and posted."""
    desk.follow("Look in other programs", "See exactly what it would say")
    desk.sees(f"For {mentee}.", "It says this, and nothing else", VETERINARIANS, "it would stand alone")
    desk.press("Say it in my name")
    desk.press("Post it")
    desk.sees("There is a problem")
    desk.tick("by phone")
    desk.press("Post it")
    desk.sees("It is shown to the member programs with the next release.", mentee, "waiting to be sent")


def sees_so_far(desk: Desk, level: str) -> None:
    """How much others may see of the mentor whose page it is."""
    desk.page.get_by_role("radio", name=level).check()
    desk.page.get_by_role("group", name="The mentor chose").locator("xpath=..").get_by_role("button").click()


def test_of_two_coordinators_who_edit_one_person_the_second_is_told_and_nothing_is_lost(
    browser: Browser, people: Story
) -> None:
    program = people.program("Edmonton")
    first, second = people.desks["Edmonton"], Desk.of(browser, program.url, program.email)
    for desk in (first, second):
        desk.follow("People", "Dina Solano", "Edit")
    first.fill({"Phone": "780 555 0100"})
    first.press("Save")
    first.sees("The changes are kept.")
    second.fill({"Phone": "780 555 0199", "Speciality, in their own words": "Dry land"})
    second.press("Save")
    second.sees("Somebody changed this while you were writing.", "780 555 0100", "780 555 0199")
    first.page.reload()
    first.sees("780 555 0100")
    expect(first.main).not_to_contain_text("Dry land")

    second.press("Save")
    second.sees("The changes are kept.", "780 555 0199", "Dry land")
    second.page.context.close()


def test_pages_that_only_a_member_has_speak_every_language_and_offend_nobody(browser: Browser, people: Story) -> None:
    asking, asked = people.desks["Calgary"], people.program("Medicine Hat")
    take_in(asking, "mentee", "Omar Said", "agronomist", "Agricultural representatives")
    asking.follow("See suggestions")
    asking.page.get_by_role("main").get_by_role("link", name="Look in other programs").first.click()
    search = urlsplit(asking.page.url).path
    asking.follow(f"See what {asked.name} would read")
    asking.tick("by phone")
    asking.press(f"Ask {asked.name}")
    people.desks["Medicine Hat"].awaits("/", "CRIEC looks for a mentor")

    found: list[str] = []
    for place, look, start, within, most in (
        ("Medicine Hat", Look("eo", 320, "light"), "/", ELSEWHERE, 15),
        ("Medicine Hat", Look("fr", 320, "dark"), "/", ELSEWHERE, 15),
        ("Medicine Hat", Look("en", 1280, "light"), "/", ELSEWHERE, 15),
        ("Calgary", Look("eo", 1280, "dark"), search, ("/others/new", "/others/requests"), 6),
        ("Calgary", Look("fr", 320, "light"), search, ("/others/new", "/others/requests"), 6),
        ("Calgary", Look("en", 1280, "dark"), search, ("/others/new", "/others/requests"), 6),
    ):
        program = people.program(place)
        pages = led_to(program.url, program.email, start, within=within)
        assert len(pages) >= most
        context = look_at(browser, program.url, look, program.email)
        page = context.pages[0]
        for path in pages.values():
            found += wrong(page, path, [])
            found += otherwise(page, look)
            found += untranslated(page, path) if look.language == "eo" else []
        context.close()

    assert found == []


def writes_down_that_they_met(story: Story) -> None:
    """The mentor finds the page that the letter names, asks for a link, and presses a button twice; no script runs."""
    browser = story.desks["Calgary"].page.context.browser
    assert browser
    his = browser.new_context(base_url=story.program("Calgary").url, locale="en-CA", java_script_enabled=False)
    desk = Desk(his.new_page())
    desk.page.goto("/me/sign-in")
    desk.fill({"E-mail address": "grace@example.org"})
    desk.page.get_by_role("main").get_by_role("button").click()
    desk.sees("Look into your e-mail")
    desk.page.goto(link_in(story.letter_to("grace@example.org", subject="your link")))
    desk.press("Open my page")
    desk.follow("With somebody at Medicine Hat Mentors")
    desk.page.get_by_text("Write down that you met").click()
    desk.page.get_by_role("button", name="Write it down").dblclick()
    desk.sees("The meeting is written down.", "You met once.")
    desk.page.go_back()
    desk.page.reload()
    desk.sees("You met once.")
    his.close()


def signs_in(her: Page, link: str) -> None:
    """Looking at the link spends nothing, its button does."""
    for _ in range(2):
        her.goto(link)
        expect(her.get_by_role("heading", level=1)).to_have_text("Open your page")
    her.get_by_role("button", name="Open my page").tap()
    expect(her.get_by_role("heading", level=1)).to_have_text("Hello Dina Solano")
    her.get_by_role("link", name="With somebody at Medicine Hat Mentors").tap()


def agrees(her: Page) -> None:
    """Goals and steps; going back and sending again changes nothing twice."""
    her.get_by_role("link", name="Write it down").tap()
    her.get_by_label("What do you want to do together").fill("We meet every second Tuesday by video.")
    her.get_by_label("What do you want to reach?").first.fill("Know who hires agronomists on dry land")
    her.get_by_label("Small steps on the way").first.fill("Write to two farms")
    her.get_by_role("button", name="Save").tap()
    expect(her.get_by_text("Your agreement is kept.")).to_be_visible()
    her.get_by_role("button", name="not done yet").tap()
    expect(her.get_by_role("button", name="done", pressed=True)).to_be_visible()
    expect(her.locator("article.goal")).to_have_count(1)


def plans(her: Page) -> None:
    """A meeting with its calendar file."""
    her.get_by_text("Plan a meeting").tap()
    day = her.evaluate("new Date(Date.now() + 7 * 86400000).toISOString().slice(0, 10)")
    her.get_by_label("Day").first.fill(day)
    her.get_by_label("Time").fill("18:30")
    her.get_by_label("Where, or how").fill("Video call")
    her.get_by_role("button", name="Plan it").tap()
    expect(her.get_by_text("The meeting is planned.")).to_be_visible()
    with her.expect_download() as calendar:
        her.get_by_role("link", name="Put in my calendar").tap()
    assert calendar.value.suggested_filename == "meeting.ics"
    assert b"LOCATION:Video call" in calendar.value.path().read_bytes()
    her.go_back()
    her.reload()
    expect(her.locator("article.plan")).to_have_count(1)


def tells_her_coordinator(her: Page) -> None:
    """A few words are enough."""
    assert her.evaluate("document.documentElement.scrollWidth") <= 320
    her.get_by_text("Tell my coordinator").tap()
    her.get_by_label("What is not working?").fill("He never answers.")
    her.get_by_role("button", name="Send to my coordinator").tap()
    expect(her.get_by_text("It is with your coordinator now.")).to_be_visible()


def text_of(letter: EmailMessage) -> str:
    """What it says."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(letter: EmailMessage) -> str:
    """The link that opens a page."""
    found = re.search(r"http\S+/me/link/\S+", text_of(letter))
    assert found
    return found[0]


def tells(letter: EmailMessage, *facts: str) -> bool:
    """Whether it says how to reach the other one, with a first meeting to put into a calendar."""
    calendar = any(part.get_content_type() == "text/calendar" for part in letter.walk())
    return calendar and all(fact in text_of(letter) for fact in facts)


def adds_up(story: Story, home: str, host: str, request: str, *, meetings: int) -> None:
    """Both programs count one introduction, one end and as many meetings."""
    for desk in (story.desks[home], story.desks[host]):
        desk.awaits(request, "Nothing more is expected of anybody here.")
    assert story.shared(home, host) == (1, 0, 1, meetings)
    assert story.shared(host, home) == (0, 1, 1, meetings)
