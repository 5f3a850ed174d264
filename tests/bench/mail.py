"""Sealed letters from program to program, each with its receipt: many at once, and one at a time. SQLite everywhere.

Two programs with real keys and files, each seen to by the post office of a serving node, and the exchange: three
processes, which reach each other on loopback. The one that writes is this process.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from threading import Event, Thread, current_thread

import httpx
from sqlalchemy import func, select

from federation.ground.clock import SystemClock
from federation.ground.engine import reading, tell_commits
from federation.membership.letters import LetterState
from federation.membership.office import Office
from tests.bench.mail_host import READY, GoingClock, Loopback, Moved
from tests.bench.registry import Figure, Size, median
from tests.bench.servers import ROOT, SCRIPTS, Server, running
from tests.support.federation import Program
from tests.support.real_exchange import RealFederation

RATE = 200
ONE_MS = 25
CPU_MS = 8


@dataclass
class _LiveFederation(RealFederation):
    """A federation whose exchange becomes a process of its own once everybody has joined."""

    port: int = 0

    def connect(self) -> httpx.AsyncClient:
        transport = Loopback(self.port) if self.port else httpx.ASGITransport(app=self.app)
        return httpx.AsyncClient(transport=transport, trust_env=False)


def run(folder: Path, size: Size) -> list[Figure]:
    """See the module."""
    many, singles = size.pick(400, 4), size.pick(40, 2)
    federation = _LiveFederation.found(folder, GoingClock(SystemClock().now().astimezone(UTC)))
    home, host = federation.program("home"), federation.program("host")
    home.sync()
    federation.close()
    arrivals = _Arrivals(home, Event())
    tell_commits(home.engine, arrivals.look)
    exchange = (str(SCRIPTS / "mentorweave-fed"), "serve", "--port", "{port}", "--data-dir", str(folder / "exchange"))
    with running(*exchange) as server:
        federation.port = server.port
        for _ in range(many):
            home.open(host)
        with answering(Moved.of(host, server.port)) as other, attended(home):
            start, spent = time.perf_counter(), time.process_time() + server.spent() + other.spent()
            rate = many / (arrivals.wait(many) - start)
            cpu = 1000 * (time.process_time() + server.spent() + other.spent() - spent) / many
            each = [_one(home, host, arrivals, many + place) for place in range(1, singles + 1)]
    one = 1000 * median(each)
    return [
        Figure(
            what=f"letters from program to program with receipts, {many} waiting",
            figure=f"{rate:.0f}/s",
            target=f"≥ {RATE}/s",
            met=rate >= RATE,
        ),
        Figure(
            what="processor time of one of them, both programs and the exchange together",
            figure=f"{cpu:.1f} ms",
            target=f"≤ {CPU_MS} ms",
            met=cpu <= CPU_MS,
        ),
        Figure(
            what="one letter and its receipt, median, from writing it to the receipt at home",
            figure=f"{one:.0f} ms",
            target=f"≤ {ONE_MS} ms",
            met=one <= ONE_MS,
        ),
    ]


@contextmanager
def attended(program: Program) -> Iterator[None]:
    """Let a program's post be seen to as a serving node does, while the block runs."""
    stop, office = Event(), Office(program.member)

    def attend() -> None:
        while not stop.is_set():
            office.attend(stop)

    thread = Thread(target=attend)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def answering(program: Moved) -> Iterator[Server]:
    """Let another process see to a program's post while the block runs; begun when it is ready to."""
    command = (sys.executable, "-m", "tests.bench.mail_host")
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(program.line())
        process.stdin.flush()
        try:
            assert process.stdout.readline() == READY
            yield Server(port=program.port, pid=process.pid)
        finally:
            process.stdin.close()
            process.wait(timeout=30)


@dataclass(slots=True)
class _Arrivals:
    """Counts receipts that came home; looks whenever the thread that listens for them wrote something."""

    home: Program
    written: Event
    last: float = 0.0

    def look(self) -> None:
        """Something was written; whoever looks for receipts then holds up nobody who sends."""
        if current_thread().name.startswith("post"):
            self.last = time.perf_counter()
            self.written.set()

    def wait(self, many: int) -> float:
        """Until the receipts of so many letters came back; when the last of them was stored."""
        table = self.home.tables.outbox
        done = select(func.count()).select_from(table).where(table.c.state == LetterState.DELIVERED.value)
        while True:
            self.written.clear()
            with reading(self.home.engine) as connection:
                if connection.scalar(done) == many:
                    return self.last
            self.written.wait()


def _one(home: Program, host: Program, arrivals: _Arrivals, sent: int) -> float:
    start = time.perf_counter()
    home.open(host)
    return arrivals.wait(sent) - start
