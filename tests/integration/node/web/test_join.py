"""Somebody asks to take part on public pages, and a coordinator takes her in or turns her down."""

import gzip
import re
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from node.adapters.mail.composing import Composer
from node.adapters.mail.drafts import FolderOfDrafts
from node.domain.actor import SYSTEM, Actor, Role, UserId
from node.domain.consent import Given, Purpose
from node.domain.errors import NotAllowedError
from node.domain.intake.application import QUICKEST, ApplicationGoneError, Stage
from node.domain.intake.question import Ask, Shown
from node.domain.person import Kind, Visibility
from node.domain.retention import Kept
from node.services.applying.filling import SaveAnswer
from node.services.applying.letters import SendToApplicants
from node.services.applying.taking import TurnDown
from node.services.today import Concern
from tests.support.applicant import ADDRESS, ANSWERS, her, people, sent, waiting
from tests.support.crossing import CLERK
from tests.support.web import OPERATOR, WebNode, browser

pytestmark = pytest.mark.anyio
AUDITOR = Actor(UserId("01a00000-0000-7000-8000-00000000a0d1"), Role.AUDITOR)


def letters_in(folder: Path) -> list[EmailMessage]:
    return [message_from_bytes(file.read_bytes(), policy=SMTP) for file in sorted(folder.glob("*.eml"))]


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
    assert "They do not learn who I am." in grant.wording
    assert "Someone looks for a mentor: civil engineer." in grant.wording


async def test_a_mentor_says_how_far_she_is_seen_and_each_yes_is_her_own(web_node: WebNode) -> None:
    await sent(web_node, "mentor")

    web_node.services.intake.take_in(CLERK, web_node.services.intake.arrivals(CLERK).lines[0].id)

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
    assert len(web_node.services.intake.arrivals(CLERK).lines) == 1
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
    assert web_node.services.intake.arrivals(CLERK).lines == ()
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
    first, second = web_node.services.intake.arrivals(CLERK).lines
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
    assert web_node.services.intake.arrivals(CLERK).lines == ()


async def test_what_somebody_answered_is_erased_when_she_asks_for_it(web_node: WebNode) -> None:
    await sent(web_node)
    async with browser(web_node.app(ADDRESS), address=ADDRESS) as robin:
        await robin.sign_in()
        page = waiting(web_node)
        answer = await robin.send(f"{page}/erase", {}, page=page)

    assert answer.headers["location"] == "/people/arrivals?done=application_erased"
    assert web_node.services.intake.arrivals(CLERK).lines == ()


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
    (line,) = web_node.services.intake.arrivals(CLERK).lines
    TurnDown(on.work, on.clock, mails=True)(CLERK, line.id, "lives too far", write=True)

    assert SendToApplicants(on.work, on.clock, FolderOfDrafts(tmp_path, Composer("", ADDRESS)))(SYSTEM) == 1
    (letter,) = letters_in(tmp_path)
    assert "cannot take you in" in letter.get_content()
    assert b"lives too far" not in letter.as_bytes()


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
