"""A double click, a reload, a lost answer: a form that is sent twice does its work once."""

import base64
import re
from datetime import timedelta

import anyio
import pytest
from sqlalchemy import select

from node.adapters.sql.tables import API
from node.domain.actor import UserId
from node.services.ports.tokens import Asking
from tests.support.crossing import CLERK
from tests.support.web import Browser, WebNode, browser

pytestmark = pytest.mark.anyio


async def fields(robin: Browser, page: str, action: str) -> dict[str, str]:
    """The hidden fields of one form."""
    form = (await robin.see(page)).text.partition(f'action="{action}"')[2].partition("</form>")[0]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


async def test_a_form_sent_twice_at_once_and_again_later_is_done_once(web_node: WebNode) -> None:
    mentee, mentor = web_node.program.mentee(), web_node.program.mentor()
    mentorship = web_node.program.approve(CLERK, mentee.id, mentor.id).id
    page, answers = f"/mentorships/{mentorship}", []

    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        form = {**await fields(robin, page, f"{page}/meetings"), "minutes": "60", "held_on": "2027-02-27"}

        async def click() -> None:
            answers.append(await robin.post(f"{page}/meetings", form))

        async with anyio.create_task_group() as both:
            both.start_soon(click)
            both.start_soon(click)
        await click()
        changed = await robin.post(f"{page}/meetings", {**form, "minutes": "45"})

    assert [answer.status_code for answer in answers] == [303] * 3
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert changed.status_code == 303
    with web_node.program.work() as work:
        assert [meeting.minutes for meeting in work.mentorships.get(mentorship).meetings] == [60, 45]


async def test_a_form_that_was_refused_can_be_sent_again(web_node: WebNode) -> None:
    mentee, mentor = web_node.program.mentee(), web_node.program.mentor()
    page = f"/mentorships/{web_node.program.approve(CLERK, mentee.id, mentor.id).id}"
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        form = {**await fields(robin, page, f"{page}/meetings"), "minutes": "0"}
        first = await robin.post(f"{page}/meetings", form)
        second = await robin.post(f"{page}/meetings", form)

    assert [first.status_code, second.status_code] == [422, 422]


async def test_a_page_that_answers_a_form_has_an_address_for_this_browser_alone_and_for_a_day(
    web_node: WebNode,
) -> None:
    async with browser(web_node.app()) as robin, browser(web_node.app()) as elsewhere:
        await robin.sign_in()
        form = {**await fields(robin, "/settings/tokens", "/settings/tokens"), "name": "Newsletter"}
        shown = [await robin.post("/settings/tokens", {**form, "scopes": "people:read"}) for _ in range(2)]
        path = shown[0].request.url.path
        secret = re.search(r"mw_[\w-]{40,}", shown[0].text)
        assert secret
        assert path.startswith("/shown/")
        assert [again.text for again in (shown[1], await robin.see(path))] == [shown[0].text] * 2
        with web_node.program.work() as work:
            assert len(work.tokens.all()) == 1

        await elsewhere.sign_in()
        assert (await elsewhere.see(path)).status_code == 410
        web_node.clock.advance(timedelta(hours=24, seconds=1))
        await robin.sign_in()
        assert (await robin.see(path)).status_code == 410


async def test_who_knows_the_database_and_its_keys_cannot_read_a_page_that_was_kept(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        form = await fields(robin, "/people/new", "/people/new")
        shown = await robin.post("/people/new", {**form, "name": "Amara Okafor", "find": "1"})

        assert "Amara Okafor" in shown.text
        with web_node.program.work() as work:
            owners = work.connection.execute(select(API.answers)).all()
        kept = next(row for row in owners if row.key == shown.request.url.path.rpartition("/")[2])
        known = Asking(owner=kept.owner, key=kept.key, request="", subject=UserId(kept.subject))
        opened = web_node.services.once.given(known)
        assert opened
        assert b"Amara" not in base64.b64decode(opened)
