"""Writers of one SQLite file, in turn: those that queue up behind each other share one transaction and its commit.

SQLite lets one writer in at a time, and a durable commit costs more than what most verbs write. Each verb keeps a
savepoint of its own, so a refused one takes back only its own work, and none returns before the commit that holds it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock

from sqlalchemy import Connection, Engine, RootTransaction
from sqlalchemy.exc import SQLAlchemyError

from federation.ground.engine import savepoint

MOST = 50  # verbs in one transaction


@dataclass(slots=True)
class _Shared:
    """One transaction, who is in it so far, and how it ended."""

    connection: Connection
    transaction: RootTransaction
    members: int = 0
    ended: Event = field(default_factory=Event)
    failure: SQLAlchemyError | None = None


class SharedTransactions:
    """Opens a transaction, or goes on in the one that the verb before left open."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = Lock()
        self._count = Lock()
        self._waiting = 0
        self._open: _Shared | None = None

    @contextmanager
    def __call__(self) -> Iterator[Connection]:
        """Leaving commits, perhaps together with others; an error rolls back what this block did."""
        shared = self._enter()
        try:
            with savepoint(shared.connection):
                yield shared.connection
        finally:
            self._leave(shared)
        shared.ended.wait()
        if shared.failure is not None:
            raise shared.failure

    def _enter(self) -> _Shared:
        with self._count:
            self._waiting += 1
        self._turn.acquire()
        with self._count:
            self._waiting -= 1
        try:
            shared = self._open or self._begin()
        except BaseException:
            self._turn.release()
            raise
        shared.members += 1
        return shared

    def _begin(self) -> _Shared:
        connection = self._engine.connect()
        try:
            self._open = _Shared(connection, connection.begin())
        except BaseException:
            connection.close()
            raise
        return self._open

    def _leave(self, shared: _Shared) -> None:
        # Whoever waits for the turn will take it, so this transaction is sure to find somebody who ends it.
        if not self._waiting or shared.members >= MOST:
            self._open = None
            self._end(shared)
        self._turn.release()

    def _end(self, shared: _Shared) -> None:
        try:
            shared.transaction.commit()
        except SQLAlchemyError as error:
            shared.failure = error
            shared.connection.invalidate()  # whatever it still holds open ends with it
        finally:
            shared.connection.close()
            shared.ended.set()
