"""Every address of staff, participants and programs with ids of somebody else's things: refused, and nothing is told.

Two programs have one thing of every kind, in whose every name and note stands a word that stands nowhere else. Each
route is called with those ids by each role that may not, by staff of the other program, and by a participant of the
same program. What roles and scopes may do in the API is tried in `api/test_access.py`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

import httpx
import pytest

from node.domain.actor import SYSTEM, Action, Actor, Role, UserId
from node.domain.audit import READING
from node.domain.person import PersonId
from node.domain.signin import digest
from node.services.ports import PeopleFilter
from node.services.ports.sheets import SheetFormat
from node.web.app import make_pages
from node.web.own import OWN_PAIRS
from node.web.visit import form_token
from tests.support.api import STAFF, ApiNode, caller, two_nodes
from tests.support.belongings import Belongings, belongings
from tests.support.intruding import FIELDS, NEEDS, OWN

pytestmark = pytest.mark.anyio
ADDRESS = "https://mentors.example.org"
OPEN = ("/sign-", "/password/", "/join/", "/still/", "/visit/", "/me/sign-in", "/me/link/")
"""Where nobody is asked who she is."""
REST = {
    "goal": "1",
    "step": "1",
    "number": "1",
    "state": "reached",
    "paused": "true",
    "kind": "mentee",
    "form": "csv",
    "ask": "name",
    "deed": "withdraw",
    "reply": "ask",
    "source": "library",
    "use": "retire",
    "sending": "pause",
}
"""What stands in an address and is no id."""
WRITING = {"post", "put", "patch"}
API_BODIES: Mapping[str, Mapping[str, object]] = {
    "PATCH /people/{person}": {"cells": {"notes": "called"}},
    "POST /people/{person}/pause": {"until": None},
    "PUT /mentorships/{mentorship}/agreement": {
        "words": "",
        "review_on": "2027-06-01",
        "goals": [{"words": "a job", "due_on": "2027-06-01"}],
    },
    "PUT /mentorships/{mentorship}/goals/{number}": {"state": "reached"},
    "POST /mentorships/{mentorship}/meetings": {"minutes": 60},
    "POST /mentorships/{mentorship}/end": {"outcome": "completed"},
    "POST /requests/{request}/offer": {"mentor": "01a00000-0000-7000-8000-00000000dead"},
}
WITHOUT_A_THING = {
    "POST /others/node/letters/{message}/retry": "tries whatever waits of that id; an unknown one does nothing",
    "POST /people/{person}/link": "this program stands in an office, so nobody gets a link",
}
NOWHERE = "01a00000-0000-7000-8000-00000000dead"
ENDED = {HTTPStatus.SEE_OTHER, HTTPStatus.FORBIDDEN}
"""On to signing in; or what was typed is shown to whoever typed it, with the way there."""
REFUSED = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Two:
    """Two programs and what is in them."""

    home: ApiNode
    ours: Belongings
    theirs: Belongings
    pages: httpx.AsyncClient
    routes: tuple[str, ...]

    async def go(self, route: str, ids: Mapping[str, str], cookie: str, secret: str, **typed: str) -> httpx.Response:
        """Call a route as a browser does in which somebody is signed in."""
        method, path = route.split()
        headers = {"Cookie": f"__Host-{cookie}={secret}", "Sec-Fetch-Site": "same-origin", "Origin": ADDRESS}
        fields = {"token": form_token(secret), **FIELDS.get(route, {}), **typed} if method == "POST" else None
        return await self.pages.request(method, filled(path, ids), headers=headers, data=fields)


def filled(path: str, ids: Mapping[str, str]) -> str:
    """The address of a thing."""
    known = {**REST, **ids, **({"letter": "introduction"} if "/texts" in path else {})}
    return re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], NOWHERE), path)


def of_participants(route: str) -> bool:
    """Whether a page is a participant's own, and not of staff."""
    return f"{route.split()[1]}/".startswith("/me/")


def names_a_thing(route: str) -> bool:
    """Whether an id of something that belongs to one program stands in its address."""
    names = set(re.findall(r"\{(\w+)\}", route)) - set(REST)
    return bool(names) and "/texts" not in route


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    with two_nodes(tmp_path_factory.mktemp("two")) as (home, there):
        app = make_pages(home.services, public_url=ADDRESS, time_zone="America/Edmonton")
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        routes = (f"{method.upper()} {path}" for path, methods in app.openapi()["paths"].items() for method in methods)
        yield Two(
            home=home,
            ours=belongings(home, "Zephyrine"),
            theirs=belongings(there, "Quillon"),
            pages=httpx.AsyncClient(transport=transport, base_url=ADDRESS),
            routes=tuple(route for route in routes if not route.split()[1].startswith(OPEN)),
        )


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


def test_every_page_of_staff_is_in_the_table(two: Two) -> None:
    staffs = {route for route in two.routes if not of_participants(route) and "/account" not in route}
    listed = [route for routes in NEEDS.values() for route in routes]

    assert staffs == {*listed, *OWN}
    assert len(listed) == len(set(listed))
    assert not OWN.keys() & set(listed)


@pytest.mark.parametrize("role", [role for role in STAFF if role is not Role.ADMINISTRATOR])
async def test_a_role_is_kept_out_of_what_is_not_hers_whatever_it_knows_the_id_of(two: Two, role: Role) -> None:
    actor, session, open_to_her = Actor(UserId("anybody"), role), two.ours.staff[role], dict[str, int]()
    forbidden = [route for action, routes in NEEDS.items() if not actor.can(action) for route in routes]

    for route in forbidden:
        answer = await two.go(route, two.ours.ids, "session", session)
        if answer.status_code != HTTPStatus.FORBIDDEN or two.ours.mark in answer.text:
            open_to_her[route] = answer.status_code

    assert forbidden
    assert open_to_her == {}


async def test_an_auditor_sees_no_person_on_any_page_that_is_open_to_her(two: Two) -> None:
    hers = [route for action in (Action.READ_PROGRAM,) for route in NEEDS[action]]

    for route in [*hers, *(one for one in OWN if one.startswith("GET"))]:
        answer = await two.go(route, two.ours.ids, "session", two.ours.staff[Role.AUDITOR])
        assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, route
        assert two.ours.mark not in answer.text.replace(f"{two.ours.mark} token", ""), route


async def test_whoever_stands_by_name_on_a_page_can_be_told_who_read_it(two: Two) -> None:
    program, administrator = two.home.program, two.ours.staff[Role.ADMINISTRATOR]
    since, unknown, named_on = two.home.clock.now(), dict[str, set[PersonId]](), set[str]()
    with program.work() as work:
        names = {person.id: person.contact.name for person in work.people.find(PeopleFilter())}

    for route in (one for one in two.routes if one.startswith("GET") and not of_participants(one)):
        with program.work() as work:
            before = len(work.audit.since(since))
        page = (await two.go(route, two.ours.ids, "session", administrator)).text
        with program.work() as work:
            read = {entry.subject for entry in work.audit.since(since)[before:] if entry.act in READING}
        named = {person for person, name in names.items() if name in page}
        named_on |= {route} if named else set()
        if not named <= read:
            unknown[route] = named

    assert unknown == {}
    assert len(named_on) > 15


async def test_the_program_itself_is_nobody_who_reads(two: Two) -> None:
    two.home.services.people.list(SYSTEM, PeopleFilter())

    readers = two.home.services.people.timeline(SYSTEM, two.ours.pair[0].id).readers
    assert all(reader.name for reader in readers)


async def test_who_leaves_in_a_spreadsheet_can_be_told_who_took_it(two: Two) -> None:
    officer, person = Actor(two.home.users[Role.OFFICER].id, Role.OFFICER), two.ours.pair[0].id
    services = two.home.services.people

    def times() -> int:
        return sum(one.times for one in services.timeline(SYSTEM, person).readers)

    before = times()
    services.export(officer, None, SheetFormat.CSV)
    assert times() == before + 1


async def test_things_of_another_program_are_not_there_for_the_first_of_ours(two: Two) -> None:
    administrator = two.ours.staff[Role.ADMINISTRATOR]
    found = dict[str, int]()

    for route in filter(names_a_thing, two.routes):
        if not of_participants(route):
            answer = await two.go(route, two.theirs.ids, "session", administrator)
            assert two.theirs.mark not in answer.text, route
            if answer.status_code not in REFUSED:
                found[route] = answer.status_code

    assert found.keys() == WITHOUT_A_THING.keys()


async def test_a_session_of_another_program_opens_nothing(two: Two) -> None:
    theirs = two.theirs.staff[Role.ADMINISTRATOR]

    for route in two.routes:
        cookie, where = ("me", "/me/sign-in") if of_participants(route) else ("session", "/sign-in")
        answer = await two.go(route, two.ours.ids, cookie, theirs)
        assert (route, answer.headers.get("location", where), answer.status_code in ENDED) == (route, where, True)
        assert two.ours.mark not in answer.text


async def test_a_participant_has_no_page_of_staff_and_staff_no_page_of_a_participant(two: Two) -> None:
    for route in two.routes:
        hers = of_participants(route)
        cookie, secret = ("me", two.ours.staff[Role.ADMINISTRATOR]) if hers else ("session", two.ours.guest)
        answer = await two.go(route, two.ours.ids, cookie, secret)
        where = "/me/sign-in" if hers else "/sign-in"
        assert (route, answer.headers.get("location", where), answer.status_code in ENDED) == (route, where, True)
        assert two.ours.mark not in answer.text


async def test_a_pair_is_not_there_for_another_pair_of_the_same_program(two: Two) -> None:
    own = f"/me/pairs/{two.ours.ids['second']}"
    pairs = [route for route in two.routes if route.split()[1].startswith(OWN_PAIRS)]
    mixed = {**two.ours.ids, "mentorship": two.ours.ids["second"]}

    assert (await two.go(f"GET {own}", {}, "me", two.ours.guest)).status_code == HTTPStatus.OK
    for route in pairs:
        answer = await two.go(route, two.ours.ids, "me", two.ours.guest)
        nowhere = await two.go(route, {}, "me", two.ours.guest)
        assert (route, answer.status_code) == (route, HTTPStatus.NOT_FOUND)
        assert answer.text.replace(two.ours.ids["mentorship"], NOWHERE) == nowhere.text, route
        if "{plan}" in route:
            hidden = await two.go(route, mixed, "me", two.ours.guest)
            assert (route, hidden.status_code) == (route, HTTPStatus.NOT_FOUND)
    assert len(pairs) > 10


async def test_the_api_knows_nothing_of_another_programs_things(two: Two) -> None:
    api = two.home.app()
    async with caller(api, two.home.token(Role.ADMINISTRATOR)) as client:
        for path, methods in api.openapi()["paths"].items():
            for method in methods if names_a_thing(path) else ():
                body = API_BODIES.get(f"{method.upper()} {path}", {})
                sent = {"If-Match": '"1"'} if method == "patch" else {}
                answer = await client.request(
                    method, filled(path, two.theirs.ids), headers=sent, json=body if method in WRITING else None
                )
                assert two.theirs.mark not in answer.text, path
                assert (method, path, answer.status_code) == (method, path, HTTPStatus.NOT_FOUND), answer.text


async def test_what_is_a_colleagues_own_is_not_there_for_another_of_the_same_program(two: Two) -> None:
    hers, mine = two.ours.staff[Role.COORDINATOR], two.ours.staff[Role.OFFICER]
    token, upload = two.ours.ids["token"], f"GET /people/import/{two.ours.ids['upload']}"

    ended = await two.go(f"POST /settings/tokens/{token}/end", {}, "session", mine)
    left = await two.go("POST /account/sessions/end", {}, "session", mine, session=digest(hers))
    files = [
        await two.go(upload, {}, "session", two.ours.staff[role]) for role in (Role.ADMINISTRATOR, Role.COORDINATOR)
    ]
    tokens = [await two.go("GET /settings/tokens", {}, "session", one) for one in (mine, hers)]

    assert ended.status_code == HTTPStatus.NOT_FOUND
    assert left.status_code == HTTPStatus.SEE_OTHER
    assert [file.status_code for file in files] == [HTTPStatus.GONE, HTTPStatus.OK]
    assert [f"{two.ours.mark} token" in page.text for page in tokens] == [False, True]
