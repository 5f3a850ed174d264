"""Participants: a link in a letter, a button, a page of their own; and a page to ask for a link that tells nothing."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from node.adapters.mail.composing import Composer
from node.adapters.mail.drafts import FolderOfDrafts
from node.domain.actor import Actor, Participant, Role, UserId
from node.domain.errors import NotAllowedError, PersonLeftError
from node.domain.participant import MOST_UNUSED, NoAddressError, OfficeOnlyError, ParticipantSignedOutError
from node.domain.person import Contact, Person, PersonState
from node.domain.signin import LINK_TERM, LONGEST, MOST_FROM_ONE_PLACE
from node.services.letters import SendLetters
from node.services.participants import LinkWriter, SendParticipantLink
from tests.support.crossing import CLERK
from tests.support.node import a_person, a_profile
from tests.support.web import Browser, WebNode, browser

pytestmark = pytest.mark.anyio
ADDRESS = "https://mentors.example.org"
OFFICER = Actor(UserId("01a00000-0000-7000-8000-00000000c1e1"), Role.OFFICER)


def amara(web_node: WebNode, *, email: str = "amara@example.org") -> Person:
    person = a_person(contact=Contact(name="Amara Okafor", email=email), profile=a_profile(languages="fr:8"))
    with web_node.program.work() as work:
        work.people.add([person])
    return person


def send_link(web_node: WebNode, *, hosted: bool = True) -> SendParticipantLink:
    on = web_node.services.adapters
    return SendParticipantLink(on.work, on.clock, LinkWriter(on.ids, on.secrets), hosted)


def letters(web_node: WebNode, folder: Path) -> list[str]:
    """What the letters say that were written since."""
    drafts = FolderOfDrafts(folder, Composer("", ADDRESS))
    SendLetters(web_node.program.work, web_node.clock, drafts)(CLERK)
    found = [file.read_text("utf-8") for file in sorted(folder.glob("*.eml"))]
    for letter in drafts.letters():
        drafts.discard(letter)
    return found


def link_in(letter: str) -> str:
    found = re.search(rf"{ADDRESS}(/me/link/\S+)", letter.replace("=\n", ""))
    assert found is not None
    return found[1]


async def follow(visitor: Browser, path: str) -> httpx.Response:
    return await visitor.send(path, {})


async def test_a_link_works_once_by_its_button_and_looking_at_it_changes_nothing(
    web_node: WebNode, tmp_path: Path
) -> None:
    person = amara(web_node)
    send_link(web_node)(CLERK, person.id)
    (letter,) = letters(web_node, tmp_path)
    path = link_in(letter)
    app = web_node.app(ADDRESS)
    async with browser(app, address=ADDRESS) as scanner, browser(app, address=ADDRESS) as her:
        for _ in range(3):
            assert "set-cookie" in (await scanner.see(path)).headers
        assert (await scanner.see("/me/sign-in")).status_code == 200
        assert (await scanner.post(path, {})).status_code == 403
        entered = await follow(her, path)
        again = await scanner.see(path)
        recognized = web_node.services.participants.recognize(her.cookie("__Host-me"))

    assert (entered.status_code, entered.headers["location"]) == (303, "/me")
    assert (again.status_code, "works no longer" in again.text, 'href="/me"' in again.text) == (410, True, True)
    assert recognized == Participant(person.id)
    assert "Bonjour Amara Okafor" in letter
    with web_node.program.work() as work:
        assert [letter.link for letter in work.letters.all()] == [""]


async def test_the_page_of_a_person_offers_to_send_a_link_only_where_participants_have_pages(web_node: WebNode) -> None:
    person = amara(web_node)
    page = f"/people/{person.id}"
    async with browser(web_node.app(ADDRESS), address=ADDRESS) as robin:
        await robin.sign_in()
        hosted = await robin.see(page)
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        office = await robin.see(page)
        refused = await robin.send(f"{page}/link", {}, page=page)

    assert ["Send a link to their own page" in one.text for one in (hosted, office)] == [True, False]
    assert "Participants have no pages here" in refused.text


async def test_her_session_lasts_half_a_day_and_ends_with_her_leave(web_node: WebNode, tmp_path: Path) -> None:
    person = amara(web_node)
    app = web_node.app(ADDRESS)
    recognize = web_node.services.participants.recognize
    async with browser(app, address=ADDRESS) as her:
        secrets = []
        for _ in range(2):
            send_link(web_node)(CLERK, person.id)
            await follow(her, link_in(letters(web_node, tmp_path)[0]))
            secrets.append(her.cookie("__Host-me"))
        early, late = secrets
        web_node.services.participants.sign_out(Participant(person.id), early)
        with pytest.raises(ParticipantSignedOutError):
            recognize(early)
        web_node.clock.advance(LONGEST - timedelta(minutes=1))
        assert recognize(late).person == person.id
        with web_node.program.work() as work:
            work.people.replace(replace(work.people.get(person.id), state=PersonState.LEFT))
        with pytest.raises(ParticipantSignedOutError):
            recognize(late)
        with pytest.raises(PersonLeftError):
            send_link(web_node)(CLERK, person.id)


async def test_an_erased_person_is_out_at_once_and_an_old_link_is_dead(web_node: WebNode, tmp_path: Path) -> None:
    person, other = amara(web_node), amara(web_node, email="other@example.org")
    app = web_node.app(ADDRESS)
    async with browser(app, address=ADDRESS) as her:
        send_link(web_node)(CLERK, person.id)
        await follow(her, link_in(letters(web_node, tmp_path)[0]))
        with web_node.program.work() as work:
            work.people.erase(person.id)
        with pytest.raises(ParticipantSignedOutError):
            web_node.services.participants.recognize(her.cookie("__Host-me"))
        send_link(web_node)(CLERK, other.id)
        old = link_in(letters(web_node, tmp_path)[0])
        web_node.clock.advance(LINK_TERM)
        assert (await her.see(old)).status_code == 410


async def test_asking_is_answered_alike_whoever_asks_and_fills_no_mailbox(web_node: WebNode, tmp_path: Path) -> None:
    amara(web_node)
    async with browser(web_node.app(ADDRESS), address=ADDRESS) as somebody:
        asked = [
            await somebody.send("/me/sign-in", {"email": email})
            for email in ("Amara@Example.org ", "nobody@example.org", "okafor", *["amara@example.org"] * MOST_UNUSED)
        ]
        assert {(answer.status_code, answer.headers["location"]) for answer in asked} == {(303, "/me/sign-in?sent=1")}
        assert "a letter with a link is on its way" in (await somebody.see("/me/sign-in?sent=1")).text
        blank = await somebody.send("/me/sign-in", {"email": " "})
        found = letters(web_node, tmp_path)
        links = [link_in(letter) for letter in found]
        for link in (links[0], links[-1]):
            assert (await follow(somebody, link)).status_code == 303
        assert (await somebody.see("/me/sign-in")).headers["location"] == "/me"

    assert (blank.status_code, '<a href="#email">' in blank.text) == (422, True)
    assert len(found) == MOST_UNUSED


async def test_one_place_cannot_ask_all_day_and_spoils_it_for_no_other(web_node: WebNode) -> None:
    app = web_node.app(ADDRESS)
    async with (
        browser(app, address=ADDRESS) as one,
        browser(app, address=ADDRESS, place="192.0.2.9") as other,
    ):
        for number in range(MOST_FROM_ONE_PLACE):
            await one.send("/me/sign-in", {"email": f"{number}@example.org"})
        assert (await one.send("/me/sign-in", {"email": "amara@example.org"})).status_code == 429
        assert (await other.send("/me/sign-in", {"email": "amara@example.org"})).status_code == 303


def test_a_link_needs_a_hosted_program_an_address_and_somebody_who_may_write(web_node: WebNode) -> None:
    person, silent = amara(web_node), amara(web_node, email="")

    with pytest.raises(OfficeOnlyError):
        send_link(web_node, hosted=False)(CLERK, person.id)
    with pytest.raises(NoAddressError):
        send_link(web_node)(CLERK, silent.id)
    with pytest.raises(NotAllowedError):
        send_link(web_node)(OFFICER, person.id)


async def test_what_she_typed_when_her_session_ended_is_shown_to_her_again(web_node: WebNode, tmp_path: Path) -> None:
    send_link(web_node)(CLERK, amara(web_node).id)
    (letter,) = letters(web_node, tmp_path)
    async with browser(web_node.app(ADDRESS), address=ADDRESS) as her:
        ended = await her.post("/me/pairs/one/notes", {"note": "Une longue note"})
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', ended.text))
        await follow(her, link_in(letter))
        shown = await her.post("/me/again", fields)

    assert (ended.status_code, 'action="/me/again"' in ended.text) == (403, True)
    assert 'action="/me/pairs/one/notes"' in shown.text
    assert 'value="Une longue note"' in shown.text
