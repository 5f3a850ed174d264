"""Looking elsewhere for a mentee, and anonymous requests: what is refused, closed, or answered with a no."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from node.domain.card import CardOffer, CardWords, OwnCard, QuestionId, ShownCard
from node.domain.listing import Listing
from node.domain.person import OccupationCode
from node.domain.request import Capability, Offered
from protocol.ids import Digest
from protocol.vocabulary import Mode, SeatBand
from tests.support.node import a_person, new_id
from tests.support.web import HOST, Browser, WebNode, browser

pytestmark = pytest.mark.anyio
VETERINARIAN = OccupationCode("31103")
CARD = Digest("c" * 64)


async def sent(robin: Browser, path: str, fields: dict[str, str], page: str) -> tuple[int, str]:
    answer = await robin.send(path, fields, page=page)
    text = re.sub(r"<(head|header|footer)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    return answer.status_code, " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def lists_somebody(web_node: WebNode) -> None:
    """The other program lists one mentor."""
    listing = Listing(
        occupation=OccupationCode("21300"), languages=("en",), mode=Mode.ONLINE, seats=SeatBand.ONE, pseudonym="a" * 16
    )
    web_node.program.carrier.published[HOST] = (listing,)


async def test_a_program_is_asked_only_with_hours_and_a_yes_that_was_heard(web_node: WebNode) -> None:
    lists_somebody(web_node)
    mentee = web_node.program.add(a_person())
    path = f"/others/new/{mentee.id}"
    fields = {"to": HOST, "yes": "yes", "given": "phone", "day": web_node.clock.now().date().isoformat(), "hours": "4"}
    wrong = (
        ({"hours": "400"}, "from 1 to 40"),
        ({"given": ""}, "Say how the yes was given."),
        ({"day": "soon"}, "This is not a day."),
        ({"day": "2031-01-01"}, "still to come"),
        ({"yes": ""}, "Ask first, then write the yes down."),
    )
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        for changed, said in wrong:
            status, text = await sent(robin, path, {**fields, **changed}, f"{path}?to={HOST}")
            assert (status, said in text) == (422, True), text
        assert (await sent(robin, path, fields, f"{path}?to={HOST}"))[0] == 303
        assert "is being asked already" in (await robin.see(f"{path}?to={HOST}")).text


async def test_somebody_without_a_language_is_not_asked_for(web_node: WebNode) -> None:
    lists_somebody(web_node)
    silent = a_person()
    mentee = web_node.program.add(replace(silent, profile=replace(silent.profile, languages=())))
    async with browser(web_node.app()) as robin:
        await robin.sign_in()

        text = (await robin.see(f"/others/new/{mentee.id}?to={HOST}")).text
    assert "before a language is written down" in text


async def test_nobody_is_posted_whom_a_mentor_here_could_serve_or_without_her_yes(web_node: WebNode) -> None:
    web_node.program.mentor()
    served, rare = web_node.program.mentee(), web_node.program.mentee(occupation=VETERINARIAN)
    post = f"/others/new/{rare.id}/anonymous"
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        assert "Look at our own mentors" in (await robin.see(f"/others/new/{served.id}/anonymous")).text
        assert (await sent(robin, "/others/anonymous/attest", {}, "/others/anonymous"))[0] == 303
        status, text = await sent(robin, post, {}, post)
        assert (status, "Ask first, then write the yes down." in text) == (422, True)
        assert (await sent(robin, post, {"given": "paper"}, post))[0] == 303
        (card,) = re.findall(r"/others/anonymous/close/([0-9a-f]{64})", (await robin.see("/others/anonymous")).text)
        assert (await sent(robin, f"/others/anonymous/close/{card}", {}, "/others/anonymous"))[0] == 303
        assert "ended" in (await robin.see("/others/anonymous")).text


async def test_a_mentor_who_says_no_is_free_again_and_is_not_asked_twice(web_node: WebNode) -> None:
    mentor, now = web_node.program.mentor(occupation=VETERINARIAN), web_node.clock.now()
    words = CardWords(occupation=VETERINARIAN, language=None, tier=0, mode=Mode.EITHER)
    shown = now - timedelta(days=1)
    with web_node.program.work() as work:
        work.cards.add([ShownCard(id=CARD, words=words, key="k" * 43, close=Digest("d" * 64), shown_at=shown)])
    web_node.program.carrier.board.moments.append(shown)
    path = f"/others/anonymous/{CARD}/{mentor.id}"
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        status, text = await sent(robin, f"{path}/offer", {}, path)
        assert (status, "Ask first." in text) == (422, True)
        assert (await sent(robin, f"{path}/ask", {}, path))[0] == 303
        assert (await sent(robin, f"{path}/refuse", {}, path))[0] == 303
        assert (await robin.see(path)).status_code == 404
        assert (await robin.see(f"/others/anonymous/{'0' * 64}/{mentor.id}")).status_code == 404
    with web_node.program.work() as work:
        assert work.seats.of(mentor.id, now).free == 1


def offered(web_node: WebNode, *, agreed: bool = True) -> tuple[str, CardOffer]:
    """What another program offers for a request of ours."""
    mentee, now = web_node.program.mentee(occupation=VETERINARIAN, agreed=agreed), web_node.clock.now()
    words = CardWords(occupation=VETERINARIAN, language=None, tier=0, mode=Mode.EITHER)
    capability = Capability(
        occupation=VETERINARIAN,
        languages=("en",),
        topics=(),
        mode=Mode.ONLINE,
        hours=4,
        years_of_experience=9,
        time_zone="America/Edmonton",
    )
    held = Offered(capability, now + timedelta(days=14))
    offer = CardOffer(id=QuestionId(new_id()), card=CARD, host=HOST, offer=held, ticket="t" * 43, heard_at=now)
    with web_node.program.work() as work:
        work.postings.add(OwnCard(id=CARD, person=mentee.id, words=words, secret="opens.closes", posted_at=now))
        work.postings.hear(offer)
    return f"/others/anonymous/offers/{mentee.id}", offer


async def test_an_offer_that_is_passed_on_is_shown_no_more(web_node: WebNode) -> None:
    page, offer = offered(web_node)
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        assert "Veterinarians" in (await robin.see(page)).text
        assert (await sent(robin, f"{page}/{offer.id}/pass", {}, page))[0] == 303
        assert "Veterinarians" not in (await robin.see(page)).text
    with web_node.program.work() as work:
        assert work.postings.offer(offer.id).passed


async def test_a_place_is_asked_for_once_her_yes_is_written_down(web_node: WebNode) -> None:
    page, _ = offered(web_node, agreed=False)
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        first = (await robin.see(page)).text
        assert ("First, the yes" in first, "Ask for this place" in first) == (True, False)
        for given in ("", "by pigeon"):
            status, text = await sent(robin, f"{page}/yes", {"given": given, "day": ""}, page)
            assert (status, "Say how the yes was given." in text) == (422, True)
        yes = {"given": "phone", "day": web_node.clock.now().date().isoformat()}
        assert (await sent(robin, f"{page}/yes", yes, page))[0] == 303
        then = (await robin.see(page)).text
    assert ("First, the yes" in then, "Ask for this place" in then) == (False, True)
