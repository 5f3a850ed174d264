"""Settings, texts: coordinators say it in their own words, look at it first, and go back; a mistake loses nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from node.domain.actor import Role
from node.domain.audit import Act
from node.domain.letter import Letter, LetterId
from node.domain.person import Contact, PersonId
from node.domain.program import Tongue
from tests.support.applicant import ADDRESS, sent
from tests.support.clock import NOON
from tests.support.web import ROBIN, WebNode, browser

pytestmark = pytest.mark.anyio
PAGE = "/settings/texts/sign_in"
OWN = {"version": "0", "letter.link.subject-en": "Your door to {program}", "letter.link.lead-en": "Come in:"}


async def test_own_words_are_looked_at_stored_sent_and_taken_back(web_node: WebNode) -> None:
    on = web_node.services.adapters
    letter = Letter(
        id=LetterId("x"), person=PersonId("p"), about="p", language=Tongue.ENGLISH, link="secret", written_at=NOON
    )
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        looked = await robin.send(PAGE, {**OWN, "do": "look"})
        untouched = (await robin.see(PAGE)).text
        stored = await robin.send(PAGE, OWN)
        shown, listed = (await robin.see(PAGE)).text, (await robin.see("/settings/texts")).text
        on.post_office.send(letter, Contact(name="Zoë", email=""), "Hat")
        back = await robin.send(f"{PAGE}/usual", {"version": "1"}, page=PAGE)
        after = (await robin.see("/settings/texts")).text

    assert "<strong>Your door to " in looked.text
    assert "Your door" not in untouched
    assert (stored.status_code, back.status_code) == (303, 303)
    assert 'value="Your door to {program}"' in shown
    assert "{program}: your link" in shown
    assert "2 texts of your own" in listed
    assert "own</span>" not in after
    draft = (Path(on.settings.data_dir) / "letters" / "x.eml").read_text("utf-8")
    assert "Subject: Your door to Hat" in draft
    assert "Come in:" in draft
    with on.work() as work:
        assert [entry.subject for entry in work.audit.since(NOON) if entry.act is Act.TEXTS_CHANGED] == ["sign_in"] * 2


async def test_each_mistake_stands_at_its_field_and_what_was_typed_stays(web_node: WebNode) -> None:
    wrong = {
        "version": "0",
        "letter.link.subject-en": "One\r\nBcc: eve@example.org",
        "letter.link.how-fr": "Sans date <b>",
        "letter.link.lead-en": "{config}",
    }
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        answers = [await robin.send(PAGE, {**wrong, **do}) for do in ({}, {"do": "look"})]

    for answer in answers:
        assert answer.status_code == 422
        assert all(f'href="#{field}"' in answer.text for field in wrong if field != "version")
        assert "{day} {month}" in answer.text
        assert "Sans date &lt;b&gt;" in answer.text


async def test_the_second_of_two_editors_is_told_and_keeps_what_she_typed(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        await robin.send(PAGE, OWN)
        second = await robin.send(PAGE, {**OWN, "letter.link.lead-en": "Enter:"})
        late = await robin.send(f"{PAGE}/usual", {"version": "0"}, page=PAGE)
        again = await robin.send(PAGE, {**OWN, "letter.link.lead-en": "Enter:", "version": "1"})

    assert (second.status_code, late.status_code, again.status_code) == (422, 409, 303)
    assert "Somebody changed this" in second.text
    assert "Enter:</textarea>" in second.text
    assert "Come in:</span>" in second.text
    assert 'name="version" value="1"' in second.text


async def test_who_writes_no_letters_is_not_shown_the_texts(web_node: WebNode) -> None:
    with web_node.program.work() as work:
        work.users.replace(replace(work.users.get(ROBIN.id), role=Role.REVIEWER))
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        answers = [await robin.see(path) for path in ("/settings/texts", PAGE)]
        sent = await robin.send(PAGE, OWN, page="/")
        unknown = await robin.see("/settings/texts/nothing")

    assert [answer.status_code for answer in (*answers, sent)] == [403, 403, 403]
    assert unknown.status_code == 422


async def test_the_first_and_the_last_page_of_a_form_say_it_in_the_programs_own_words(web_node: WebNode) -> None:
    page = "/settings/texts/form"
    wrong = {"version": "0", "join.sent.title-en": "Two\nlines", "join.lead.mentee-en": "{name}"}
    own = {
        "version": "0",
        "join.lead.mentee-en": "We are the newcomers' centre on 3rd Street.\nPhone 403 555 0101.",
        "join.lead.mentee-fr": "Nous sommes le centre de la 3e Rue.",
        "join.sent.contact-en": "Nadia phones you on Thursday.",
    }
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        refused = await robin.send(page, wrong)
        looked = await robin.send(page, {**own, "do": "look"})
        led = (await robin.see("/settings/intake")).status_code
        stored = await robin.send(page, own)
    app = web_node.app(ADDRESS)
    async with browser(app, address=ADDRESS) as english, browser(app, address=ADDRESS, language="fr-CA") as french:
        first = [(await one.see("/join/mentee")).text for one in (english, french)]
        mentors = (await english.see("/join/mentor")).text
    last = await sent(web_node)
    async with browser(app, address=ADDRESS) as she:
        end = (await she.see(f"{last.home}/sent")).text

    assert (refused.status_code, stored.status_code, led) == (422, 303, 200)
    assert all(f'href="#{field}"' in refused.text for field in wrong if field != "version")
    assert "Nadia phones you on Thursday." in looked.text
    assert "3rd Street.\nPhone 403 555 0101." in first[0]
    assert "centre de la 3e Rue" in first[1]
    assert "An hour now and then helps a lot." in mentors
    assert "Nadia phones you on Thursday." in end
    assert "Often this takes a week or two" not in end
    assert "Thank you. Your answers are with us." in end
