"""A double click, a reload, a lost answer: a form that is sent twice does its work once."""

import re

import anyio
import pytest

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
