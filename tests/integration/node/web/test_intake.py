"""The program chooses what it asks and in which words, on pages and on paper, and counts by which link people come."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from node.domain.actor import SYSTEM, Role
from node.domain.intake.application import QUICKEST, Answer, Application, ApplicationId, Stage
from node.domain.intake.question import Ask, Shown, Texts, Worded
from node.domain.person import Kind
from node.domain.program import Tongue
from node.domain.signin import digest
from node.services.applying.taking import PAGE
from node.services.intake.columns import known_column
from node.web.routes import sources
from tests.support.applicant import ADDRESS, her, people
from tests.support.clock import NOON
from tests.support.crossing import CLERK
from tests.support.node import new_id
from tests.support.queries import statements
from tests.support.web import OPERATOR, Browser, WebNode, browser

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def administrator(web_node: WebNode) -> AsyncIterator[Browser]:
    """Robin, trusted with the program itself."""
    with web_node.program.work() as work:
        robin = work.users.by_email("robin@example.org")
        assert robin is not None
        work.users.replace(replace(robin, role=Role.ADMINISTRATOR))
    async with browser(web_node.app(ADDRESS), address=ADDRESS) as pat:
        await pat.sign_in()
        yield pat


async def test_who_wrote_is_listed_page_by_page_in_the_same_few_statements(web_node: WebNode) -> None:
    def arrive(count: int) -> None:
        with web_node.program.work() as work:
            for _ in range(count):
                one = Application(
                    id=ApplicationId(new_id()),
                    kind=Kind.MENTOR,
                    language=Tongue.ENGLISH,
                    link=digest(new_id()),
                    begun_at=NOON,
                    until=NOON,
                    stage=Stage.SENT,
                    sent_at=NOON,
                    answers=(Answer(Ask.NAME, (("name", "Zoë Quill"),)),),
                )
                work.applications.add(one)

    counts = []
    async with browser(web_node.app(ADDRESS), address=ADDRESS) as robin:
        await robin.sign_in()
        for count in (1, PAGE):
            arrive(count)
            with statements(web_node.program.engine) as asked:
                page = await robin.see("/people/arrivals")
            counts.append(len(asked))
        (more,) = re.findall(r'href="(/people/arrivals\?after=[^"]+)"', page.text)
        rest = await robin.see(more)

    assert counts[0] == counts[1]
    assert [shown.text.count(">Zoë Quill</a>") for shown in (page, rest)] == [PAGE, 1]


async def test_the_program_asks_in_its_own_order_and_words(web_node: WebNode) -> None:
    async with browser(web_node.app(ADDRESS), address=ADDRESS) as pat:
        web_node.services.entrance.set_password(OPERATOR, "robin@example.org", "plum jam on warm bread")
        await pat.sign_in()
        page = "/settings/intake/mentee"
        seen = await pat.see(page)
        read = await pat.see(f"{page}/contact")
    change = web_node.services.intake.change
    own = Texts("Do you have a car?", "Avez-vous une auto?")
    change(OPERATOR, Kind.MENTEE, Worded(Ask.OWN_1, own, Texts()), 0)
    change(OPERATOR, Kind.MENTEE, Shown(Ask.OWN_1, shown=True), 1)
    change(OPERATOR, Kind.MENTEE, Worded(Ask.CONTACT, Texts(), Texts("Ask Pat.", "Demandez à Pat.")), 2)
    async with her(web_node, "fr-CA") as visitor:
        await visitor.begin()
        asked = await visitor.browser.see(f"{visitor.home}/own_1")
        consent = await visitor.browser.see(f"{visitor.home}/contact")
        await visitor.answer_all(own_1={"words": "Oui"}, contact={"said": "yes"})
        web_node.clock.advance(QUICKEST)
        await visitor.send()
    web_node.services.intake.take_in(CLERK, web_node.services.intake.arrivals(CLERK).lines[0].id)

    assert seen.text.count("always asked") == 7
    assert "they are kept with every yes" in read.text
    assert "Avez-vous une auto?" in asked.text
    assert "Demandez à Pat." in consent.text
    (person,) = people(web_node)
    assert "Avez-vous une auto?: Oui" in person.contact.notes
    with web_node.program.work() as work:
        assert any(grant.wording.endswith("Demandez à Pat.") for grant in work.consents.of(person.id))


async def test_the_questions_are_changed_by_buttons_and_a_stale_page_is_refused(web_node: WebNode) -> None:
    page = "/settings/intake/mentee"
    async with administrator(web_node) as pat:
        moved = await pat.send(f"{page}/reach/move", {"way": "up", "version": "0"}, page=page)
        stale = await pat.send(f"{page}/reach/move", {"way": "up", "version": "0"}, page=page)
        hidden = await pat.send(f"{page}/topics/show", {"shown": "no", "version": "1"}, page=page)
        needed = await pat.send(f"{page}/name/show", {"shown": "no", "version": "2"}, page=page)
        unworded = await pat.send(f"{page}/own_1/show", {"shown": "yes", "version": "2"}, page=page)
        fixed = await pat.send(f"{page}/contact", {"title_en": "Say yes!", "version": "2"})
        worded = await pat.send(f"{page}/name", {"title_en": "And you are?", "version": "2"})
        shown = await pat.see(page)

    assert [answer.status_code for answer in (moved, hidden, worded)] == [303] * 3
    assert [answer.status_code for answer in (stale, needed)] == [409, 409]
    assert [answer.status_code for answer in (unworded, fixed)] == [422, 422]
    assert "And you are?" in shown.text
    assert shown.text.index("How can we reach you?") < shown.text.index("And you are?")
    assert "Version 3" in shown.text


async def test_each_poster_has_its_link_and_its_counts(web_node: WebNode) -> None:
    async with administrator(web_node) as pat:
        await pat.send("/settings/intake/sources", {"source": "Public library"})
        twice = await pat.send("/settings/intake/sources", {"source": "public LIBRARY"})
        async with her(web_node) as visitor:
            start = await visitor.browser.see("/join/mentee?from=public-library")
            await visitor.begin(source="public-library")
            odd = await visitor.browser.see("/join/mentee?from=<b>")
        shown = await pat.see("/settings/intake/sources")

    assert 'name="source" value="public-library"' in start.text
    assert (twice.status_code, odd.status_code) == (422, 422)
    assert f"{ADDRESS}/join/mentee?from=public-library" in shown.text
    (source,) = web_node.services.intake.sources(CLERK)
    assert (source.started, source.finished) == (1, 0)


async def test_many_sources_are_listed_page_by_page(web_node: WebNode) -> None:
    for number in range(sources.PAGE + 2):
        web_node.services.intake.add_source(SYSTEM, f"Poster {number:02}")
    retired = web_node.services.intake.sources(CLERK)[0].code
    web_node.services.intake.retire_source(SYSTEM, retired, retired=True)
    async with administrator(web_node) as pat:
        first = (await pat.see("/settings/intake/sources")).text
        second = (await pat.see(f"/settings/intake/sources?start={sources.PAGE}")).text
        asked = [f"Poster {number:02}" for number in (0, 1, sources.PAGE, sources.PAGE + 1)]
        assert [one in first for one in asked] == [False, True, True, False]
        assert [one in second for one in asked] == [True, False, False, True]
        assert (f'?start={sources.PAGE}">' in first, "First page" in first, "First page" in second) == (
            True,
            False,
            True,
        )
        assert (await pat.see("/settings/intake/sources?start=-1")).status_code == 422


async def test_a_poster_that_came_down_is_listed_apart_and_can_be_used_again(web_node: WebNode) -> None:
    address = "/settings/intake/sources"
    async with administrator(web_node) as pat:
        await pat.send(address, {"source": "Public library"})
        retired = await pat.send(f"{address}/public-library/retire", {}, page=address)
        apart = await pat.see(retired.headers["location"])
        async with her(web_node) as visitor:
            await visitor.begin(source="public-library")
        await pat.send(f"{address}/public-library/again", {}, page=address)
        back = await pat.see(address)
        unknown = await pat.send(f"{address}/nowhere/retire", {}, page=address)

    assert "No longer counted" in apart.text
    assert "?from=public-library" not in apart.text
    assert "No longer counted" not in back.text
    assert "?from=public-library" in back.text
    assert unknown.status_code == 404
    assert [(one.name, one.started) for one in web_node.services.intake.sources(CLERK)] == [
        ("", 1),
        ("Public library", 0),
    ]


async def test_the_same_questions_stand_on_paper_in_both_languages(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        sheet = await robin.see("/people/intake-sheet/mentor")
        file = await robin.see("/people/intake-template/mentor?form=csv")
        listed = await robin.see("/people/arrivals")

    assert all(text in sheet.text for text in ("What is your name?", "Comment vous appelez-vous?", "Signature"))
    assert "not who I am" not in sheet.text
    assert "exactes" not in sheet.text
    header = file.text.lstrip("\ufeff").strip().split(",")
    assert header[:3] == ["name", "email", "phone"]
    assert None not in [known_column(column) for column in header]
    assert "seats" in file.text
    assert "waiting_since" not in file.text
    assert "Print the intake sheet instead." in listed.text
