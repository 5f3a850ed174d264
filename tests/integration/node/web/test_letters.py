"""Letters to our own people: opened as a file, sent by hand, ticked off."""

import re
from dataclasses import replace
from email import message_from_bytes

import pytest

from node.domain.letter import LetterState
from tests.support.crossing import CLERK
from tests.support.node import a_mentor
from tests.support.web import WebNode, browser

pytestmark = pytest.mark.anyio


def written(web_node: WebNode) -> None:
    """Two letters: a mentee and a mentor are introduced."""
    mentee, mentor = web_node.program.mentee(), web_node.program.add(a_mentor())
    web_node.services.mentorships.approve(CLERK, mentee.id, mentor.id)


async def test_a_letter_is_opened_as_a_file_and_ticked_off_once_it_was_sent(web_node: WebNode) -> None:
    written(web_node)
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        assert "No letter needs you." in (await robin.see("/letters")).text
        await robin.send("/letters/send", {}, page="/letters")
        page = (await robin.see("/letters")).text
        letter = re.findall(r"/letters/([0-9a-f-]{36})/open", page)[0]
        assert f'id="{letter}"' in page
        today = (await robin.see("/")).text
        assert f'href="/letters#{letter}"' in today
        file = await robin.send(f"/letters/{letter}/open", {}, page="/letters")
        ticked = await robin.send(f"/letters/{letter}/sent", {}, page="/letters")
        again = await robin.send(f"/letters/{letter}/sent", {}, page="/letters")

    assert file.headers["content-disposition"] == f'attachment; filename="{letter}.eml"'
    message = message_from_bytes(file.content)
    assert (message["X-Unsent"], message["Message-ID"]) == ("1", f"<{letter}@mentorweave>")
    assert ticked.headers["location"] == "/letters?done=letter.ticked"
    assert again.status_code == 409


async def test_a_letter_that_was_refused_is_written_anew_and_one_that_is_forgotten_is_not(web_node: WebNode) -> None:
    written(web_node)
    with web_node.program.work() as work:
        refused, forgotten = work.letters.all()
        work.letters.replace(refused.end(LetterState.REFUSED, web_node.clock.now()))
        work.letters.replace(replace(forgotten.end(LetterState.UNCLEAR, web_node.clock.now()), other=None))
    async with browser(web_node.app(), language="fr") as robin:
        await robin.sign_in()
        file = await robin.send(f"/letters/{refused.id}/open", {}, page="/letters")
        gone = await robin.send(f"/letters/{forgotten.id}/open", {}, page="/letters")
        unknown = await robin.send("/letters/none/open", {}, page="/letters")

    assert b"Amara" in file.content
    assert (gone.status_code, unknown.status_code) == (409, 404)
    assert "elle ne doit pas être envoyée" in gone.text


async def test_letters_are_read_page_by_page(web_node: WebNode) -> None:
    for _ in range(26):
        written(web_node)
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        first = (await robin.see("/letters")).text
        address = re.search(r'"(/letters\?before=[^"]+)"', first)
        assert address is not None
        second = (await robin.see(address[1])).text

    assert (first.count('<th scope="row">'), second.count('<th scope="row">')) == (50, 2)
    assert "/letters?before=" not in second
