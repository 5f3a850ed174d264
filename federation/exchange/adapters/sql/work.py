"""One transaction over the exchange's tables; on SQLite writers of this process queue here, not in the driver."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from sqlalchemy import Connection, Engine, text

from federation.exchange.adapters.sql.board import SqlBoard
from federation.exchange.adapters.sql.counts import Acquainted, SqlCounters, SqlNonces
from federation.exchange.adapters.sql.mailbox import SqlMailboxes
from federation.exchange.adapters.sql.members import SqlAttestations, SqlJoinings, SqlStatements, SqlSummaries
from federation.exchange.adapters.sql.roster import SqlRosterFiles
from federation.exchange.adapters.sql.turns import SharedTransactions
from federation.exchange.services.ports.work import Area
from federation.ground.engine import reading, transaction

_LOCK = text(
    "INSERT INTO epochs (name, number) VALUES (:name, 1) ON CONFLICT (name) DO UPDATE SET number = epochs.number + 1"
)


class SqlWork:
    """What one transaction sees; each store is made when it is first asked for."""

    def __init__(self, connection: Connection, acquainted: Acquainted | None = None) -> None:
        self._connection = connection
        self._acquainted = acquainted or Acquainted()
        self.has_changed = False

    def lock(self, area: Area) -> None:
        """Let nobody else change `area` until the transaction ends, and tell every replica that it changed."""
        self._connection.execute(_LOCK, {"name": area.value})
        self.has_changed = True

    @property
    def nonces(self) -> SqlNonces:
        """Requests seen."""
        return SqlNonces(self._connection)

    @property
    def mailboxes(self) -> SqlMailboxes:
        """Letters waiting."""
        return SqlMailboxes(self._connection)

    @property
    def counters(self) -> SqlCounters:
        """What members spent."""
        return SqlCounters(self._connection, self._acquainted)

    @property
    def roster(self) -> SqlRosterFiles:
        """The published roster."""
        return SqlRosterFiles(self._connection)

    @property
    def statements(self) -> SqlStatements:
        """Key statements."""
        return SqlStatements(self._connection)

    @property
    def joinings(self) -> SqlJoinings:
        """Requests to join."""
        return SqlJoinings(self._connection)

    @property
    def summaries(self) -> SqlSummaries:
        """Published summaries."""
        return SqlSummaries(self._connection)

    @property
    def attestations(self) -> SqlAttestations:
        """Attested numbers of waiting mentees."""
        return SqlAttestations(self._connection)

    @property
    def board(self) -> SqlBoard:
        """The need board."""
        return SqlBoard(self._connection)


def writing_work(engine: Engine, on_change: Callable[[], None]) -> Callable[[], AbstractContextManager[SqlWork]]:
    """Transactions that write; `on_change` is called after one that changed the roster, keys or the like.

    SQLite lets a waiting writer sleep longer and longer while others pass it by; in this process they take turns.
    """
    begin = SharedTransactions(engine) if engine.dialect.name == "sqlite" else partial(transaction, engine)
    acquainted = Acquainted()

    @contextmanager
    def write() -> Iterator[SqlWork]:
        with begin() as connection:
            work = SqlWork(connection, acquainted)
            yield work
        if work.has_changed:
            on_change()

    return write


def reading_work(engine: Engine) -> Callable[[], AbstractContextManager[SqlWork]]:
    """Transactions that only read and hold nobody up."""

    @contextmanager
    def look() -> Iterator[SqlWork]:
        with reading(engine) as connection:
            yield SqlWork(connection)

    return look
