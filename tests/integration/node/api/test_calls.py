"""What a call is answered with: pages, versions, first answers, problems in the caller's language."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from node.domain.audit import Act
from node.domain.person import Kind
from node.domain.token import Scope
from node.services.once import KEPT, StillAnsweringError
from tests.support.api import ApiNode, caller
from tests.support.clock import NOON
from tests.support.node import a_mentor, a_person, new_id

pytestmark = pytest.mark.anyio
ADA = {"name": "Ada Obi", "occupation": "21300", "languages": "en:8"}


@pytest.fixture
async def client(node: ApiNode) -> AsyncIterator[httpx.AsyncClient]:
    async with caller(node.app(), node.token()) as found:
        yield found


def named(name: str) -> dict[str, object]:
    return {"kind": "mentee", "cells": {**ADA, "name": name}}


async def test_a_list_is_read_page_by_page_along_its_links(node: ApiNode, client: httpx.AsyncClient) -> None:
    people = [node.program.add(a_person(Kind.MENTOR)) for _ in range(5)]
    seen, address = [], "/people?kind=mentor&limit=2&community=Medicine Hat"

    while address:
        page = await client.get(address)
        seen.append([person["id"] for person in page.json()])
        address = page.links.get("next", {}).get("url", "").removeprefix("/api/v1")

    assert {len(page) for page in seen[:-1]} == {2}
    assert [person for page in seen for person in page][-5:] == [person.id for person in people]


async def test_people_are_found_by_what_they_are(client: httpx.AsyncClient) -> None:
    await client.post("/people", json=named("Zoé Brûlé"))

    async def found(query: str) -> list[str]:
        return [person["name"] for person in (await client.get(f"/people?search=bru&{query}")).json()]

    for query in ("language=en", "occupation=21300", "kind=mentee&state=active", "community=Medicine Hat"):
        assert await found(query) == ["Zoé Brûlé"], query
    for query in ("language=fr", "occupation=31102", "kind=mentor", "state=paused", "community=Brooks"):
        assert await found(query) == [], query


async def test_a_person_changed_since_she_was_read_is_not_overwritten(client: httpx.AsyncClient) -> None:
    made = await client.post("/people", json=named("Grace Poe"))
    address = made.headers["Location"].removeprefix("/api/v1")
    read = await client.get(address)
    notes = {"cells": {"notes": "called"}}

    first = await client.patch(address, json=notes, headers={"If-Match": read.headers["ETag"]})
    late = await client.patch(address, json=notes, headers={"If-Match": read.headers["ETag"]})
    blind = await client.patch(address, json=notes)

    assert (first.status_code, first.headers["ETag"]) == (200, '"2"')
    assert (late.status_code, late.json()["code"]) == (412, "changed-meanwhile")
    assert (blind.status_code, blind.json()["fields"][0]["in"]) == (422, "header")


async def test_what_is_asked_for_twice_is_done_once(node: ApiNode, client: httpx.AsyncClient) -> None:
    body, key = named("Once Only"), {"Idempotency-Key": new_id()}

    first = await client.post("/people", json=body, headers=key)
    again = await client.post("/people", json=body, headers=key)
    other = await client.post("/people", json=named("Another One"), headers=key)
    async with caller(node.app(), node.token()) as with_another_token:
        clash = await with_another_token.post("/people", json=body, headers=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.content, again.headers["Location"]) == (first.content, first.headers["Location"])
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    assert (clash.status_code, clash.json()["code"]) == (422, "cells-unreadable")


async def test_a_refused_call_may_come_again_with_its_key(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": new_id()}

    refused = await client.post("/people", json={"kind": "mentee", "cells": {"name": "Nobody"}}, headers=key)
    mended = await client.post("/people", json=named("Mended Call"), headers=key)

    assert (refused.status_code, mended.status_code) == (422, 201)


async def test_a_call_that_is_still_being_answered_is_not_begun_again(node: ApiNode) -> None:
    once, actor = node.services.once, node.services.users.recognize_token(node.token()).actor

    def ask_again() -> str:
        with pytest.raises(StillAnsweringError):
            once(actor, "an owner", "a key", b"the request", lambda: "never")
        return "done"

    assert once(actor, "an owner", "a key", b"the request", ask_again) == ("done", False)
    once.forget_old()
    assert once(actor, "an owner", "a key", b"the request", lambda: "never") == ("done", True)
    node.clock.advance(KEPT + timedelta(seconds=1))
    once.forget_old()
    assert once(actor, "an owner", "a key", b"the request", lambda: "anew") == ("anew", False)


async def test_cells_that_cannot_be_read_are_named_in_the_callers_language(client: httpx.AsyncClient) -> None:
    cells = {**ADA, "name": "Élise Roy", "occupation": "no such trade", "email": "not an address"}

    answer = await client.post("/people", json={"kind": "mentee", "cells": cells}, headers={"Accept-Language": "fr-CA"})

    problem = answer.json()
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert {field["field"] for field in problem["fields"]} == {"/cells/occupation", "/cells/email"}
    assert "cellules" in problem["detail"]
    assert all(field["title"] and field["detail"] for field in problem["fields"])


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"kind": "mentee", "cells": {"Mother's maiden name": "Nwosu"}}, "/cells"),
        ({"kind": "mentee", "cells": {**ADA, "consent_outside": "yes"}}, "/cells/consent_outside"),
        ({"kind": "mentee", "cells": {**ADA, "given_name": "Amara"}}, "/cells/given_name"),
        ({"kind": "mentee", "cells": ADA, "Amara Okafor": 1}, "/"),
        ({"kind": "Amara Okafor", "cells": ADA}, "/kind"),
    ],
)
async def test_nothing_a_caller_made_up_is_echoed(
    client: httpx.AsyncClient, sent: dict[str, object], field: str
) -> None:
    answer = await client.post("/people", json=sent)

    assert (answer.status_code, [one["field"] for one in answer.json()["fields"]]) == (422, [field])
    for word in ("Amara", "Nwosu", "maiden"):
        assert word not in answer.text


async def test_numbers_are_numbers_and_days_are_days(client: httpx.AsyncClient) -> None:
    pause, meet = f"/people/{new_id()}/pause", f"/mentorships/{new_id()}/meetings"

    calls: list[tuple[str, dict[str, object], int]] = [
        (pause, {"until": 5}, 422),
        (meet, {"minutes": True}, 422),
        (meet, {"minutes": "60"}, 422),
        (pause, {"until": "2027-05-01"}, 404),
        (meet, {"minutes": 60.0}, 404),
    ]

    for path, body, status in calls:
        assert (await client.post(path, json=body)).status_code == status, body
    assert (await client.get("/report?since=0")).status_code == 422


async def test_what_is_no_json_is_too_large_or_has_no_address_is_refused(client: httpx.AsyncClient) -> None:
    form = await client.post("/people", data={"kind": "mentee"})
    broken = await client.post("/people", content=b"\xff", headers={"Content-Type": "application/json"})
    deep = await client.post("/people", content=b"[" * 60_000, headers={"Content-Type": "application/json"})
    large = await client.post("/people", content=b"[" * 70_000, headers={"Content-Type": "application/json"})
    zipped = await client.post(
        "/people", content=b"x", headers={"Content-Type": "application/json", "Content-Encoding": "gzip"}
    )
    nowhere, never = await client.get("/nowhere"), await client.put("/people", json={})

    answers = [(one.status_code, one.json()["code"]) for one in (form, broken, deep, large, zipped, nowhere, never)]
    assert answers == [
        (415, "unsupported-media-type"),
        (400, "bad-request"),
        (400, "bad-request"),
        (413, "body-too-large"),
        (415, "content-encoding-refused"),
        (404, "not-found"),
        (405, "method-not-allowed"),
    ]
    assert never.headers["Allow"] == "GET, POST"
    assert {one.headers["Cache-Control"] for one in (form, large, nowhere)} == {"no-store"}


async def test_a_token_used_too_often_has_to_wait(node: ApiNode) -> None:
    async with caller(node.app(calls_a_minute=2), node.token()) as client:
        answers = [await client.get("/program") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "60"


async def test_the_trail_names_the_token_with_which_something_was_done(
    node: ApiNode, client: httpx.AsyncClient
) -> None:
    made = (await client.post("/people", json=named("Traced Person"))).json()
    bearer = node.services.users.recognize_token(client.headers["Authorization"].removeprefix("Bearer "))

    with node.program.work() as work:
        (entry,) = [entry for entry in work.audit.since(NOON) if entry.subject == made["person"]]

    assert (entry.act, entry.actor, entry.via) == (Act.PERSON_ADDED, bearer.actor.id, bearer.token)


async def test_a_pair_is_put_together_agrees_meets_and_ends(node: ApiNode, client: httpx.AsyncClient) -> None:
    mentee, mentor = node.program.mentee(email="pair@example.org"), node.program.add(a_mentor())
    suggested = (await client.get(f"/people/{mentee.id}/suggestions?limit=100")).json()
    assert mentor.id in [one["mentor"] for one in suggested["suggestions"]]
    assert (await client.get(f"/people/{mentee.id}/suggestions/{mentor.id}")).json()["mentor"] == mentor.id
    with node.program.work() as work:
        looked = [entry.subject for entry in work.audit.since(NOON) if entry.act is Act.PERSON_SHOWN and entry.via]
    assert looked[-2:] == sorted([mentee.id, mentor.id])
    named = [one["mentor"] for one in suggested["suggestions"]] + [one["best"] for one in suggested["next_best"]]
    everybody = sorted({mentee.id, *named})
    assert looked[-2 - len(everybody) : -2] == everybody

    made = await client.post("/mentorships", json={"mentee": mentee.id, "mentor": mentor.id})
    at = made.headers["Location"].removeprefix("/api/v1")
    goals = [{"words": "a first job", "due_on": "2027-06-01", "steps": [{"words": "a résumé"}]}]
    agreement = {"words": "every second Monday", "review_on": "2027-05-01", "goals": goals}
    calls = [
        ("PUT", f"{at}/agreement", agreement, 200),
        ("POST", f"{at}/meetings", {"minutes": 45, "held_on": "2027-02-28"}, 201),
        ("PUT", f"{at}/goals/1", {"state": "reached"}, 200),
        ("POST", f"{at}/pause", None, 200),
        ("POST", f"{at}/resume", None, 200),
        ("POST", f"{at}/end", {"outcome": "completed"}, 200),
        ("POST", f"{at}/end", {"outcome": "completed"}, 409),
    ]
    for method, path, body, status in calls:
        answer = await client.request(method, path, json=body)
        assert answer.status_code == status, (path, answer.text)

    read = (await client.get(at)).json()
    assert (read["words"], read["minutes"], read["goals"][0]["state"]) == ("every second Monday", 45, "reached")
    assert read["id"] in [one["id"] for one in (await client.get("/mentorships")).json()]
    assert (await client.get("/report")).json()["pairs_local"] >= 1


async def test_a_request_is_opened_offered_and_accepted_between_two_programs(
    nodes: tuple[ApiNode, ApiNode], client: httpx.AsyncClient
) -> None:
    home, host = nodes[0].program, nodes[1].program
    mentee, mentor = home.mentee(email="far@example.org"), host.mentor()

    asked = await client.post("/requests", json={"mentee": mentee.id, "program": host.node})
    at = asked.headers["Location"].removeprefix("/api/v1")
    thread = asked.json()["id"]
    host.hear()
    host.says_yes(thread, mentor.id)
    async with caller(nodes[1].app(), nodes[1].token()) as there:
        offered = await there.post(f"{at}/offer", json={"mentor": mentor.id})
    home.hear()
    home.says_yes(thread)
    accepted = await client.post(f"{at}/accept")
    late = await client.post(f"{at}/withdraw")

    assert (asked.status_code, offered.status_code, accepted.status_code) == (201, 200, 200)
    assert accepted.json()["stage"] == "accepted"
    assert late.json()["stage"] == "withdrawn"
    assert (await client.get(f"/people/{mentee.id}/disclosures")).json()["learned"]
    assert thread in [one["id"] for one in (await client.get("/requests?limit=200")).json()]


async def test_erasing_leaves_nobody_and_no_kept_answer(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": new_id()}
    made = await client.post("/people", json=named("Soon Gone"), headers=key)
    at = made.headers["Location"].removeprefix("/api/v1")
    before = await client.post(f"{at}/pause", json={"until": "2027-05-01"})

    gone = await client.delete(at)
    again = await client.post("/people", json=named("Soon Gone"), headers=key)

    assert (before.json()["paused_until"], gone.status_code) == ("2027-05-01", 200)
    assert (await client.get(at)).json()["code"] == "unknown-person"
    assert (again.status_code, again.json()["code"]) == (409, "still-answering")


async def test_lists_take_as_many_queries_for_many_rows_as_for_few(
    nodes: tuple[ApiNode, ApiNode], client: httpx.AsyncClient
) -> None:
    node, addresses = nodes[0], ("/people", "/requests", "/mentorships")

    async def counts() -> list[int]:
        found = []
        for address in addresses:
            with node.queries() as seen:
                answer = await client.get(address, params={"limit": 200})
            assert answer.json()
            found.append(len(seen))
        return found

    async def one_more() -> None:
        mentee, mentor = node.program.mentee(email=f"{new_id()}@example.org"), node.program.add(a_mentor())
        await client.post("/mentorships", json={"mentee": mentee.id, "mentor": mentor.id})
        await client.post("/requests", json={"mentee": mentee.id, "program": nodes[1].program.node, "hours": 2.0})

    await one_more()
    few = await counts()
    for _ in range(3):
        await one_more()

    assert await counts() == few


async def test_the_document_describes_every_answer_and_every_problem(node: ApiNode) -> None:
    document = node.app().openapi()

    assert json.dumps(document)
    for item in document["paths"].values():
        for operation in item.values():
            assert {"401", "403", "409", "422", "429"} <= set(operation["responses"])
            assert operation["description"]
            assert set(operation["security"][0]["token"]) <= set(Scope)


async def test_a_text_of_a_letter_is_changed_by_its_code(client: httpx.AsyncClient) -> None:
    address = "/texts/letter.link.subject/fr"
    changed = await client.put(address, json={"text": "Votre porte chez {program}"})
    shown = (await client.get("/texts/sign_in")).json()
    refused = await client.put(address, json={"text": "{nonsense}"})
    unknown = await client.put("/texts/letter.nothing/fr", json={"text": "x"})
    back = await client.put(address, json={"text": ""})

    assert changed.json()["text"] == "Votre porte chez {program}"
    assert "Votre porte" in next(one["subject"] for one in shown["specimens"] if one["language"] == "fr")
    assert (refused.status_code, refused.json()["code"]) == (409, "unknown-placeholder")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown-text")
    assert back.json()["text"] == back.json()["usual"]
