"""The program that answers in the bench of letters, in a process of its own: it sees to its post until told to stop.

Run as `python -m tests.bench.mail_host`. What it needs comes as one line of JSON on standard input; the end of that
input ends it. Joining was done before, by the process that starts it.
"""

import json
import sys
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Self

import httpx

from federation.ground.engine import make_engine, metadata, sqlite_url
from federation.membership.http_relay import http_relays
from federation.membership.identity import Identity
from federation.membership.office import Office
from federation.membership.roster_client import RosterClient
from federation.membership.sync import Member
from federation.membership.tables import define
from protocol.ids import NodeId
from protocol.keys import SigningKey
from tests.support.clock import FakeClock
from tests.support.federation import Program, RecordedEffects, TestSeal

READY = b"ready\n"


class GoingClock(FakeClock):
    """A clock that goes on from where it was set: what could not be sent is tried again, as everywhere."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self._begun = time.monotonic()

    def now(self) -> datetime:
        """Return the moment chosen, and what passed since."""
        return super().now() + timedelta(seconds=time.monotonic() - self._begun)


class Loopback(httpx.AsyncHTTPTransport):
    """Reaches the exchange where it listens, whatever address it has in the roster."""

    def __init__(self, port: int) -> None:
        super().__init__(verify=False)
        self._port = port

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        return await super().handle_async_request(request)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A program of one process as another one opens it."""

    folder: str
    node: str
    identity: str
    seal: str
    now: str
    port: int

    @classmethod
    def of(cls, program: Program, port: int) -> Self:
        """What the other process needs; the program must not be used here any more."""
        program.engine.dispose()
        identity, seal = program.member.identity, program.member.identity.seal
        assert isinstance(seal, TestSeal)
        return cls(
            folder=str(program.file.parent),
            node=program.node,
            identity=identity.identity.seed.hex(),
            seal=seal.key.hex(),
            now=program.clock.now().isoformat(),
            port=port,
        )

    def line(self) -> bytes:
        """What the other process reads."""
        return json.dumps(asdict(self)).encode() + b"\n"

    def open(self) -> Member:
        """The program, in this process."""
        clock = GoingClock(datetime.fromisoformat(self.now))
        tables = define(metadata())
        seal = TestSeal(bytes.fromhex(self.seal))
        identity = SigningKey(bytes.fromhex(self.identity))

        def connect() -> httpx.AsyncClient:
            return httpx.AsyncClient(transport=Loopback(self.port), trust_env=False)

        return Member(
            engine=make_engine(sqlite_url(Path(self.folder) / "member.sqlite3")),
            tables=tables,
            identity=Identity(node=NodeId(self.node), identity=identity, tables=tables, seal=seal),
            roster_client=RosterClient(metadata_dir=Path(self.folder) / "roster", connect=connect),
            relays=http_relays(connect, clock),
            effects=RecordedEffects(),
            clock=clock,
        )


def main() -> None:
    """See the module."""
    office, stop = Office(Moved(**json.loads(sys.stdin.readline())).open()), Event()

    def attend() -> None:
        while not stop.is_set():
            office.attend(stop)

    thread = Thread(target=attend)
    thread.start()
    sys.stdout.buffer.write(READY)
    sys.stdout.flush()
    sys.stdin.read()
    stop.set()
    thread.join()


if __name__ == "__main__":
    main()
