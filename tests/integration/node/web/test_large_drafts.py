"""A draft of many people: asked for on the page, made after the answer, seen when it is there, whatever fails."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from node.adapters.assignment import solve
from node.domain.actor import SYSTEM
from node.domain.assignment import Assignment, Problem
from node.domain.drafts import MOST_TRIES
from node.domain.person import Contact, Kind, PersonId
from node.services.drafting.making import LEASE, MakeDraft
from node.services.ports.assigner import Assigner
from tests.support.node import a_person, a_profile
from tests.support.web import Browser, WebNode, browser

pytestmark = pytest.mark.anyio


def somebody(node: WebNode, name: str, kind: Kind = Kind.MENTEE) -> PersonId:
    profile = a_profile(seats=1) if kind is Kind.MENTOR else a_profile()
    return node.program.add(a_person(kind, contact=Contact(name=name), profile=profile)).id


@pytest.fixture
async def robin(web_node: WebNode) -> AsyncIterator[Browser]:
    """The coordinator of a program that is large, signed in."""
    web_node.services.drafts.make = replace(web_node.services.drafts.make, at_once=0)
    somebody(web_node, "Amara Okafor")
    somebody(web_node, "Mary Mentor", Kind.MENTOR)
    async with browser(web_node.app()) as visitor:
        await visitor.sign_in()
        yield visitor


def maker(node: WebNode, assigner: Assigner = solve) -> MakeDraft:
    """What the server does again and again, with a solver that meets something."""
    return replace(node.services.drafts.make, assigner=assigner)


async def test_it_is_made_after_the_answer_and_shown_when_it_is_there(web_node: WebNode, robin: Browser) -> None:
    asked = await robin.send("/matching/drafts", {}, page="/matching")
    waiting = (await robin.see(asked.headers["location"])).text
    assert asked.headers["location"].startswith("/matching?")
    assert "A draft is being made, asked for" in waiting
    assert "Make a draft" not in waiting
    assert waiting.count("htmx.min") == 1, "the page looks again by itself"

    made = maker(web_node).make_asked(SYSTEM)

    page = (await robin.see("/matching")).text
    assert ("is being made" in page, "htmx.min" in page) == (False, False)
    assert f"/matching/drafts/{made}" in page
    board = (await robin.see(f"/matching/drafts/{made}")).text
    assert "1</strong> of 1 have a mentor" in board
    assert "Robin" in board
    assert maker(web_node).make_asked(SYSTEM) is None


async def test_who_asks_twice_gets_one(web_node: WebNode, robin: Browser) -> None:
    await robin.send("/matching/drafts", {}, page="/matching")
    web_node.services.drafts.make.ask(SYSTEM)

    assert maker(web_node).make_asked(SYSTEM) is not None
    assert maker(web_node).make_asked(SYSTEM) is None


async def test_a_process_that_dies_over_it_leaves_it_to_the_next(web_node: WebNode, robin: Browser) -> None:
    def dies(problem: Problem) -> Assignment:
        raise MemoryError(len(problem.pairs))

    await robin.send("/matching/drafts", {}, page="/matching")
    with pytest.raises(MemoryError):
        maker(web_node, dies).make_asked(SYSTEM)

    assert maker(web_node).make_asked(SYSTEM) is None, "its lease is not over"
    assert "A draft is being made" in (await robin.see("/matching")).text
    web_node.clock.advance(LEASE)
    assert maker(web_node).make_asked(SYSTEM) is not None


@pytest.mark.parametrize("again", ["asked for", "made by hand"])
async def test_one_that_cannot_be_made_is_said_to_be_until_another_is_made(
    web_node: WebNode, robin: Browser, again: str
) -> None:
    def dies(problem: Problem) -> Assignment:
        raise MemoryError(len(problem.pairs))

    await robin.send("/matching/drafts", {}, page="/matching")
    for _ in range(MOST_TRIES):
        with pytest.raises(MemoryError):
            maker(web_node, dies).make_asked(SYSTEM)
        web_node.clock.advance(LEASE)

    assert maker(web_node).make_asked(SYSTEM) is None
    page = (await robin.see("/matching")).text
    assert "could not be made, and is not tried any more" in page
    assert "is being made" not in page
    if again == "asked for":
        await robin.send("/matching/drafts", {}, page="/matching")
        assert "A draft is being made" in (await robin.see("/matching")).text
        made = maker(web_node).make_asked(SYSTEM)
    else:
        made = maker(web_node)(SYSTEM).id
    page = (await robin.see("/matching")).text
    assert f"/matching/drafts/{made}" in page
    assert "could not be made" not in page


async def test_a_board_tells_that_people_changed_since(web_node: WebNode, robin: Browser) -> None:
    await robin.send("/matching/drafts", {}, page="/matching")
    board = f"/matching/drafts/{maker(web_node).make_asked(SYSTEM)}"
    changed = "People or rules changed since"
    assert changed not in (await robin.see(board)).text

    somebody(web_node, "Linh Pham")

    assert changed in (await robin.see(board)).text


async def test_what_took_longer_than_its_lease_is_kept_once(web_node: WebNode, robin: Browser) -> None:
    others = list[object]()

    def slow(problem: Problem) -> Assignment:
        web_node.clock.advance(LEASE + timedelta(seconds=1))
        others.append(maker(web_node).make_asked(SYSTEM))
        return solve(problem)

    await robin.send("/matching/drafts", {}, page="/matching")

    assert maker(web_node, slow).make_asked(SYSTEM) == others[0]
    assert web_node.services.drafts.show(SYSTEM).id == others[0]


async def test_who_was_erased_while_it_was_made_is_not_in_it(web_node: WebNode, robin: Browser) -> None:
    linh = somebody(web_node, "Linh Pham")

    def erases(problem: Problem) -> Assignment:
        with web_node.program.work() as work:
            work.people.erase(linh)
        return solve(problem)

    await robin.send("/matching/drafts", {}, page="/matching")
    maker(web_node, erases).make_asked(SYSTEM)

    view = web_node.services.drafts.show(SYSTEM)
    assert view.figures.mentees == 2
    assert linh not in {pair.mentee for pair in view.pairs} | {one.mentee for one in view.unmatched}
