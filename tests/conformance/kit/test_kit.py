"""The kit for foreign exchanges: ours passes every check, and one that breaks a rule is told which."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from federation.ground.engine import sqlite_url
from protocol.roster import Member, Quotas
from tests.conformance.kit.__main__ import main, read_members
from tests.conformance.kit.exchange import CHECKS, QUOTA, Exchange, run
from tests.support.exchange import URL, Peer, federation

pytestmark = pytest.mark.anyio
Bend = Callable[[httpx.Request, httpx.Response], httpx.Response]


@pytest.fixture
async def ours(tmp_path: Path) -> AsyncIterator[Exchange]:
    async with federation(tmp_path, sqlite_url(tmp_path / "exchange.sqlite3")) as found:
        alice, bob = Peer(clock=found.clock), Peer(clock=found.clock, quotas=Quotas(messages=QUOTA))
        await found.found(alice, bob)
        yield Exchange(url=URL, client=found.client, clock=found.clock, alice=alice, bob=bob)


class Bent(httpx.AsyncBaseTransport):
    """An exchange that is ours but for one answer."""

    def __init__(self, inner: httpx.AsyncClient, bend: Bend) -> None:
        self.inner, self.bend = inner, bend

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self.bend(request, await self.inner.send(request))


async def violated(ours: Exchange, bend: Bend) -> set[str]:
    async with httpx.AsyncClient(transport=Bent(ours.client, bend)) as client:
        found = await run(replace(ours, client=client))
    return {name.partition(" ")[0] for name, violation in found.items() if violation}


async def test_our_exchange_holds_to_every_rule(ours: Exchange) -> None:
    found = await run(ours)

    assert {name: violation for name, violation in found.items() if violation} == {}
    assert found.keys() == CHECKS.keys()


@pytest.mark.parametrize(
    ("code", "paragraph"),
    [("hop-replay", "8.1.3"), ("content-encoding-refused", "8.1.6"), ("body-too-large", "8.1.6")],
)
async def test_an_exchange_that_refuses_too_little_is_told_the_rule(ours: Exchange, code: str, paragraph: str) -> None:
    def lax(_request: httpx.Request, response: httpx.Response) -> httpx.Response:
        return httpx.Response(200, json={"items": [], "more": False}) if code in response.text else response

    assert await violated(ours, lax) == {paragraph}


async def test_an_exchange_that_overwrites_is_told_the_rule(ours: Exchange) -> None:
    def overwriting(_request: httpx.Request, response: httpx.Response) -> httpx.Response:
        return httpx.Response(200, json={}) if response.status_code == httpx.codes.CONFLICT else response

    assert "8.3.2" in await violated(ours, overwriting)


async def test_an_exchange_that_turns_the_order_round_is_told_the_rule(ours: Exchange) -> None:
    def backwards(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.method != "GET" or "items" not in response.text:
            return response
        page = response.json()
        return httpx.Response(200, json={**page, "items": page["items"][::-1]})

    assert "8.4" in await violated(ours, backwards)


async def test_an_exchange_that_keeps_receipts_to_itself_is_told_the_rule(ours: Exchange) -> None:
    def silent(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path != "/v1/mailbox":
            return response
        page = response.json()
        items = [item for item in page.get("items", []) if item["kind"] == "envelope"]
        return httpx.Response(response.status_code, headers=response.headers, json={**page, "items": items})

    assert "8.5" in await violated(ours, silent)


def test_members_are_made_written_and_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "members.json"

    assert main(["members", str(file), "--url", "https://exchange.example"]) == 0

    url, alice, bob = read_members(file)
    assert url == "https://exchange.example"
    shown = [Member.parse(line.encode(), limit=10_000) for line in capsys.readouterr().out.splitlines()]
    assert [(member.id, member.identity) for member in shown] == [(p.node, p.identity.public.jwk) for p in (alice, bob)]
    assert shown[1].quotas.messages == QUOTA


def test_an_exchange_nobody_answers_at_violates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "members.json"
    main(["members", str(file), "--url", "http://127.0.0.1:9"])

    assert main(["exchange", str(file)]) == 1
    assert "could not be asked" in capsys.readouterr().out
