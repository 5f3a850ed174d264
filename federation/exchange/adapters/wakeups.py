"""Waking long polls: at once in this process, and through PostgreSQL's NOTIFY on every other replica.

Whoever wakes a single poll brings it what was stored for it, so that it answers without looking for itself.
NOTIFY makes committing transactions queue, so it never rides in the transaction of a letter: a thread sends
what came together in one statement. What gets lost on the way is found by the poll's own second look.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from federation.exchange.domain.mailbox import Item, Page
from federation.ground.incidents import record_incident
from protocol.ids import NodeId

_CHANNEL = "mentorweave_mailbox"
_ALIKE = 400  # names in one notification; its payload may have 8,000 bytes
_LISTEN_SECONDS = 1.0
_PAUSE_SECONDS = 2.0
_HANDED_OVER = 8  # so few letters are a whole page, however large they are


class Bell:
    """One waiting poll; `look` reads what lies behind the cursor `after`."""

    def __init__(self, loop: asyncio.AbstractEventLoop, look: Callable[[], Page], after: int | None) -> None:
        self._loop = loop
        self._look = look
        self._after = after
        self._event = asyncio.Event()
        self._brought: Page | None = None

    def ring(self, page: Page | None = None) -> None:
        """Wake the poll, perhaps with what it looks for; callable from any thread."""
        # A loop that is closing has nobody waiting any more.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._wake, page)

    def bring(self, stored: Sequence[Item]) -> None:
        """Wake the poll with what was stored, if that is all it waits for; else look for it in the caller's thread.

        Cursors of a mailbox are given out without a gap, so nothing lies between `after` and the one behind it. Where
        looking fails, the poll looks for itself.
        """
        page = Page(tuple(stored), more=False) if self._is_all(stored) else None
        if page is None:
            with suppress(SQLAlchemyError):
                page = self._look()
        self.ring(page)

    def _is_all(self, stored: Sequence[Item]) -> bool:
        follows = bool(stored) and self._after is not None and stored[0].cursor == self._after + 1
        return follows and len(stored) <= _HANDED_OVER

    async def wait(self, seconds: float) -> bool:
        """Wait to be woken, at most `seconds`; whether it happened."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()
        woken = self._event.is_set()
        self._event.clear()
        return woken

    def brought(self) -> Page | None:
        """What was brought by who woke the poll last, handed out once."""
        brought, self._brought = self._brought, None
        return brought

    def _wake(self, page: Page | None) -> None:
        self._brought = page
        self._event.set()


class LocalWakeups:
    """Readers that wait in this process."""

    second_look = 2.0

    def __init__(self) -> None:
        self._bells: dict[NodeId, set[Bell]] = defaultdict(set)
        self._lock = Lock()
        self.is_closing = False

    @contextmanager
    def waiting(self, node: NodeId, look: Callable[[], Page], after: int | None = None) -> Iterator[Bell]:
        """A bell for `node` while the block runs; hang it up before looking, so that nothing falls between."""
        bell = Bell(asyncio.get_running_loop(), look, after)
        with self._lock:
            self._bells[node].add(bell)
        try:
            yield bell
        finally:
            with self._lock:
                self._bells[node].discard(bell)
                if not self._bells[node]:
                    del self._bells[node]

    def wake(self, stored: Mapping[NodeId, Sequence[Item]]) -> None:
        """There is something new for these members."""
        bells = {node: self._hung([node]) for node in stored}
        if sum(map(len, bells.values())) > 1:
            self._ring(bell for hung in bells.values() for bell in hung)  # they look for themselves, side by side
            return
        for node, hung in bells.items():
            for bell in hung:
                bell.bring(stored[node])

    def _hung(self, nodes: Iterable[NodeId]) -> list[Bell]:
        with self._lock:
            return [bell for node in nodes for bell in self._bells.get(node, ())]

    @staticmethod
    def _ring(bells: Iterable[Bell]) -> None:
        for bell in bells:
            bell.ring()

    def count(self) -> int:
        """How many polls wait."""
        with self._lock:
            return sum(len(bells) for bells in self._bells.values())

    def start(self) -> None:
        """Nothing to start: everybody who waits is in this process."""

    def release(self) -> None:
        """Let every poll answer now, because the service stops. Takes no lock: a signal may interrupt anything."""
        self.is_closing = True
        for bells in list(self._bells.values()):
            for bell in list(bells):
                bell.ring()

    def close(self) -> None:
        """Stop; nothing runs here but polls."""
        self.release()


class PostgresWakeups(LocalWakeups):
    """Readers that wait in this process or on another replica of the same database."""

    second_look = 10.0

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._conninfo = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._pending: set[NodeId] = set()
        self._work = Event()
        self._stop = Event()
        self._threads: list[Thread] = []

    def wake(self, stored: Mapping[NodeId, Sequence[Item]]) -> None:
        """Wake this process at once and tell the other replicas."""
        super().wake(stored)
        with self._lock:
            self._pending.update(stored)
        self._work.set()

    def start(self) -> None:
        """Begin to listen to the other replicas, and to tell them."""
        self._threads = [
            Thread(target=self._keep, args=(self._listen,), name="wakeups-listen", daemon=True),
            Thread(target=self._keep, args=(self._tell,), name="wakeups-tell", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Let every poll answer now, and stop listening."""
        self.release()
        self._stop.set()
        self._work.set()
        for thread in self._threads:
            thread.join()
        self._threads = []

    def _keep(self, round_: Callable[[psycopg.Connection], None]) -> None:
        while not self._stop.is_set():
            try:
                with psycopg.connect(self._conninfo, autocommit=True) as connection:
                    while not self._stop.is_set():
                        round_(connection)
            except psycopg.Error as error:
                record_incident("wakeups-interrupted", error)
                self._stop.wait(_PAUSE_SECONDS)

    def _listen(self, connection: psycopg.Connection) -> None:
        connection.execute(f"LISTEN {_CHANNEL}")
        # Whoever came in before this connection listened is looked for once.
        with self._lock:
            waiting = list(self._bells)
        self._ring(self._hung(waiting))
        while not self._stop.is_set():
            for notification in connection.notifies(timeout=_LISTEN_SECONDS):
                self._ring(self._hung(NodeId(node) for node in notification.payload.split(",")))

    def _tell(self, connection: psycopg.Connection) -> None:
        self._work.wait()
        self._work.clear()
        with self._lock:
            nodes, self._pending = sorted(self._pending), set()
        for start in range(0, len(nodes), _ALIKE):
            payload = ",".join(nodes[start : start + _ALIKE])
            connection.execute("SELECT pg_notify(%s, %s)", (_CHANNEL, payload))


def make_wakeups(engine: Engine) -> LocalWakeups:
    """What fits the database: SQLite has one process, PostgreSQL may have several."""
    return LocalWakeups() if engine.dialect.name == "sqlite" else PostgresWakeups(engine)
