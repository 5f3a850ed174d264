"""Who may do what: every route, for every role, every scope, and the tokens of another program."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from node.domain.actor import Action, Actor, Role
from node.domain.errors import NotAllowedError
from node.domain.token import Scope, ScopeNeededError, UnknownTokenError
from node.domain.user import UserState
from node.services.users import UserChanges
from tests.support.api import ADMINISTRATOR, STAFF, ApiNode, caller
from tests.support.node import a_person

pytestmark = pytest.mark.anyio
NOBODY = "01a00000-0000-7000-8000-00000000dead"
ANYTHING: dict[str, object] = {"mentee": NOBODY, "mentor": NOBODY}
NEEDS: dict[str, tuple[Scope | None, Action | None, dict[str, object]]] = {
    "GET /people": (Scope.PEOPLE_READ, Action.READ_PEOPLE, {}),
    "POST /people": (Scope.PEOPLE_WRITE, Action.EDIT_PEOPLE, {"kind": "mentee", "cells": {"name": "Nobody"}}),
    "GET /people/{person}": (Scope.PEOPLE_READ, Action.READ_PEOPLE, {}),
    "PATCH /people/{person}": (Scope.PEOPLE_WRITE, Action.EDIT_PEOPLE, {"cells": {"notes": "called"}}),
    "DELETE /people/{person}": (Scope.PEOPLE_ERASE, Action.ERASE_PEOPLE, {}),
    "POST /people/{person}/pause": (Scope.PEOPLE_WRITE, Action.EDIT_PEOPLE, {"until": None}),
    "POST /people/{person}/resume": (Scope.PEOPLE_WRITE, Action.EDIT_PEOPLE, {}),
    "GET /people/{person}/disclosures": (Scope.PEOPLE_READ, Action.READ_PEOPLE, {}),
    "GET /people/{person}/suggestions": (Scope.MATCHES_READ, Action.REVIEW, {}),
    "GET /people/{person}/suggestions/{mentor}": (Scope.MATCHES_READ, Action.REVIEW, {}),
    "GET /drafts/newest": (Scope.MATCHES_READ, Action.REVIEW, {}),
    "GET /drafts/{draft}": (Scope.MATCHES_READ, Action.REVIEW, {}),
    "GET /requests": (Scope.REQUESTS_READ, Action.READ_PEOPLE, {}),
    "POST /requests": (Scope.REQUESTS_WRITE, Action.ASK_OUTSIDE, {"mentee": NOBODY, "program": "b" * 16}),
    "GET /people/{person}/leads": (Scope.REQUESTS_READ, Action.READ_PEOPLE, {}),
    "GET /requests/{request}": (Scope.REQUESTS_READ, Action.READ_PEOPLE, {}),
    "POST /requests/{request}/offer": (Scope.REQUESTS_WRITE, Action.ASK_OUTSIDE, {"mentor": NOBODY}),
    "POST /requests/{request}/accept": (Scope.REQUESTS_WRITE, Action.ASK_OUTSIDE, {}),
    "POST /requests/{request}/refuse": (Scope.REQUESTS_WRITE, Action.ASK_OUTSIDE, {}),
    "POST /requests/{request}/withdraw": (Scope.REQUESTS_WRITE, Action.ASK_OUTSIDE, {}),
    "POST /requests/{request}/recall": (Scope.REQUESTS_WRITE, Action.ASK_OUTSIDE, {}),
    "POST /requests/{request}/decline": (Scope.REQUESTS_WRITE, Action.ASK_OUTSIDE, {}),
    "GET /mentorships": (Scope.MENTORSHIPS_READ, Action.READ_PEOPLE, {}),
    "POST /mentorships": (Scope.MATCHES_WRITE, Action.MATCH, ANYTHING),
    "GET /mentorships/{mentorship}": (Scope.MENTORSHIPS_READ, Action.READ_PEOPLE, {}),
    "PUT /mentorships/{mentorship}/agreement": (
        Scope.MENTORSHIPS_WRITE,
        Action.KEEP_MENTORSHIPS,
        {"words": "", "review_on": "2027-06-01", "goals": [{"words": "a job", "due_on": "2027-06-01"}]},
    ),
    "PUT /mentorships/{mentorship}/goals/{number}": (
        Scope.MENTORSHIPS_WRITE,
        Action.KEEP_MENTORSHIPS,
        {"state": "reached"},
    ),
    "POST /mentorships/{mentorship}/meetings": (Scope.MENTORSHIPS_WRITE, Action.KEEP_MENTORSHIPS, {"minutes": 60}),
    "POST /mentorships/{mentorship}/pause": (Scope.MENTORSHIPS_WRITE, Action.KEEP_MENTORSHIPS, {}),
    "POST /mentorships/{mentorship}/resume": (Scope.MENTORSHIPS_WRITE, Action.KEEP_MENTORSHIPS, {}),
    "POST /mentorships/{mentorship}/end": (
        Scope.MENTORSHIPS_WRITE,
        Action.KEEP_MENTORSHIPS,
        {"outcome": "completed"},
    ),
    "GET /program": (None, Action.READ_PROGRAM, {}),
    "GET /occupations": (None, None, {}),
    "GET /report": (Scope.REPORTS_READ, Action.READ_PROGRAM, {}),
    "GET /ledger": (Scope.REPORTS_READ, Action.READ_PROGRAM, {}),
    "GET /texts": (Scope.TEXTS_READ, Action.EDIT_TEXTS, {}),
    "GET /texts/{letter}": (Scope.TEXTS_READ, Action.EDIT_TEXTS, {}),
    "PUT /texts/{code}/{language}": (Scope.TEXTS_WRITE, Action.EDIT_TEXTS, {"text": "A mentor for you"}),
}
"""Each route: the scope its token needs, what its verb asks of the role, and a body that can be read."""


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def client(node: ApiNode) -> AsyncIterator[httpx.AsyncClient]:
    async with caller(node.app()) as found:
        yield found


async def call(client: httpx.AsyncClient, route: str, token: str, person: str = NOBODY) -> tuple[int, str]:
    """The status of one call, and the code of its refusal."""
    method, path = route.split()
    filled = path.replace("{number}", "1").replace("{person}", person)
    filled = filled.replace("{letter}", "sign_in").replace("{code}", "letter.subject").replace("{language}", "en")
    for name in ("mentor", "mentorship", "request", "draft"):
        filled = filled.replace(f"{{{name}}}", NOBODY)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    query = {"text": "nurse"} if path == "/occupations" else {}
    body = NEEDS[route][2] if method in {"POST", "PUT", "PATCH"} else None
    sent = {**headers, "If-Match": '"1"'} if method == "PATCH" else headers
    answer = await client.request(method, filled, headers=sent, params=query, json=body or None)
    problem = answer.json()
    return answer.status_code, str(problem.get("code", "")) if isinstance(problem, dict) else ""


async def test_every_route_is_in_the_table(node: ApiNode) -> None:
    paths = node.app().openapi()["paths"]

    assert {f"{method.upper()} {path}" for path, item in paths.items() for method in item} == set(NEEDS)


@pytest.mark.parametrize("role", STAFF)
async def test_a_token_does_no_more_than_the_role_of_its_user(
    node: ApiNode, client: httpx.AsyncClient, role: Role
) -> None:
    actor, token = replace(ADMINISTRATOR, role=role), node.token(role)

    for route, (_, action, _) in NEEDS.items():
        status, code = await call(client, route, token)
        if action is None or actor.can(action):
            assert status not in {401, 403}, (route, code)
        else:
            assert (status, code) == (403, "not-allowed"), route


async def test_a_token_does_only_what_it_was_given_for(node: ApiNode, client: httpx.AsyncClient) -> None:
    without = {scope: node.token(scopes=set(Scope) - {scope}) for scope in Scope}

    for route, (scope, _, _) in NEEDS.items():
        if scope is not None:
            assert await call(client, route, without[scope]) == (403, "scope-needed"), route


async def test_nobody_gets_in_without_a_token_of_this_program(
    nodes: tuple[ApiNode, ApiNode], client: httpx.AsyncClient
) -> None:
    elsewhere = nodes[1].token(Role.ADMINISTRATOR)

    for route in NEEDS:
        for token in ("", "mw_made-up", elsewhere):
            assert await call(client, route, token) == (401, "token-refused"), route


async def test_who_may_not_read_people_is_not_told_who_is_here(node: ApiNode, client: httpx.AsyncClient) -> None:
    here, token = node.program.add(a_person()), node.token(Role.AUDITOR)

    for route in NEEDS:
        if "{person}" in route:
            assert await call(client, route, token, here.id) == await call(client, route, token, NOBODY), route


async def test_a_token_ends_with_its_day_its_end_and_its_user(node: ApiNode, client: httpx.AsyncClient) -> None:
    users, officer = node.services.users, node.users[Role.OFFICER]
    today = node.clock.now().date()
    until_today = users.add_token(ADMINISTRATOR, officer.id, "until today", [Scope.PEOPLE_READ], today)
    ended, of_the_closed = node.token(Role.OFFICER), node.token(Role.OFFICER)
    users.end_token(ADMINISTRATOR, users.recognize_token(ended).token)
    assert (await call(client, "GET /people", until_today.secret))[0] == 200
    assert (await call(client, "GET /people", ended))[0] == 401

    node.clock.advance(timedelta(days=1))
    assert (await call(client, "GET /people", until_today.secret))[0] == 401
    assert (await call(client, "GET /people", of_the_closed))[0] == 200

    users.change(ADMINISTRATOR, officer.id, UserChanges(state=UserState.CLOSED))
    assert (await call(client, "GET /people", of_the_closed))[0] == 401
    users.change(ADMINISTRATOR, officer.id, UserChanges(state=UserState.ACTIVE))
    assert (await call(client, "GET /people", of_the_closed))[0] == 401


async def test_who_does_not_look_after_users_gives_lists_and_ends_her_own_tokens_only(node: ApiNode) -> None:
    users, coordinator = node.services.users, node.users[Role.COORDINATOR]
    robin = Actor(coordinator.id, coordinator.role)
    others = users.add_token(ADMINISTRATOR, node.users[Role.REVIEWER].id, "hers", [Scope.PEOPLE_READ]).token

    own = users.add_token(robin, robin.id, "mine", [Scope.PEOPLE_READ]).token

    assert own in users.list_tokens(robin)
    assert others not in users.list_tokens(robin)
    assert others in users.list_tokens(ADMINISTRATOR, everybodys=True)
    with pytest.raises(NotAllowedError):
        users.add_token(robin, node.users[Role.REVIEWER].id, "hers", [Scope.PEOPLE_READ])
    with pytest.raises(NotAllowedError):
        users.list_tokens(robin, everybodys=True)
    with pytest.raises(UnknownTokenError):
        users.end_token(robin, others.id)
    with pytest.raises(ScopeNeededError):
        users.add_token(robin, robin.id, "for nothing", [])
    assert users.end_token(robin, own.id) == own


async def test_a_cookie_lets_nobody_in(node: ApiNode, client: httpx.AsyncClient) -> None:
    answer = await client.get("/people", headers={"Cookie": f"session-test={node.token()}"})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
