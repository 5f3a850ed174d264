"""Sealed letters from program to program, each with its receipt: many at once, and one at a time. SQLite everywhere.

Both programs are in this process, with real keys and files; the exchange is a process of its own on loopback.
"""

import time
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import httpx

from federation.ground.clock import SystemClock
from tests.bench.registry import Figure, Size, median
from tests.bench.servers import SCRIPTS, running
from tests.support.clock import FakeClock
from tests.support.federation import Program
from tests.support.real_exchange import RealFederation

RATE = 200
ONE_MS = 25


class _Loopback(httpx.AsyncHTTPTransport):
    """Reaches the exchange where it listens, whatever address it has in the roster."""

    def __init__(self, port: int) -> None:
        super().__init__(verify=False)
        self._port = port

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        return await super().handle_async_request(request)


@dataclass
class _LiveFederation(RealFederation):
    """A federation whose exchange becomes a process of its own once everybody has joined."""

    port: int = 0

    def connect(self) -> httpx.AsyncClient:
        transport = _Loopback(self.port) if self.port else httpx.ASGITransport(app=self.app)
        return httpx.AsyncClient(transport=transport, trust_env=False)


def run(folder: Path, size: Size) -> list[Figure]:
    """See the module."""
    many, singles = size.pick(400, 4), size.pick(40, 2)
    federation = _LiveFederation.found(folder, FakeClock(SystemClock().now().astimezone(UTC)))
    home, host = federation.program("home"), federation.program("host")
    home.sync()
    federation.close()
    exchange = (str(SCRIPTS / "mentorweave-fed"), "serve", "--port", "{port}", "--data-dir", str(folder / "exchange"))
    with running(*exchange) as server:
        federation.port = server.port
        carry(home, host)
        for _ in range(many):
            home.open(host)
        start = time.perf_counter()
        carry(home, host)
        rate = many / (time.perf_counter() - start)
        each = [_one(home, host) for _ in range(singles)]
    one = 1000 * median(each)
    return [
        Figure(
            what=f"letters from program to program with receipts, {many} waiting",
            figure=f"{rate:.0f}/s",
            target=f"≥ {RATE}/s",
            met=rate >= RATE,
        ),
        Figure(
            what="one letter and its receipt, median (three whole rounds)",
            figure=f"{one:.0f} ms",
            target=f"≤ {ONE_MS} ms",
            met=one <= ONE_MS,
        ),
    ]


def carry(home: Program, host: Program) -> None:
    """Let both have rounds until every letter of `home` is receipted."""
    while True:
        home.sync()
        if not home.outbox():
            return
        host.sync()


def _one(home: Program, host: Program) -> float:
    home.open(host)
    start = time.perf_counter()
    carry(home, host)
    return time.perf_counter() - start
