"""Two programs over the real exchange, by forms alone: an anonymous request, who belongs, letters, and how we stand."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import anyio
import httpx
import pytest

from federation.exchange.app import services_of
from node.domain.actor import Role, UserId
from node.domain.consent import Purpose
from node.domain.person import Kind, PersonId, Visibility
from node.domain.request import Stage
from node.domain.user import User, UserState
from node.web.app import make_pages
from protocol.ids import ThreadId
from tests.support.clock import NOON
from tests.support.node import a_person, a_profile, new_id
from tests.support.nodes import Node, World
from tests.support.web import ADDRESS, EMAIL, PASSWORD, Browser

VETERINARIAN, DENTIST = "31103", "31110"


@dataclass(slots=True)
class Desk:
    """A coordinator of one program in her browser."""

    node: Node
    browser: Browser

    def see(self, path: str) -> str:
        """What she reads on a page."""
        answer = anyio.run(self.browser.see, path)
        assert answer.status_code == 200, (path, words(answer.text))
        return words(answer.text)

    def do(self, path: str, fields: Mapping[str, str], page: str) -> str:
        """Fill in a form; where it leads."""

        answer = self._send(path, fields, page)
        assert answer.status_code == 303, words(answer.text)
        return answer.headers["location"].partition("?")[0]

    def post(self, path: str, fields: Mapping[str, str], page: str) -> str:
        """Fill in a form; what the answer says."""
        return words(self._send(path, fields, page).text)

    def _send(self, path: str, fields: Mapping[str, str], page: str) -> httpx.Response:
        async def send() -> httpx.Response:
            return await self.browser.send(path, fields, page=page)

        return anyio.run(send)

    def link(self, path: str, start: str) -> str:
        """The first address on a page that begins so."""
        text = anyio.run(self.browser.see, path).text
        found = re.search(rf'"({re.escape(start)}[^"]*)"', text)
        assert found is not None, words(text)
        return html.unescape(found[1])


def words(page: str) -> str:
    """What a person reads of a page."""
    text = re.sub(r"<(head|header|footer)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def desk(node: Node) -> Desk:
    """A coordinator who signed in."""
    user = User(
        id=UserId(new_id()), name="Robin", email=EMAIL, role=Role.COORDINATOR, state=UserState.ACTIVE, added_at=NOON
    )
    with node.work as work:
        work.users.add(user)
    node.services.entrance.set_password(node.actor, EMAIL, PASSWORD)
    app = make_pages(node.services, public_url="", time_zone="America/Edmonton")
    transport = httpx.ASGITransport(app=app, client=("192.0.2.7", 40_000))
    browser = Browser(httpx.AsyncClient(transport=transport, base_url=ADDRESS))
    anyio.run(browser.sign_in)
    return Desk(node, browser)


@dataclass(slots=True)
class Scene:
    """Two programs, each with a coordinator."""

    world: World
    home: Desk
    host: Desk

    def release(self) -> None:
        """A week goes by: what was decided leaves, and everybody reads it."""
        self.world.settle(1)
        services_of(self.world.app).release_batch()
        self.world.wait(timedelta(minutes=1))
        self.world.settle(1)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    world = World(tmp_path_factory.mktemp("across"))
    home, host = (world.node(name) for name in ("Medicine Hat", "Calgary"))
    world.settle(1)
    yield Scene(world, desk(home), desk(host))
    world.close()


@pytest.fixture(scope="module")
def listed(scene: Scene) -> Scene:
    """The two programs, once the host's coordinator has published its only dentist."""
    scene.host.node.mentor(occupation=DENTIST)
    for deed in ("agree", "publish"):
        scene.host.do(f"/privacy/{deed}", {}, "/privacy")
    scene.world.settle()
    return scene


def posted(scene: Scene, mentee: PersonId) -> None:
    """An anonymous request that everybody reads, made by forms."""
    home, post = scene.home, f"/others/new/{mentee}/anonymous"
    assert "Calgary" in home.see(f"/others/new/{mentee}")
    assert "no other request said the very same" in home.see(post)
    assert "one mentee waits without a match" in home.see(post)
    assert home.do("/others/anonymous/attest", {"mentee": mentee}, post) == post
    assert "waits for less than 13 weeks" in home.see(post)
    home.do(post, {"given": "phone"}, post)
    assert "waiting to be sent" in home.see("/others/anonymous")
    scene.release()


def offered(scene: Scene) -> None:
    """An offer for it, made by forms."""
    host = scene.host
    outside = host.link("/others/anonymous", "/others/anonymous/")
    assert "to be asked" in host.see("/others/anonymous")
    assert "nothing. I ask now" in host.see(outside)
    host.do(f"{outside}/ask", {}, outside)
    assert "Reminders on Today: March" in host.see(outside)
    assert "Exactly this, shut so that only the one who asked can open it" in host.see(outside)
    host.do(f"{outside}/offer", {"given": "in_person"}, outside)
    scene.release()


def test_an_anonymous_request_goes_its_whole_way_by_forms(scene: Scene) -> None:
    home, host = scene.home, scene.host
    mentee = home.node.mentee(occupation=VETERINARIAN).id
    mentor = host.node.mentor(occupation=VETERINARIAN, visibility=Visibility.ASK_FIRST).id
    posted(scene, mentee)
    offered(scene)

    offers = f"/others/anonymous/offers/{mentee}"
    assert "one offer" in home.see("/others/anonymous")
    assert home.link("/", "/others/anonymous/offers/") == offers
    request = home.do(home.link(offers, f"{offers}/"), {}, offers)
    scene.world.settle()
    assert "It is our move" in home.see(request)
    home.do(f"{request}/agree", {"given": "phone", "day": NOON.date().isoformat()}, f"{request}/agree")
    home.do(f"{request}/accept", {}, f"{request}/accept")
    scene.world.settle()
    assert "Open their mentorship" in home.see(request)
    thread = ThreadId(request.rpartition("/")[2])
    told = host.node.services.requests.show(host.node.actor, thread)
    assert (told.stage, told.person) == (Stage.INTRODUCED, mentor)


def test_who_is_listed_elsewhere_is_found_and_asked_with_the_yes_that_is_written_down(listed: Scene) -> None:
    home, host = listed.home, listed.host
    mentee = home.node.add(a_person(Kind.MENTEE, profile=a_profile(occupation=DENTIST))).id
    new = f"/others/new/{mentee}"
    assert "Dentists (the same occupation); English" in home.see(new)
    ask = home.link(new, f"{new}?to=")
    assert "I agree that my program asks other member programs" in home.see(ask)
    fields = {"to": host.node.id, "yes": "yes", "given": "paper", "day": NOON.date().isoformat(), "hours": "6"}
    request = home.do(new, fields, ask)
    assert "6 hours a month" in home.see(request)
    assert "Waiting to be sent, or not yet received by Calgary" in home.see(request)
    listed.world.settle()
    assert "Calgary signed for it" in home.see(request)
    with home.node.work as work:
        (yes,) = work.consents.of(mentee)
    assert (yes.purpose, yes.wording) == (Purpose.OUTSIDE, "wording.outside")


def test_what_others_offer_is_on_a_map_and_in_a_table(listed: Scene) -> None:
    home = listed.home
    page = home.see("/others/offers")
    assert "Where the member programs are" in page
    assert "one mentor listed" in page
    assert "Which one is meant? Dentists" in home.post("/others/offers", {"occupation": "dentist"}, "/others/offers")
    assert "nobody near is listed" in home.see("/others/offers?near=21300")
    assert "Dentists; English" in home.see(f"/others/offers?near={DENTIST}")


def test_who_belongs_and_how_we_stand_is_told_in_words(scene: Scene) -> None:
    home, host = scene.home, scene.host
    standing = home.node.services.federation.membership(home.node.actor)
    assert standing is not None
    assert " ".join(standing.words.english) in host.see("/others/programs")
    assert "this is us" in home.see("/others/programs")

    home.do("/others/node/sending/pause", {}, "/others/node")
    home.node.services.requests.open(home.node.actor, home.node.mentee().id, host.node.id)
    text = home.see("/others/node")
    assert "You paused sending." in text
    assert "Calgary" in text
    assert "asked for a mentor" in text
    retry = home.link("/others/node", "/others/node/letters/")
    home.do(retry, {}, "/others/node")
    home.do("/others/node/sending/resume", {}, "/others/node")
    scene.world.settle(3)
    assert "Nothing waits to be sent." in home.see("/others/node")
    home.do(retry, {}, "/others/node")
    assert "There is no backup. Let an administrator make one now." in home.see("/others/node")


def test_what_is_out_of_date_says_nothing(scene: Scene) -> None:
    scene.world.wait(timedelta(days=9))
    scene.home.node.sync()
    anyio.run(scene.home.browser.sign_in)

    assert "not known" in scene.home.see("/others/offers")


def test_a_program_that_was_stopped_is_said_to_be(scene: Scene) -> None:
    home, host = scene.home, scene.host
    scene.world.suspend(host.node)
    scene.world.wait(timedelta(minutes=1))
    home.node.sync()
    assert "suspended since March" in home.see("/others/programs")
