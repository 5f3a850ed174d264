"""The kit for foreign nodes: ours passes every check, and one that breaks a rule is told which."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from federation.ground.engine import transaction
from federation.ground.http import client
from tests.conformance.kit.__main__ import main
from tests.conformance.kit.node import CHECKS, run
from tests.conformance.kit.stage import Stage, staged
from tests.support.clock import FakeClock
from tests.support.federation import PROFILE, Program, make_program

STEP = timedelta(seconds=30)
Send = Callable[[httpx.Request], Awaitable[httpx.Response]]
Bend = Callable[[httpx.Request, Send], Awaitable[httpx.Response]]


@dataclass
class Ours:
    """Our own node as the foreign one, with an operator who does what she is asked."""

    folder: Path
    clock: FakeClock
    connect: Callable[[], httpx.AsyncClient] = client
    code: str = ""
    joined: bool = False
    program: Program = field(init=False)

    def __post_init__(self) -> None:
        self.program = make_program(self.folder, "foreign", self.clock, self.connect)

    def do(self, asked: str) -> None:
        what, _, code = asked.partition(": ")
        if code and what.startswith("join"):
            self.code = code
            return
        with transaction(self.program.engine) as connection:
            self.program.member.identity.rotate(connection, self.clock.now())

    def turn(self) -> None:
        self.clock.advance(STEP)
        if not self.joined:
            self.program.member.join(self.code, PROFILE)
        self.joined = self.program.sync().joined


@pytest.fixture
def stage_of(tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    with ExitStack() as stack:

        def make(connect: Callable[[], httpx.AsyncClient] = client, turns: int = 40) -> Stage:
            ours = Ours(tmp_path, FakeClock(), connect)
            return stack.enter_context(staged(ours.clock, ours.turn, turns=turns, operator=ours.do))

        yield make


class Bent(httpx.AsyncBaseTransport):
    """What a careless node does with its requests and with the answers."""

    def __init__(self, bend: Bend) -> None:
        self.bend, self.inner = bend, httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self.bend(request, self.inner.handle_async_request)

    async def aclose(self) -> None:
        await self.inner.aclose()


async def unsigned(request: httpx.Request, send: Send) -> httpx.Response:
    if request.method == "POST" and request.url.path.endswith("/ack"):
        del request.headers["signature-input"]
    return await send(request)


async def deaf(request: httpx.Request, send: Send) -> httpx.Response:
    """Keeps its receipts to itself."""
    return httpx.Response(200, json={}) if request.url.path.endswith("/ack") else await send(request)


async def hasty(request: httpx.Request, send: Send) -> httpx.Response:
    """Sends at once again what was not taken."""
    response = await send(request)
    if request.method == "PUT" and response.status_code in {403, 429}:
        await response.aread()
        return await send(request)
    return response


async def led_away(request: httpx.Request, send: Send) -> httpx.Response:
    response = await send(request)
    if response.is_redirect:
        await response.aread()
        return await send(httpx.Request(request.method, response.headers["location"]))
    return response


def paragraph(name: str) -> str:
    return name.partition(" ")[0]


def test_our_node_holds_to_every_rule(stage_of: Callable[..., Stage]) -> None:
    found = run(stage_of())

    assert {name: violation for name, violation in found.items() if violation} == {}
    assert found.keys() == CHECKS.keys()


@pytest.mark.parametrize(
    ("bend", "paragraphs"),
    [
        (unsigned, {"5.7", "8.1.1"}),
        (deaf, {"5.7", "5.1.5"}),
        (hasty, {"8.1.3", "8.2", "8.3.2"}),
        (led_away, {"8.1.5"}),
    ],
)
def test_a_node_that_breaks_a_rule_is_told_which(
    stage_of: Callable[..., Stage], bend: Bend, paragraphs: set[str]
) -> None:
    asked = {name: check for name, check in CHECKS.items() if paragraph(name) in {"6.5", "2.2"} | paragraphs}

    found = run(stage_of(lambda: client(transport=Bent(bend)), turns=8), asked)

    assert {paragraph(name) for name, violation in found.items() if violation} == paragraphs, found


def test_a_node_that_never_joins_is_asked_nothing_more(stage_of: Callable[..., Stage]) -> None:
    stage = stage_of(turns=1)
    stage.operator = lambda _asked: None
    stage.turn = lambda: None

    assert list(run(stage).values()) == ["nobody asked to join"]


def test_the_command_says_the_code_and_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["node", "--patience", "0"]) == 1

    said = capsys.readouterr()
    assert "join with this code: ey" in said.err
    assert "violated 6.5" in said.out
