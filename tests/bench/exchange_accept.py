"""How many sealed letters the exchange accepts durably, against the bare route: two real processes, rounds in turn."""

import asyncio
import sys
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.ground.clock import SystemClock
from federation.ground.engine import sqlite_url
from protocol.envelope import MEDIA_TYPE
from protocol.roster import Quotas
from tests.bench.load import drive, request_bytes
from tests.bench.registry import Figure, Size, median
from tests.bench.servers import SCRIPTS, running
from tests.support.clock import FakeClock
from tests.support.exchange import Federation, Peer, federation

TARGET = 0.5
CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Requests for both servers, in rounds."""

    ours: list[list[bytes]]
    bare: list[list[bytes]]


def run(folder: Path, size: Size) -> list[Figure]:
    """See the module."""
    rounds, each = size.pick(9, 1), size.pick(600, 20)
    key = Ed25519PrivateKey.generate()
    prepared = asyncio.run(_prepare(folder, key, rounds, each))
    exchange = (str(SCRIPTS / "mentorweave-fed"), "serve", "--port", "{port}", "--data-dir", str(folder / "exchange"))
    public = key.public_key().public_bytes_raw().hex()
    bare = (sys.executable, "-m", "tests.bench.bare_route", str(folder / "bare.sqlite3"), "{port}", public)
    with running(*exchange) as ours, running(*bare) as theirs:
        pairs = [
            (
                drive(ours.port, prepared.ours[number], connections=CONNECTIONS, expect=201).rate,
                drive(theirs.port, prepared.bare[number], connections=CONNECTIONS, expect=201).rate,
            )
            for number in range(rounds)
        ]

    rate, bare_rate = median([our for our, _ in pairs]), median([their for _, their in pairs])
    ratio = median([our / their for our, their in pairs])
    return [
        Figure(
            what=f"exchange: letters accepted durably, {CONNECTIONS} connections; bare route {bare_rate:.0f}/s",
            figure=f"{rate:.0f}/s",
            ratio=ratio,
            target=f"≥ {TARGET} of the bare route",
            met=ratio >= TARGET,
        )
    ]


async def _prepare(folder: Path, key: Ed25519PrivateKey, rounds: int, each: int) -> _Prepared:
    clock = FakeClock(SystemClock().now().astimezone(UTC))
    peers = [Peer(clock=clock, quotas=Quotas(messages=1_000_000, first_contacts=1_000)) for _ in range(8)]
    async with federation(folder, sqlite_url(folder / "exchange.sqlite3"), clock=clock) as fed:
        await fed.found(*peers)
        ours, bare = [], []
        for _ in range(rounds):
            letters = [_letter(fed, peers, number) for number in range(each)]
            ours.append([letter for letter, _, _ in letters])
            bare.append([_plain(key, name, body) for _, name, body in letters])
        return _Prepared(ours, bare)


def _letter(fed: Federation, peers: list[Peer], number: int) -> tuple[bytes, str, bytes]:
    sender, to = peers[number % len(peers)], peers[(number + 1 + number // len(peers)) % len(peers)]
    if sender is to:
        to = peers[(number + 3) % len(peers)]
    name = sender.message_id()
    body = sender.envelope(to, name)
    path = f"/v1/mailbox/{to.node}/{name}"
    request = fed.request("PUT", path, peer=sender, body=body, media=MEDIA_TYPE)
    passed = [(field, value) for field, value in request.headers.items() if field not in {"host", "content-length"}]
    return request_bytes("PUT", request.url.raw_path.decode(), passed, body), name, body


def _plain(key: Ed25519PrivateKey, name: str, body: bytes) -> bytes:
    headers = [("signature", key.sign(body).hex()), ("content-type", MEDIA_TYPE)]
    return request_bytes("PUT", f"/items/{name}", headers, body)
