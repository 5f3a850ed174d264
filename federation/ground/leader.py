"""One scheduler per database: whoever holds the lock leads, and a leader that dies lets go at once.

PostgreSQL: a session's advisory lock on a connection of its own. SQLite: the write lock of an empty
file beside the database, which the operating system frees with the process; unlike a lease row it needs
no clock, so a laptop that slept or was set back an hour never waits for its own dead self.
What a leader does belongs to `ticks`; work itself is claimed row by row, so two leaders for a moment do no harm.
"""

import hashlib
import sqlite3
from contextlib import suppress
from threading import Lock
from typing import Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

# A machine that lost its power never says goodbye: asked every 10 s, it has lost the lock within half a minute.
_KEEPALIVES = ("tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3")


class _LeadersLock(Protocol):
    def take(self) -> bool: ...

    def free(self) -> None: ...


class Leadership:
    """The leadership named `name` over one database, as one process sees it; safe to share between threads."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._lock: _LeadersLock
        self._lock = _FileLock(engine, name) if engine.dialect.name == "sqlite" else _AdvisoryLock(engine, name)
        self._turn = Lock()

    def hold(self) -> bool:
        """Become or remain the leader; whether this process leads now. Never waits for another leader."""
        with self._turn:
            return self._lock.take()

    def release(self) -> None:
        """Let another process lead; does nothing where this one does not."""
        with self._turn:
            self._lock.free()


class _FileLock:
    """Held by an open write transaction on an empty SQLite file, which works alike on every platform."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._path = f"{engine.url.database}-{name}.lock"
        self._connection: sqlite3.Connection | None = None

    def take(self) -> bool:
        if self._connection is not None:
            return True
        connection = sqlite3.connect(self._path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            connection.close()
            return False
        self._connection = connection
        return True

    def free(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _AdvisoryLock:
    """Held by a connection outside the pool; a connection that broke has lost it."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        digest = hashlib.sha256(f"mentorweave leader {name}".encode()).digest()
        self._number = int.from_bytes(digest[:8], "big", signed=True)
        self._connection: Connection | None = None

    def take(self) -> bool:
        if self._connection is not None and self._alive(self._connection):
            return True
        self.free()
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()
        try:
            for setting in _KEEPALIVES:
                connection.execute(text(f"set {setting}"))
            if connection.scalar(text("select pg_try_advisory_lock(:number)"), {"number": self._number}):
                self._connection = connection
        finally:
            if self._connection is None:
                connection.close()
        return self._connection is not None

    def free(self) -> None:
        if self._connection is not None:
            with suppress(DBAPIError):
                self._connection.close()
            self._connection = None

    @staticmethod
    def _alive(connection: Connection) -> bool:
        try:
            connection.execute(text("select 1"))
        except DBAPIError:
            return False
        return True
