"""The edge of the exchange: who is not signed, not on time, too large, too slow or repeated gets a problem document."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import anyio
import anyio.lowlevel
import httpx
import pytest

from federation.exchange.api.problems import PROBLEM_TYPES
from protocol.envelope import MEDIA_TYPE
from tests.support.asgi import drive
from tests.support.exchange import JOSE, JSON, URL, Federation, Peer, federation, sign
from tests.support.problems import code

pytestmark = pytest.mark.anyio

ID = "01890000-0000-7000-8000-000000000000"
NODE = "a" * 16


@pytest.fixture
async def exchange(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Federation]:
    async with federation(tmp_path, sqlite_url, body_seconds=0.2) as found:
        yield found


@pytest.mark.parametrize(
    ("method", "path", "media"),
    [
        ("PUT", f"/v1/mailbox/{NODE}/{ID}", MEDIA_TYPE),
        ("GET", "/v1/mailbox", None),
        ("POST", "/v1/mailbox/ack", JSON),
        ("PUT", f"/v1/keys/{NODE}/1", JOSE),
        ("GET", f"/v1/keys/{NODE}/1", None),
        ("GET", f"/v1/keys/{NODE}", None),
        ("PUT", f"/v1/summaries/{NODE}/{'0' * 64}", JOSE),
        ("GET", f"/v1/summaries/{NODE}/{'0' * 64}", None),
        ("GET", "/v1/summaries/index", None),
        ("PUT", "/v1/attestations/2027-Q1", JOSE),
        ("PUT", f"/v1/needs/2027-W09/{'u' * 22}", "application/octet-stream"),
        ("PUT", f"/v1/offers/2027-W09/{'u' * 22}", "application/octet-stream"),
        ("GET", "/v1/needs/2027-W09", None),
        ("GET", "/v1/offers/2027-W09", None),
        ("GET", "/v1/needs", None),
        ("GET", "/v1/offers", None),
    ],
)
async def test_nothing_of_a_members_is_reached_without_a_signature(
    exchange: Federation, host: Peer, method: str, path: str, media: str | None
) -> None:
    response = await exchange.send(method, path, body=b"x" if media else b"", media=media)

    assert code(response) == (401, "hop-signature")
    assert response.headers["www-authenticate"] == "Signature"


async def test_a_signed_request_works_once(exchange: Federation, home: Peer, host: Peer) -> None:
    message = home.message_id()
    sent = [
        exchange.request("GET", "/v1/mailbox", peer=host),
        exchange.request("GET", "/v1/summaries/index", peer=host),
        exchange.request("GET", f"/v1/keys/{home.node}", peer=host),
        exchange.request("GET", "/v1/needs", peer=host),
        exchange.request("POST", "/v1/mailbox/ack", peer=host, body=b"{}", media=JSON),
        exchange.request(
            "PUT", f"/v1/mailbox/{host.node}/{message}", peer=home, body=home.envelope(host, message), media=MEDIA_TYPE
        ),
    ]

    for request in sent:
        first, second = await exchange.client.send(request), await exchange.client.send(request)
        assert first.status_code in {200, 201}, first.text
        assert code(second) == (401, "hop-replay")


async def test_a_nonce_is_remembered_as_long_as_its_signature_lives(exchange: Federation, host: Peer) -> None:
    request = exchange.request("GET", "/v1/mailbox", peer=host)
    await exchange.client.send(request)
    exchange.clock.advance(timedelta(minutes=9))
    exchange.app.state.edge.services.expire()
    within = await exchange.client.send(request)
    exchange.clock.advance(timedelta(minutes=2))
    exchange.app.state.edge.services.expire()

    assert code(within) == (401, "hop-replay")
    after = await exchange.client.send(request)
    assert code(after) == (401, "hop-time")
    assert after.json()["params"]["server_time"] == "2027-03-01T12:11:00Z"


async def test_a_signature_holds_for_its_address_and_body_only(exchange: Federation, home: Peer, host: Peer) -> None:
    elsewhere = exchange.request("GET", "/v1/mailbox", peer=host)
    elsewhere.url = elsewhere.url.copy_with(query=b"after=0")
    message = home.message_id()
    path = f"/v1/mailbox/{host.node}/{message}"
    changed = exchange.request("PUT", path, peer=home, body=home.envelope(host, message), media=MEDIA_TYPE)
    other = exchange.client.build_request(
        "PUT", URL + path, content=home.envelope(host, message), headers=changed.headers
    )
    by_header = exchange.client.build_request("GET", URL + "/v1/mailbox", headers={"host": "other.example"})
    by_header.url = httpx.URL("https://other.example/v1/mailbox")
    sign(by_header, host.signing, exchange.clock.now())

    assert code(await exchange.client.send(elsewhere)) == (401, "hop-signature")
    assert code(await exchange.client.send(other)) == (401, "hop-signature")
    assert code(await exchange.client.send(by_header)) == (401, "hop-signature")


async def test_the_host_header_is_not_believed_and_not_needed(exchange: Federation, host: Peer) -> None:
    request = exchange.request("GET", "/v1/mailbox", peer=host)
    request.headers["host"] = "behind.a.proxy"

    assert (await exchange.client.send(request)).status_code == 200


async def test_unknown_routes_and_methods_are_problems_too(exchange: Federation) -> None:
    assert code(await exchange.send("GET", "/v1/nothing")) == (404, "not-found")
    assert code(await exchange.send("DELETE", "/v1/mailbox")) == (405, "method-not-allowed")
    assert code(await exchange.send("GET", "/docs")) == (404, "not-found")
    assert code(await exchange.send("GET", "/v1/mailbox/")) == (404, "not-found")


async def test_bodies_are_capped_for_every_path(exchange: Federation) -> None:
    async def put(path: str, size: int) -> int:
        response = await exchange.send("PUT", path, body=b"x" * size, media=JSON)
        return response.status_code

    assert await put(f"/v1/mailbox/{NODE}/{ID}", 65_537) == 413
    assert await put(f"/v1/keys/{NODE}/1", 16_385) == 413
    assert await put(f"/v1/needs/2027-W09/{'u' * 22}", 4_097) == 413
    assert await put("/v1/nothing", 16_385) == 413


async def test_a_body_without_a_length_is_counted_while_it_comes(exchange: Federation) -> None:
    chunks = [b"x" * 40_000] * 50

    answer = await drive(
        exchange.app, "PUT", f"/v1/mailbox/{NODE}/{ID}", headers=(("content-type", MEDIA_TYPE),), chunks=chunks
    )

    assert answer.status == 413
    assert answer.chunks_read <= 2


async def test_a_body_that_never_ends_is_given_up(exchange: Federation) -> None:
    headers = (("content-type", MEDIA_TYPE),)

    answer = await drive(exchange.app, "PUT", f"/v1/mailbox/{NODE}/{ID}", headers=headers, chunks=[b"x"], stall=True)

    assert (answer.status, answer.problem()["code"]) == (408, "body-too-slow")


async def test_a_compressed_body_is_refused_on_signed_paths(exchange: Federation, host: Peer) -> None:
    response = await exchange.send(
        "POST", "/v1/mailbox/ack", peer=host, body=b"{}", media=JSON, headers={"content-encoding": "gzip"}
    )

    assert code(response) == (415, "content-encoding-refused")


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (b'{"receipts": [], "receipts": []}', (400, "json-duplicate-key")),
        (b'{"x": ' + b"[" * 30 + b"]" * 30 + b"}", (400, "json-too-deep")),
        (b'{"x": 1.5}', (400, "json-number")),
        (b"[]", (400, "json-invalid")),
        (b"\xff", (400, "json-invalid")),
        (b'{"receipts": ["a b"]}', (422, "field-invalid")),
        (b'{"receipts": ["a.b.c"]}', (400, "base64-invalid")),
        (b'{"discard": [1]}', (422, "field-invalid")),
    ],
)
async def test_bodies_are_read_strictly(
    exchange: Federation, host: Peer, body: bytes, refusal: tuple[int, str]
) -> None:
    response = await exchange.send("POST", "/v1/mailbox/ack", peer=host, body=body, media=JSON)

    assert code(response) == refusal


async def test_too_many_requests_at_once_are_turned_away(tmp_path: Path, sqlite_url: str) -> None:
    async with federation(tmp_path, sqlite_url, requests_at_once=1) as exchange:
        stalled = drive(exchange.app, "PUT", "/v1/roster/staged", chunks=[b"x"], stall=True)
        async with anyio.create_task_group() as tasks:

            async def hold() -> None:
                await stalled

            tasks.start_soon(hold)
            await anyio.lowlevel.checkpoint()
            await anyio.lowlevel.checkpoint()
            busy = await exchange.send("GET", "/v1/time")
            alive = await exchange.send("GET", "/healthz")
            tasks.cancel_scope.cancel()

    assert code(busy) == (503, "too-busy")
    assert alive.status_code == 200


async def test_the_time_and_the_status_are_for_everybody(exchange: Federation, host: Peer) -> None:
    time = (await exchange.send("GET", "/v1/time")).json()
    status = (await exchange.send("GET", "/v1/status")).json()

    assert time == {"now": "2027-03-01T12:00:00Z", "unix": 1803902400}
    assert status["releases"] == {"oldest": "0.1.0", "newest": "0.1.0"}
    assert status["protocol"] == {"min": 1, "max": 1}
    assert status["roster"]["targets"] == 1
    assert status["board"] == {"open": "2027-W08", "closes_at": "2027-03-01T18:00:00Z", "released": None}


async def test_a_service_whose_roster_went_stale_is_not_ready(exchange: Federation, host: Peer) -> None:
    ready = await exchange.send("GET", "/readyz")
    exchange.clock.advance(timedelta(hours=27))
    stale = await exchange.send("GET", "/readyz")

    assert ready.status_code == 200
    assert code(stale) == (503, "not-ready")
    assert stale.json()["params"] == {"check": "roster"}


async def test_a_service_without_its_database_is_not_ready(exchange: Federation, host: Peer) -> None:
    with exchange.app.state.edge.services.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version")

    response = await exchange.send("GET", "/readyz")

    assert code(response) == (503, "not-ready")
    assert response.json()["params"] == {"check": "database"}


async def test_every_answered_problem_is_in_the_registry(exchange: Federation) -> None:
    codes = [problem.code for problem in PROBLEM_TYPES]

    assert len(codes) == len(set(codes))
    assert codes == sorted(codes)
    assert {"quota-exceeded", "hop-replay", "roster-signatures", "unexpected", "not-found"} <= set(codes)
