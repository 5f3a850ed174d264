"""A session that ends in the middle of a long form: nothing typed is lost, and nothing is done without her."""

import re

import pytest

from tests.support.crossing import CLERK
from tests.support.web import WebNode, browser

pytestmark = pytest.mark.anyio
TYPED = {"note": "A long note\nin two lines", "reach": "shared"}


async def test_what_was_typed_comes_back_after_signing_in_and_is_sent_once_she_says_so(web_node: WebNode) -> None:
    mentee, mentor = web_node.program.mentee(), web_node.program.mentor()
    page = f"/mentorships/{web_node.program.approve(CLERK, mentee.id, mentor.id).id}"
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        await robin.send("/sign-out", {}, page="/")
        ended = await robin.post(f"{page}/notes", TYPED)
        await robin.sign_in()
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', ended.text))
        shown = await robin.post("/again", fields)
        assert "A long note" not in (await robin.see(page)).text
        token = re.search(r'action="([^"]+/notes)">\s*<input type="hidden" name="token" value="(\w+)"', shown.text)
        assert token
        sent = await robin.post(token[1], {**TYPED, "token": token[2]})
        kept = (await robin.see(page)).text

    assert ended.status_code == 403
    assert "Nothing you typed is lost" in ended.text
    assert sent.status_code == 303
    assert "A long note" in kept


async def test_no_password_waits_in_a_page_and_no_address_leads_away(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        ended = await robin.post("/settings", {"name": "X", "password": "plum jam on warm bread", "code": "123456"})
        await robin.sign_in()
        led = await robin.post("/again", {"again:path": "//evil.example/x", "name": "X"})

    assert "plum jam" not in ended.text
    assert "123456" not in ended.text
    assert 'action="/"' in led.text or 'action="/x"' in led.text
    assert "evil.example" not in led.text
