"""The page of a pair: agreed, planned, met, noted and ended by the two of them, and read by their coordinator."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from fastapi import FastAPI

from node.domain.actor import Role
from node.domain.mentorship import MentorshipId
from node.domain.participant import ParticipantLink
from node.domain.person import Person
from node.domain.signin import digest
from tests.support.crossing import CLERK
from tests.support.web import ADDRESS, ROBIN, Browser, WebNode, browser

pytestmark = pytest.mark.anyio
AGREED = {
    "words": "Every second Tuesday, by video",
    "goal-1": "A first interview",
    "due-1": "2027-03-01",
    "steps-1": "Rewrite the CV\nCall two people\n",
    "review_on": "2027-04-01",
}


def together(web_node: WebNode) -> tuple[MentorshipId, Person, Person]:
    mentee, mentor = web_node.program.mentee(), web_node.program.mentor()
    return web_node.program.approve(CLERK, mentee.id, mentor.id).id, mentee, mentor


@asynccontextmanager
async def as_participant(web_node: WebNode, app: FastAPI, person: Person) -> AsyncIterator[Browser]:
    """A browser in which one of our people opened her link."""
    token = f"link-of-{person.id}"
    with web_node.program.work() as work:
        until = web_node.clock.now() + timedelta(days=3)
        work.participants.give_link(ParticipantLink(digest=digest(token), person=person.id, until=until))
    async with browser(app) as one:
        await one.send(f"/me/link/{token}", {})
        yield one


async def test_two_people_agree_plan_meet_and_end_on_their_own_page(web_node: WebNode) -> None:
    mentorship, mentee, mentor = together(web_node)
    app = web_node.app(ADDRESS)
    page = f"/me/pairs/{mentorship}"
    async with as_participant(web_node, app, mentee) as hers, as_participant(web_node, app, mentor) as his:
        assert mentor.contact.name in (await hers.see("/me")).text
        agreed = await hers.send(f"{page}/agreement", AGREED)
        ticked = await his.send(f"{page}/goals/1/steps/2", {"done": "yes"}, page=page)
        planned = await his.send(
            f"{page}/plans", {"day": "2027-03-24", "time": "17:30", "for": "45", "where": "Library"}, page=page
        )
        seen = (await hers.see(planned.headers["location"])).text
        link = re.search(r'href="([^"]+\.ics)"', seen)
        assert link
        calendar = await hers.see(link[1])
        met = await hers.send(f"{page}/meetings", {"minutes": "50", "held_on": "2027-02-27"}, page=page)
        settled = await his.send(f"{page}/goals/1/reached", {}, page=page)
        ended = await hers.send(f"{page}/end", {"outcome": "found_work"})
        last = (await his.see(page)).text

    assert [a.status_code for a in (agreed, ticked, planned, met, settled, ended)] == [303] * 6
    assert "Every second Tuesday" in seen
    assert "Library" in seen
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert b"DURATION" in calendar.content or b"DTEND" in calendar.content
    assert "found work" in last
    assert "You met once." in last


async def test_what_is_missing_in_an_agreement_is_told_at_its_field_and_nothing_typed_is_lost(
    web_node: WebNode,
) -> None:
    mentorship, mentee, _ = together(web_node)
    page = f"/me/pairs/{mentorship}/agreement"
    async with as_participant(web_node, web_node.app(ADDRESS), mentee) as hers:
        refused = await hers.send(page, {**AGREED, "due-1": "soon", "words": ""})

    assert refused.status_code == 422
    assert 'href="#due-1"' in refused.text
    assert 'href="#words"' in refused.text
    assert "Rewrite the CV" in refused.text


async def test_who_wrote_the_agreement_second_is_told_and_overwrites_nothing(web_node: WebNode) -> None:
    mentorship, mentee, mentor = together(web_node)
    app, page = web_node.app(ADDRESS), f"/me/pairs/{mentorship}/agreement"
    async with as_participant(web_node, app, mentee) as hers, as_participant(web_node, app, mentor) as his:
        first = {"version": "1", **AGREED}
        await hers.send(page, first)
        second = await his.send(page, {**first, "words": "On Mondays"})
        stands = (await his.see(f"/me/pairs/{mentorship}")).text

    assert second.status_code == 422
    assert "On Mondays" in second.text
    assert "Every second Tuesday" in stands


async def test_this_is_not_working_reaches_the_coordinator_alone(web_node: WebNode) -> None:
    mentorship, mentee, mentor = together(web_node)
    app, page = web_node.app(ADDRESS), f"/me/pairs/{mentorship}"
    async with as_participant(web_node, app, mentee) as hers, as_participant(web_node, app, mentor) as his:
        sent = await hers.send(f"{page}/notes", {"reach": "coordinator", "note": "He never calls"}, page=page)
        assert "You will hear back" in (await hers.see(sent.headers["location"])).text
        assert "He never calls" not in (await his.see(page)).text
    async with browser(app) as robin:
        await robin.sign_in()
        assert "this is not working" in (await robin.see("/")).text
        told = (await robin.see(f"/mentorships/{mentorship}")).text
        assert "He never calls" in told
        seen_to = re.search(r'action="([^"]+/seen-to)"', told)
        assert seen_to
        await robin.send(seen_to[1], {}, page=f"/mentorships/{mentorship}")
        assert "this is not working" not in (await robin.see("/")).text


async def test_in_the_evening_of_the_program_they_met_today_and_not_tomorrow(web_node: WebNode) -> None:
    mentorship, mentee, _ = together(web_node)
    web_node.clock.advance(timedelta(hours=13))  # the second of March in Greenwich, the evening of the first here
    page = f"/me/pairs/{mentorship}"
    async with as_participant(web_node, web_node.app(ADDRESS), mentee) as hers:
        shown = (await hers.see(page)).text

    assert re.search(r'<input type="date" value="2027-03-01"[^>]*name="held_on"', shown)
    met = web_node.services.mentorships.meet(CLERK, mentorship, 30)
    assert met.meetings[-1].held_on == date(2027, 3, 1)


async def test_a_pair_is_nobody_elses(web_node: WebNode) -> None:
    mentorship, mentee, _ = together(web_node)
    other, *_ = together(web_node)
    app = web_node.app(ADDRESS)
    async with as_participant(web_node, app, mentee) as hers:
        answers = [
            await hers.see(f"/me/pairs/{other}"),
            await hers.send(f"/me/pairs/{other}/notes", {"reach": "shared", "note": "x"}, page="/me"),
            await hers.send(f"/me/pairs/{other}/end", {"outcome": "completed"}, page="/me"),
            await hers.see("/me/pairs/nowhere"),
        ]
        as_staff = await hers.see(f"/mentorships/{mentorship}")

    assert [answer.status_code for answer in answers] == [404] * 4
    assert as_staff.headers["location"] == "/sign-in"


async def test_in_an_office_participants_have_no_pages(web_node: WebNode) -> None:
    mentorship, *_ = together(web_node)
    async with browser(web_node.app()) as somebody:
        assert (await somebody.see(f"/me/pairs/{mentorship}")).status_code == 404


async def test_the_list_leads_to_every_pair(web_node: WebNode) -> None:
    mentorship, _, mentor = together(web_node)
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        listed = (await robin.see("/mentorships")).text
        ended = (await robin.see("/mentorships?ended=1")).text

    assert f'href="/mentorships/{mentorship}"' in listed
    assert mentor.contact.name in listed
    assert "No mentorship has ended yet" in ended


async def test_a_reader_reads_the_pair_and_is_offered_no_form(web_node: WebNode) -> None:
    mentorship, mentee, _ = together(web_node)
    page = f"/mentorships/{mentorship}"
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        as_coordinator = (await robin.see(page)).text
        with web_node.program.work() as work:
            work.users.replace(replace(work.users.get(ROBIN.id), role=Role.REVIEWER))
        as_reviewer = (await robin.see(page)).text
        forms = [(await robin.see(f"{page}/{form}")).status_code for form in ("agreement", "end")]

    assert f'action="{page}/' in as_coordinator
    assert mentee.contact.name in as_reviewer
    assert f'action="{page}/' not in as_reviewer
    assert f'href="{page}/end"' not in as_reviewer
    assert forms == [403, 403]
