"""Somebody asks to take part on public pages, and a coordinator takes her in or turns her down."""

import gzip
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import httpx
import pytest

from node.adapters.mail.composing import Composer
from node.adapters.mail.drafts import FolderOfDrafts
from node.domain.actor import SYSTEM, Actor, Role, UserId
from node.domain.consent import Given, Purpose
from node.domain.errors import NotAllowedError
from node.domain.intake.application import QUICKEST, ApplicationGoneError, Stage
from node.domain.intake.question import Ask, Shown, Texts, Worded
from node.domain.person import Kind, Person, Visibility
from node.domain.retention import Kept
from node.services.applying.filling import SaveAnswer
from node.services.applying.letters import SendToApplicants
from node.services.applying.taking import TurnDown
from node.services.intake.columns import known_column
from node.services.ports import PeopleFilter
from node.services.today import Concern
from tests.support.crossing import CLERK
from tests.support.web import OPERATOR, Browser, WebNode, browser

pytestmark = pytest.mark.anyio
ADDRESS = "https://mentors.example.org"
AUDITOR = Actor(UserId("01a00000-0000-7000-8000-00000000a0d1"), Role.AUDITOR)
ANSWERS: dict[str, dict[str, str]] = {
    "name": {"name": "Olena Kovalenko"},
    "reach": {"email": "olena@example.org", "phone": "403 555 0188"},
    "community": {"community": "Medicine Hat"},
    "occupation": {"words": "civil engineer", "occupation": "21300"},
    "specialisation": {"specialisation": "bridges"},
    "experience": {"years": "6"},
    "languages": {"language_1": "uk", "level_1": "12", "language_2": "en", "level_2": "6", "clb_2": "7"},
    "topics": {"topics": "resume"},
    "mode": {"mode": "online"},
    "availability": {"slots": "mon-evening", "availability": "not in July"},
    "seats": {"seats": "2"},
    "notes": {"words": "I need a ramp."},
    "visibility": {"visibility": "3"},
    "standing": {"said": "no"},
    "listing": {"said": "yes"},
    "outside": {"said": "yes"},
    "contact": {"said": "no"},
}


@dataclass(slots=True)
class Her:
    """Somebody who fills in the form."""

    browser: Browser
    home: str = ""

    async def begin(self, kind: str = "mentee", source: str = "") -> "Her":
        answer = await self.browser.send(f"/join/{kind}", {"source": source})
        assert answer.status_code == 303, answer.text
        self.home = answer.headers["location"].rpartition("/")[0]
        return self

    async def say(self, step: str, **fields: str) -> httpx.Response:
        return await self.browser.send(f"{self.home}/{step}", fields or ANSWERS[step])

    async def answer_all(self, **changed: dict[str, str]) -> None:
        """Walk from where she stopped to the list of answers, as the buttons lead."""
        place = await self.browser.see(self.home)
        while not (path := place.headers["location"]).endswith("/check"):
            step = path.rpartition("/")[2]
            place = await self.say(step, **changed.get(step, {}))
            assert place.status_code == 303, place.text

    async def send(self) -> httpx.Response:
        return await self.browser.send(f"{self.home}/check", {})


@asynccontextmanager
async def her(web_node: WebNode, language: str = "en-CA") -> AsyncIterator[Her]:
    async with browser(web_node.app(ADDRESS), address=ADDRESS, language=language) as visitor:
        yield Her(visitor)


async def sent(web_node: WebNode, kind: str = "mentee", **changed: dict[str, str]) -> Her:
    async with her(web_node) as filled:
        await filled.begin(kind)
        await filled.answer_all(**changed)
        web_node.clock.advance(QUICKEST)
        assert (await filled.send()).headers["location"].endswith("/sent")
    return filled


def people(web_node: WebNode) -> tuple[Person, ...]:
    with web_node.program.work() as work:
        return work.people.find(PeopleFilter())


def letters_in(folder: Path) -> list[EmailMessage]:
    return [message_from_bytes(file.read_bytes(), policy=SMTP) for file in sorted(folder.glob("*.eml"))]


def waiting(web_node: WebNode) -> str:
    (line,) = (line for line in web_node.services.intake.arrivals(CLERK) if line.stage is Stage.SENT)
    return f"/people/arrivals/{line.id}"


async def test_somebody_walks_through_the_form_and_a_coordinator_takes_her_in(web_node: WebNode) -> None:
    web_node.services.people.add_community(OPERATOR, "Redcliff")
    filled = await sent(web_node)
    (matter,) = web_node.services.today(CLERK).matters
    async with browser(web_node.app(ADDRESS), address=ADDRESS) as robin:
        await robin.sign_in()
        listed = await robin.see("/people/arrivals")
        page = waiting(web_node)
        shown = await robin.see(page)
        taken = await robin.send(f"{page}/take-in", {}, page=page)
        again = await robin.send(f"{page}/take-in", {}, page="/people/arrivals")
        gone = await robin.see(f"{filled.home}/sent")

    assert matter.concern is Concern.APPLICATION_WAITS
    assert all(text in listed.text for text in ("Olena Kovalenko", "Not known"))
    assert all(text in shown.text for text in ("I need a ramp.", "not in July", "Civil engineers", "Monday, evening"))
    assert (taken.status_code, taken.headers["location"]) == (303, "/people/arrivals?done=taken_in")
    assert [again.status_code, gone.status_code] == [404, 410]
    (person,) = people(web_node)
    assert (person.kind, person.contact.phone, person.contact.notes) == (Kind.MENTEE, "403 555 0188", "I need a ramp.")
    assert (person.profile.slots, person.profile.time_zone) == (("mon-evening",), "America/Edmonton")
    assert {spoken.code: spoken.level for spoken in person.profile.languages} == {"uk": 12, "en": 7}
    with web_node.program.work() as work:
        (grant,) = work.consents.of(person.id)
        assert work.applications.arrived(5) == ()
    assert (grant.purpose, grant.given) == (Purpose.OUTSIDE, Given.WEB)
    assert "They learn my occupation, languages and hours, not who I am." in grant.wording
    assert "Someone looks for a mentor: civil engineer." in grant.wording


async def test_a_mentor_says_how_far_she_is_seen_and_each_yes_is_her_own(web_node: WebNode) -> None:
    await sent(web_node, "mentor")

    web_node.services.intake.take_in(CLERK, web_node.services.intake.arrivals(CLERK)[0].id)

    (person,) = people(web_node)
    assert (person.profile.visibility, person.profile.seats) == (Visibility.LISTED, 2)
    with web_node.program.work() as work:
        assert [grant.purpose for grant in work.consents.of(person.id)] == [Purpose.LISTING]


async def test_answers_are_saved_as_she_goes_and_her_link_opens_them_elsewhere(web_node: WebNode) -> None:
    async with her(web_node) as phone, her(web_node, "fr-CA") as library:
        await phone.begin()
        for step in ("name", "reach"):
            await phone.say(step)
        shown = (await phone.browser.see(f"{phone.home}/occupation")).text
        found = re.search(rf'value="{ADDRESS}([^"]+)"', shown)
        assert found is not None
        resumed = await library.browser.see(found[1])
        name = await library.browser.see(f"{found[1]}/name")
        web_node.clock.advance(timedelta(days=30))
        late = await library.browser.see(found[1])

    assert "Question 3 of 1" in shown
    assert resumed.headers["location"] == f"{phone.home}/occupation"
    assert all(text in name.text for text in ('value="Olena Kovalenko"', "Comment vous appelez-vous?"))
    assert (late.status_code, "Ce lien ne fonctionne plus." in late.text) == (410, True)


MISTAKES: list[tuple[str, dict[str, str], str]] = [
    ("name", {"name": " "}, "Please write something here."),
    ("name", {"name": "x" * 201}, "This is too long."),
    ("reach", {"email": ""}, "Please give an e-mail address or a phone number."),
    ("reach", {"email": "olena@", "phone": "12"}, "This phone number looks wrong."),
    ("community", {"community": "Atlantis"}, "Please choose one."),
    ("occupation", {"words": ""}, "Please write something here."),
    ("occupation", {"words": "dentist", "occupation": ""}, "Please choose one of the lines below"),
    ("languages", {"language_1": ""}, "Please write something here."),
    ("languages", {"language_1": "en"}, "Please choose one."),
    ("languages", {"language_1": "en", "clb_1": "13"}, "This level is a number from 1 to 12."),
    ("languages", {"language_1": "!!", "level_1": "8"}, "This level is a number from 1 to 12."),
    ("mode", {"mode": "telepathy"}, "Please choose one."),
    ("availability", {"slots": "someday"}, "Please choose one."),
    ("experience", {"years": "many"}, "Please write a number"),
    ("contact", {"said": ""}, "Please choose one."),
]


async def test_what_cannot_be_read_is_said_at_its_field(web_node: WebNode) -> None:
    web_node.services.people.add_community(OPERATOR, "Redcliff")
    async with her(web_node) as visitor:
        await visitor.begin("mentor")
        for step, fields, said in MISTAKES:
            answer = await visitor.say(step, **fields)
            assert (answer.status_code, said in answer.text) == (422, True), (step, fields)
            (first, *_) = re.findall(r'<li><a href="#([a-z_0-9]+)">', answer.text)
            assert f'id="{first}"' in answer.text


async def test_her_work_is_looked_for_without_scripts_and_her_own_words_stay(web_node: WebNode) -> None:
    async with her(web_node) as visitor:
        await visitor.begin()
        found = await visitor.say("occupation", words="dentist", find="1")
        nothing = await visitor.say("occupation", words="qwxzy", find="1")
        kept = await visitor.say("occupation", words="qwxzy", occupation="none")

    assert "Dentists" in found.text
    assert 1 < found.text.count('name="occupation"') <= 9
    assert "We found no work with this name." in nothing.text
    assert kept.headers["location"].endswith("/languages")


async def test_who_described_her_work_is_taken_in_once_a_coordinator_chose_a_code(web_node: WebNode) -> None:
    await sent(web_node, occupation={"words": "dental things", "occupation": "none"})
    async with browser(web_node.app(ADDRESS), address=ADDRESS) as robin:
        await robin.sign_in()
        page = waiting(web_node)
        refused = await robin.send(f"{page}/take-in", {}, page=page)
        await robin.send(f"{page}/take-in", {"code": "31110"}, page=page)

    assert refused.status_code == 422
    assert "She described her work in words: dental things" in refused.text
    (person,) = people(web_node)
    assert (person.profile.occupation, person.contact.notes) == ("31110", "dental things\nI need a ramp.")


async def test_it_is_sent_once_whole_and_by_a_person(web_node: WebNode) -> None:
    async with her(web_node) as visitor:
        trapped = await visitor.browser.send("/join/mentee", {"website": "https://spam.example"})
        await visitor.begin()
        early = await visitor.send()
        await visitor.answer_all()
        quick = await visitor.send()
        web_node.clock.advance(QUICKEST)
        caught = await visitor.browser.send(f"{visitor.home}/check", {"website": "x"})
        first = await visitor.send()
        second = await visitor.browser.send(f"{visitor.home}/check", {}, page=f"{visitor.home}/sent")
        closed = await visitor.browser.post(f"{visitor.home}/name", {})
        leads = [
            (await visitor.browser.see(f"{visitor.home}{step}")).headers["location"] for step in ("", "/name", "/check")
        ]

    assert (trapped.status_code, "must stay empty" in trapped.text) == (422, True)
    assert (early.status_code, early.text.count("Please answer this question.") > 5) == (422, True)
    assert (quick.status_code, "That was very quick." in quick.text) == (422, True)
    assert (caught.status_code, "must stay empty" in caught.text) == (422, True)
    assert first.headers["location"] == second.headers["location"] == f"{visitor.home}/sent"
    assert leads == [f"{visitor.home}/sent"] * 3
    assert closed.status_code == 403
    assert len(web_node.services.intake.arrivals(CLERK)) == 1
    assert web_node.services.intake.sources(CLERK)[0].finished == 1


async def test_she_takes_everything_back_before_and_after_sending(web_node: WebNode) -> None:
    async with her(web_node) as visitor:
        unsent = await visitor.begin()
        page = await visitor.browser.send(f"{unsent.home}/take-back", {}, page=f"{unsent.home}/name")
    filled = await sent(web_node)
    async with her(web_node) as visitor:
        said = await visitor.browser.see(f"{filled.home}/sent")
        await visitor.browser.send(f"{filled.home}/take-back", {}, page=f"{filled.home}/sent")

    assert "Your answers are erased" in page.text
    assert "Only the staff of" in said.text
    assert web_node.services.intake.arrivals(CLERK) == ()
    with web_node.program.work() as work:
        assert not [work.applications.at(stage) for stage in Stage if work.applications.at(stage)]


async def test_one_place_begins_so_often_and_is_told_kindly(web_node: WebNode) -> None:
    async with her(web_node) as visitor:
        for _ in range(20):
            await visitor.begin()
        answer = await visitor.browser.send("/join/mentee", {})

    assert answer.status_code == 429
    assert 'href="#begin"' in answer.text


async def test_lookalikes_are_pointed_out_and_nobody_is_taken_in_twice(web_node: WebNode) -> None:
    await sent(web_node)
    await sent(web_node, reach={"email": "OLENA@example.org"}, name={"name": "O. Kovalenko"})
    first, second = web_node.services.intake.arrivals(CLERK)
    beside = web_node.services.intake.arrival(CLERK, second.id).lookalikes
    web_node.services.intake.take_in(CLERK, first.id)
    async with browser(web_node.app(ADDRESS), address=ADDRESS) as robin:
        await robin.sign_in()
        page = waiting(web_node)
        refused = await robin.send(f"{page}/take-in", {}, page=page)

    assert [(one.name, one.person) for one in beside] == [("Olena Kovalenko", None)]
    assert refused.status_code == 422
    assert f'href="/people/{people(web_node)[0].id}"' in refused.text
    assert len(people(web_node)) == 1


async def test_somebody_is_turned_down_with_a_reason_and_forgotten_in_time(web_node: WebNode) -> None:
    await sent(web_node)
    async with browser(web_node.app(ADDRESS), address=ADDRESS) as robin:
        await robin.sign_in()
        page = waiting(web_node)
        blank = await robin.send(f"{page}/turn-down", {"reason": ""}, page=page)
        await robin.send(f"{page}/turn-down", {"reason": "lives too far", "write": "yes"}, page=page)
        listed = await robin.see("/people/arrivals")
        shown = await robin.see(page)
    web_node.clock.advance(timedelta(days=31))
    forgotten = {one.kind: one.due for one in web_node.services.people.keep_no_longer(SYSTEM)}

    assert (blank.status_code, "A reason is missing" in blank.text) == (422, True)
    assert "lives too far" in listed.text
    assert "take-in" not in shown.text
    assert forgotten[Kept.APPLICATIONS] == 1
    assert web_node.services.intake.arrivals(CLERK) == ()


async def test_what_was_never_sent_vanishes_in_time_and_nobody_reads_it_before(web_node: WebNode) -> None:
    async with her(web_node) as visitor:
        await visitor.begin()
        await visitor.say("name")
    with web_node.program.work() as work:
        (unsent,) = work.applications.at(Stage.FILLING)
    async with browser(web_node.app(ADDRESS), address=ADDRESS) as robin:
        await robin.sign_in()
        read = await robin.see(f"/people/arrivals/{unsent.id}")
    web_node.clock.advance(timedelta(days=31))
    web_node.services.people.keep_no_longer(SYSTEM)

    assert read.status_code == 404
    with web_node.program.work() as work:
        assert work.applications.at(Stage.FILLING) == ()


async def test_letters_bring_the_link_and_another_address_ends_the_first(web_node: WebNode, tmp_path: Path) -> None:
    on = web_node.services.adapters
    save = SaveAnswer(on.work, on.clock, on.secrets, on.occupations, "America/Edmonton", mails=True)
    drafts = FolderOfDrafts(tmp_path, Composer("desk@example.org", ADDRESS))
    post = SendToApplicants(on.work, on.clock, drafts)
    async with her(web_node) as visitor:
        first = (await visitor.begin()).home.rpartition("/")[2]
    second = save(first, Ask.REACH, (("email", "slip@example.org"),)).link
    assert post(SYSTEM) == 1
    third = save(second, Ask.REACH, (("email", "olena@example.org"),)).link
    assert (post(SYSTEM), post(SYSTEM)) == (1, 0)
    with pytest.raises(ApplicationGoneError):
        web_node.services.intake.show(first)
    letters = letters_in(tmp_path)

    assert [letter["To"] for letter in letters] == ["slip@example.org", "olena@example.org"]
    assert f"{ADDRESS}/join/a/{third}" in letters[1].get_content()
    assert first == second != third


async def test_a_no_leaves_as_a_letter_where_letters_leave(web_node: WebNode, tmp_path: Path) -> None:
    await sent(web_node)
    on = web_node.services.adapters
    (line,) = web_node.services.intake.arrivals(CLERK)
    TurnDown(on.work, on.clock, mails=True)(CLERK, line.id, "lives too far", write=True)

    assert SendToApplicants(on.work, on.clock, FolderOfDrafts(tmp_path, Composer("", ADDRESS)))(SYSTEM) == 1
    (letter,) = letters_in(tmp_path)
    assert "cannot take you in" in letter.get_content()
    assert b"lives too far" not in letter.as_bytes()


async def test_the_program_asks_in_its_own_order_and_words(web_node: WebNode) -> None:
    async with browser(web_node.app(ADDRESS), address=ADDRESS) as pat:
        web_node.services.entrance.set_password(OPERATOR, "robin@example.org", "plum jam on warm bread")
        await pat.sign_in()
        page = "/settings/intake/mentee"
        seen = await pat.see(page)
        read = await pat.see(f"{page}/contact")
    change = web_node.services.intake.change
    own = Texts("Do you have a car?", "Avez-vous une auto?")
    change(OPERATOR, Kind.MENTEE, Worded(Ask.OWN_1, own, Texts()), 0)
    change(OPERATOR, Kind.MENTEE, Shown(Ask.OWN_1, shown=True), 1)
    change(OPERATOR, Kind.MENTEE, Worded(Ask.CONTACT, Texts(), Texts("Ask Pat.", "Demandez à Pat.")), 2)
    async with her(web_node, "fr-CA") as visitor:
        await visitor.begin()
        asked = await visitor.browser.see(f"{visitor.home}/own_1")
        consent = await visitor.browser.see(f"{visitor.home}/contact")
        await visitor.answer_all(own_1={"words": "Oui"}, contact={"said": "yes"})
        web_node.clock.advance(QUICKEST)
        await visitor.send()
    web_node.services.intake.take_in(CLERK, web_node.services.intake.arrivals(CLERK)[0].id)

    assert seen.text.count("always asked") == 7
    assert "they are kept with every yes" in read.text
    assert "Avez-vous une auto?" in asked.text
    assert "Demandez à Pat." in consent.text
    (person,) = people(web_node)
    assert "Avez-vous une auto?: Oui" in person.contact.notes
    with web_node.program.work() as work:
        assert any(grant.wording.endswith("Demandez à Pat.") for grant in work.consents.of(person.id))


async def test_the_questions_are_changed_by_buttons_and_a_stale_page_is_refused(web_node: WebNode) -> None:
    page = "/settings/intake/mentee"
    async with administrator(web_node) as pat:
        moved = await pat.send(f"{page}/reach/move", {"way": "up", "version": "0"}, page=page)
        stale = await pat.send(f"{page}/reach/move", {"way": "up", "version": "0"}, page=page)
        hidden = await pat.send(f"{page}/topics/show", {"shown": "no", "version": "1"}, page=page)
        needed = await pat.send(f"{page}/name/show", {"shown": "no", "version": "2"}, page=page)
        unworded = await pat.send(f"{page}/own_1/show", {"shown": "yes", "version": "2"}, page=page)
        fixed = await pat.send(f"{page}/contact", {"title_en": "Say yes!", "version": "2"})
        worded = await pat.send(f"{page}/name", {"title_en": "And you are?", "version": "2"})
        shown = await pat.see(page)

    assert [answer.status_code for answer in (moved, hidden, worded)] == [303] * 3
    assert [answer.status_code for answer in (stale, needed)] == [409, 409]
    assert [answer.status_code for answer in (unworded, fixed)] == [422, 422]
    assert "And you are?" in shown.text
    assert shown.text.index("How can we reach you?") < shown.text.index("And you are?")
    assert "Version 3" in shown.text


async def test_each_poster_has_its_link_and_its_counts(web_node: WebNode) -> None:
    async with administrator(web_node) as pat:
        await pat.send("/settings/intake/sources", {"source": "Public library"}, page="/settings/intake")
        twice = await pat.send("/settings/intake/sources", {"source": "public LIBRARY"}, page="/settings/intake")
        async with her(web_node) as visitor:
            start = await visitor.browser.see("/join/mentee?from=public-library")
            await visitor.begin(source="public-library")
            odd = await visitor.browser.see("/join/mentee?from=<b>")
        shown = await pat.see("/settings/intake")

    assert 'name="source" value="public-library"' in start.text
    assert (twice.status_code, odd.status_code) == (422, 422)
    assert f"{ADDRESS}/join/mentee?from=public-library" in shown.text
    (source,) = web_node.services.intake.sources(CLERK)
    assert (source.started, source.finished) == (1, 0)


async def test_the_same_questions_stand_on_paper_in_both_languages(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        sheet = await robin.see("/people/intake-sheet/mentor")
        file = await robin.see("/people/intake-template/mentor?form=csv")
        listed = await robin.see("/people/arrivals")

    assert all(text in sheet.text for text in ("What is your name?", "Comment vous appelez-vous?", "Signature"))
    assert "not who I am" not in sheet.text
    assert "exactes" not in sheet.text
    header = file.text.lstrip("\ufeff").strip().split(",")
    assert header[:3] == ["name", "email", "phone"]
    assert None not in [known_column(column) for column in header]
    assert "seats" in file.text
    assert "waiting_since" not in file.text
    assert "Print the intake sheet instead." in listed.text


async def test_nobody_joins_by_page_where_only_one_machine_is_served(web_node: WebNode) -> None:
    async with browser(web_node.app()) as stranger:
        answers = [await stranger.see(path) for path in ("/join/mentee", "/join/a/x", "/join/a/x/name")]

    assert [answer.status_code for answer in answers] == [404] * 3


async def test_an_auditor_reads_no_application(web_node: WebNode) -> None:
    await sent(web_node)

    with pytest.raises(NotAllowedError):
        web_node.services.intake.arrivals(AUDITOR)
    with pytest.raises(NotAllowedError):
        web_node.services.intake.change(CLERK, Kind.MENTEE, Shown(Ask.TOPICS, shown=False), 0)


async def test_a_page_of_a_form_is_light_enough_for_a_slow_phone(web_node: WebNode) -> None:
    """Everything a page asks for, gzipped: 60 kB at the most."""
    weights: dict[str, int] = {}
    async with her(web_node, "fr-CA") as visitor:
        await visitor.begin("mentor")
        for step in ANSWERS:
            await visitor.say(step)
        for step in (*ANSWERS, "check"):
            page = (await visitor.browser.see(f"{visitor.home}/{step}")).text
            wanted = set(re.findall(r'(?:href|src)="(/still/[^"]+)"', page))
            files = [(await visitor.browser.see(path)).content for path in wanted]
            weights[step] = sum(len(gzip.compress(part)) for part in (page.encode(), *files))

    assert max(weights.values()) < 60_000, weights


@asynccontextmanager
async def administrator(web_node: WebNode) -> AsyncIterator[Browser]:
    """Robin, trusted with the program itself."""
    with web_node.program.work() as work:
        robin = work.users.by_email("robin@example.org")
        assert robin is not None
        work.users.replace(replace(robin, role=Role.ADMINISTRATOR))
    async with browser(web_node.app(ADDRESS), address=ADDRESS) as pat:
        await pat.sign_in()
        yield pat
