"""Matching on the page: who waits, who fits and why, two mentors compared, a draft on its board."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest
from httpx import Response

from node.domain.actor import SYSTEM, Role, UserId
from node.domain.card import CardWords, ShownCard
from node.domain.person import Contact, Kind, OccupationCode, PersonId, Profile, Wish
from node.domain.user import User, UserState
from node.services.drafting.board import CARDS
from node.services.drafting.publishing import PLANNED
from node.services.matching.waiting import PAGE
from protocol.ids import sha256_hex
from protocol.vocabulary import Mode
from tests.support.clock import NOON
from tests.support.crossing import CLERK
from tests.support.node import a_person, a_profile, new_id
from tests.support.queries import statements
from tests.support.web import OPERATOR, PASSWORD, Browser, WebNode, browser

pytestmark = pytest.mark.anyio
LONG_AGO = date(2026, 1, 5)


def somebody(
    node: WebNode, name: str, *, kind: Kind = Kind.MENTEE, notes: str = "", traits: Profile | None = None
) -> PersonId:
    contact = Contact(name=name, email=f"{new_id()}@example.org", notes=notes)
    return node.program.add(a_person(kind, contact=contact, profile=traits or a_profile())).id


def mentor(node: WebNode, name: str, *, seats: int = 1, notes: str = "", circle: bool = False) -> PersonId:
    traits = replace(a_profile(seats=seats), wishes=(Wish.CIRCLE,) if circle else ())
    return somebody(node, name, kind=Kind.MENTOR, notes=notes, traits=traits)


@pytest.fixture
async def robin(web_node: WebNode) -> AsyncIterator[Browser]:
    """The coordinator, signed in."""
    async with browser(web_node.app()) as visitor:
        await visitor.sign_in()
        yield visitor


def read(page: str) -> str:
    """What a person reads."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)).replace("&#39;", "'")


async def test_mentors_are_read_before_somebody_waits_for_them(web_node: WebNode, robin: Browser) -> None:
    somebody(web_node, "Olena Kovalenko")
    mentor(web_node, "Mary Mentor")
    web_node.services.matching.keep_ready(SYSTEM)
    with statements(web_node.program.engine) as first:
        page = await robin.see("/matching")
    with statements(web_node.program.engine) as second:
        await robin.see("/matching")

    assert "Olena Kovalenko" in page.text
    assert len(first) == len(second)


async def make_draft(robin: Browser) -> str:
    """The path of a fresh draft."""
    made = await robin.send("/matching/drafts", {}, page="/matching")
    return made.headers["location"].partition("?")[0]


async def version(robin: Browser, draft: str) -> str:
    found = re.search(r'data-version="(\d+)"', (await robin.see(draft)).text)
    assert found is not None
    return found[1]


async def test_who_waited_longest_comes_first_and_is_told_whether_anybody_fits(
    web_node: WebNode, robin: Browser
) -> None:
    assert "Everybody who takes part has a mentor." in read((await robin.see("/matching")).text)
    linh = somebody(web_node, "Linh Pham", traits=replace(a_profile(), waiting_since=None))
    farmer = replace(a_profile(), occupation=OccupationCode("80020"), waiting_since=LONG_AGO)
    somebody(web_node, "Yonas Tesfay", traits=farmer)
    somebody(web_node, "Amara Okafor", traits=replace(a_profile(), waiting_since=date(2026, 3, 2)))
    mary = mentor(web_node, "Mary Mentor")
    page = read((await robin.see("/matching")).text)

    assert "3 mentees wait for a mentor." in page
    assert page.index("Yonas Tesfay") < page.index("Amara Okafor") < page.index("Linh Pham")
    assert (page.count("One mentor fits"), page.count("Nobody fits")) == (2, 1)
    web_node.program.approve(CLERK, linh, mary)
    page = read((await robin.see("/matching")).text)
    assert "Linh Pham" not in page
    assert "One fits, but has no free place" in page


async def test_a_mentee_lies_beside_who_fits_with_reasons_and_notes_that_are_never_scored(
    web_node: WebNode, robin: Browser
) -> None:
    amara = somebody(web_node, "Amara Okafor", notes="prefers evenings")
    mary, omar = mentor(web_node, "Mary Mentor", notes="patient"), mentor(web_node, "Omar Mentor", circle=True)
    path = f"/matching/{amara}"
    page = read((await robin.see(path)).text)

    for said in ("A very close fit", "the same occupation", "prefers evenings", "patient", "shown, never scored"):
        assert said in page
    assert "Would rather carry a group" in page
    assert "How the points add up" in page
    assert f'href="/others/new/{amara}"' in (await robin.see(path)).text
    for do, said in (("pin", "Wanted by a coordinator"), ("unpin", "choose freely"), ("apart", "is kept apart")):
        answer = await robin.send(f"{path}/bonds/{mary}", {"do": do}, page=path)
        assert said in read((await robin.see(answer.headers["location"])).text), do
    refused = await robin.send(f"{path}/bonds/{mary}", {"do": "apart"}, page=path)
    assert refused.status_code == 422
    assert "These two are kept apart already." in read(refused.text)
    assert (await robin.send(f"{path}/bonds/{mary}", {"do": "dance"}, page=path)).status_code == 422
    assert (await robin.see(f"/matching/{omar}")).status_code == 404
    assert (await robin.see("/matching/nobody")).status_code == 404


async def test_two_mentors_side_by_side_differ_in_words(web_node: WebNode, robin: Browser) -> None:
    amara = somebody(web_node, "Amara Okafor")
    mary = mentor(web_node, "Mary Mentor")
    traits = replace(a_profile(occupation="21301", seats=1))
    omar = somebody(web_node, "Omar Mentor", kind=Kind.MENTOR, traits=traits)
    path = f"/matching/{amara}/compare"
    page = read((await robin.see(f"{path}?with={mary}&with={omar}")).text)

    assert "Mary Mentor beside Omar Mentor" in page
    assert re.search(r"occupation: Mary Mentor is closer by \d+ points", page)
    assert "The same: " in page
    one = await robin.see(f"{path}?with={mary}")
    assert one.status_code == 422
    assert "Tick exactly two mentors" in read(one.text)


async def test_who_is_shown_beside_a_mentee_or_on_a_board_can_be_told_who_saw_her(
    web_node: WebNode, robin: Browser
) -> None:
    amara, mary, omar = somebody(web_node, "Amara Okafor"), mentor(web_node, "Mary"), mentor(web_node, "Omar")
    draft = await make_draft(robin)
    case = f"/matching/{amara}"
    seen = {amara: 1, mary: 0, omar: 0}  # the draft was asked for on the page of those who wait
    for path, shown in (
        ("/matching", (amara,)),
        ("/people?kind=mentor", (mary, omar)),
        (case, (amara, mary, omar)),
        (f"{case}/compare?with={mary}&with={omar}", (amara, mary, omar)),
        (draft, (amara, mary, omar)),
        (f"{draft}/move/{amara}", (amara, mary, omar)),
        (f"{draft}/move/{amara}/to/{omar}", (amara, omar)),
        (f"{draft}/publish", (amara, mary)),
    ):
        assert (await robin.see(path)).status_code == 200
        for person in shown:
            seen[person] += 1
        for person, times in seen.items():
            readers = web_node.services.people.timeline(SYSTEM, person).readers
            assert sum(one.times for one in readers) == times, path
    assert "Robin" in read((await robin.see(f"/people/{mary}/seen")).text)


async def test_asking_both_says_what_happens_and_happens_once(web_node: WebNode, robin: Browser) -> None:
    amara, mary = somebody(web_node, "Amara Okafor"), mentor(web_node, "Mary Mentor")
    path = f"/matching/{amara}/ask/{mary}"
    assert "One place of Mary Mentor is taken at once." in read((await robin.see(path)).text)
    assert (await robin.send(path, {})).status_code == 303
    again = await robin.send(path, {})

    assert again.status_code == 422
    assert "has no free place" in read(again.text)
    with web_node.program.work() as work:
        assert len(work.mentorships.all()) == 1


async def move(robin: Browser, draft: str, mentee: PersonId, place: str, seen: str = "") -> Response:
    """Send the form of a move, as it was read at a version."""
    fields = {"place": place, "version": seen or await version(robin, draft)}
    return await robin.send(f"{draft}/move/{mentee}", fields, page=draft)


async def test_somebody_is_moved_by_buttons_and_every_change_is_undone(web_node: WebNode, robin: Browser) -> None:
    amara = somebody(web_node, "Amara Okafor", traits=replace(a_profile(), waiting_since=LONG_AGO))
    linh, mary = somebody(web_node, "Linh Pham"), mentor(web_node, "Mary Mentor")
    draft = await make_draft(robin)
    before = read((await robin.see(draft)).text)
    assert "1 of 2 have a mentor" in before
    assert "Every compatible place is taken by people who have waited longer" in before

    assert "Leave without a mentor" in read((await robin.see(f"{draft}/move/{amara}")).text)
    await move(robin, draft, amara, "nobody")
    assert "Mary Mentor" in read((await robin.see(f"{draft}/move/{linh}")).text)
    assert "Points of this mentee: 0 before" in read((await robin.see(f"{draft}/move/{linh}/to/{mary}")).text)
    moved = await move(robin, draft, linh, mary)
    assert "One place by hand" in read((await robin.see(moved.headers["location"])).text)
    assert "Linh Pham" in read((await robin.see(f"{draft}?show=by_hand")).text)

    for name, why in (("Linh Pham", "went to somebody whom a coordinator wants"), ("Amara Okafor", "place is free")):
        changed = read((await robin.see(draft)).text)
        assert f"Undo the change for {name}" in changed
        assert why in changed
        await robin.send(f"{draft}/undo", {"version": await version(robin, draft)}, page=draft)
    after = read((await robin.see(draft)).text)
    assert "Undo" not in after
    assert "changed by hand" not in after
    assert "Every compatible place is taken by people who have waited longer" in after
    nothing = await robin.send(f"{draft}/undo", {"version": await version(robin, draft)}, page=draft)
    assert "Nothing was changed by hand" in read(nothing.text)


async def test_what_cannot_be_and_what_somebody_else_changed_is_told(web_node: WebNode, robin: Browser) -> None:
    amara = somebody(web_node, "Amara Okafor", traits=replace(a_profile(), waiting_since=LONG_AGO))
    linh, mary = somebody(web_node, "Linh Pham"), mentor(web_node, "Mary Mentor")
    draft = await make_draft(robin)
    seen = await version(robin, draft)
    assert "No place is free that the rules allow." in read((await robin.see(f"{draft}/move/{linh}")).text)
    preview = read((await robin.see(f"{draft}/move/{linh}/to/{mary}")).text)
    assert "This cannot be: no free place." in preview
    assert "the same occupation" in preview
    full = await move(robin, draft, linh, mary)
    assert (full.status_code, "no free place" in full.text) == (422, True)

    await move(robin, draft, amara, "nobody", seen)
    stale = await move(robin, draft, linh, mary, seen)
    assert stale.status_code == 422
    assert "Somebody else changed this meanwhile." in read(stale.text)
    assert (await robin.see(f"{draft}/move/{mary}")).status_code == 404
    assert (await robin.send(f"{draft}/discard", {}, page=draft)).headers[
        "location"
    ] == "/matching?done=draft_discarded"
    assert (await move(robin, draft, linh, mary, "9")).status_code == 422
    assert (await robin.see("/matching/drafts/none")).status_code == 404


async def test_publishing_says_before_what_is_sent_to_whom(web_node: WebNode, robin: Browser) -> None:
    somebody(web_node, "Amara Okafor")
    nadia = somebody(web_node, "Nadia Haddad")
    mentor(web_node, "Mary Mentor", seats=2)
    draft = await make_draft(robin)
    web_node.program.approve(CLERK, nadia, mentor(web_node, "Dora Doctor"))
    page = read((await robin.see(f"{draft}/publish")).text)

    assert "One pair begins, and 2 letters go out." in page
    assert "Nadia Haddad and Mary Mentor: the mentee meets somebody already." in page
    assert page.count("@example.org, English") == 2
    with web_node.program.work() as work:
        before = len(work.mentorships.all())
    await robin.send(f"{draft}/publish", {"version": await version(robin, draft)}, page=draft)
    with web_node.program.work() as work:
        assert len(work.mentorships.all()) == before + 1
    again = await robin.send(f"{draft}/publish", {}, page=draft)
    assert again.status_code == 422
    assert "was published or thrown away" in read(again.text)
    board = read((await robin.see(draft)).text)
    assert "and published." in board
    assert "Move" not in board


async def test_a_reviewer_signs_off_and_changes_nothing(web_node: WebNode, robin: Browser) -> None:
    amara, mary = somebody(web_node, "Amara Okafor"), mentor(web_node, "Mary Mentor")
    services = web_node.services
    services.matching.save_rules(CLERK, "[drafts]\nsecond_person = true\n")
    reviewer = User(
        id=UserId(new_id()),
        name="Noor Aziz",
        email="noor@example.org",
        role=Role.REVIEWER,
        state=UserState.ACTIVE,
        added_at=NOON,
    )
    with web_node.program.work() as work:
        work.users.add(reviewer)
    services.entrance.set_password(OPERATOR, reviewer.email, PASSWORD)
    draft = await make_draft(robin)
    assert "has to sign it off" in read((await robin.see(draft)).text)
    assert "Somebody else" in read((await robin.send(f"{draft}/publish", {}, page=draft)).text)
    assert (await robin.send(f"{draft}/sign", {}, page=draft)).status_code == 422

    async with browser(web_node.app()) as noor:
        await noor.sign_in(reviewer.email)
        page = await noor.see(draft)
        assert "That can be you." in page.text
        assert "draggable=" not in page.text.replace('draggable="false"', "")
        for path, fields in ((f"{draft}/move/{amara}", {"place": "nobody"}), (f"{draft}/publish", {})):
            assert (await noor.send(path, fields, page=draft)).status_code in {403, 422}
        assert (await noor.see(f"/matching/{amara}")).status_code == 200
        assert (await noor.send(f"/matching/{amara}/ask/{mary}", {})).status_code in {403, 422}
        await noor.send(f"{draft}/sign", {}, page=draft)
        assert "Signed off by Noor Aziz" in (await noor.see(draft)).text
    assert (await robin.send(f"{draft}/publish", {}, page=draft)).status_code == 303


async def test_pages_cost_the_same_however_many_people_wait(web_node: WebNode, robin: Browser) -> None:
    counts: dict[str, list[int]] = {"/matching": [], "case": [], "board": [], "places": [], "preview": []}
    first = somebody(web_node, "Amara Okafor")
    await make_draft(robin)  # so that both boards below have a last one
    for most in (1, PAGE + 10):
        for number in range(most):
            somebody(web_node, f"Mentee {number}")
            mentor(web_node, f"Mentor {number}")
        draft = await make_draft(robin)
        paths = {"/matching": "/matching", "case": f"/matching/{first}", "board": draft}
        paths |= {"places": f"{draft}/move/{first}", "preview": f"{draft}/publish"}
        for name, path in paths.items():
            await robin.see(path)
            with statements(web_node.program.engine) as sent:
                page = await robin.see(path)
            counts[name].append(len(sent))
            assert page.status_code == 200

    assert all(few == many for few, many in counts.values()), counts
    listed = (await robin.see("/matching")).text
    second = re.search(r'href="(/matching\?after=[^"]+)"', listed)
    assert second is not None
    assert 'class="cards"' in (await robin.see(second[1])).text
    board = await robin.see(paths["board"])
    assert board.text.count('class="box seat"') == CARDS
    further = re.search(r'href="([^"]+cards_after[^"]+)"', board.text)
    assert further is not None
    assert "First page" in (await robin.see(further[1].replace("&amp;", "&"))).text
    letters = await robin.see(paths["preview"])
    assert (letters.text.count("<tr><th"), "Publish, and write" in letters.text) == (PLANNED + 1, True)
    rest = re.search(r'href="([^"]+start=[^"]+)"', letters.text)
    assert rest is not None
    assert "First page" in (await robin.see(rest[1])).text


async def test_an_anonymous_request_shows_how_its_public_points_come_about(web_node: WebNode) -> None:
    words = CardWords(occupation=OccupationCode("21300"), language=None, tier=0, mode=Mode.ONLINE)
    card = ShownCard(id=sha256_hex(b"card"), words=words, key="", close=sha256_hex(b"close"), shown_at=NOON)
    mary = mentor(web_node, "Mary Mentor")
    with web_node.program.work() as work:
        work.cards.add([card])
    view = web_node.services.board.why(CLERK, card.id, mary)

    assert (view.for_waiting, view.for_no_exact_mentor) == (300, 100)
    assert view.points == sum(part.points for part in view.parts) + 400
    assert view.obstacles == ()
