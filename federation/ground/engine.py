"""Database engines that behave alike on SQLite in a folder and on PostgreSQL by URL.

Tables, queries and migrations belong to those who own the data. Every transaction either writes
(`transaction`) or only reads (`reading`), and says so when it begins.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, Engine, MetaData, Table, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import ConnectionPoolEntry

from federation.ground.refusal import Refusal

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

BUSY_SECONDS = 15.0
_READING = "mentorweave_reading"


class UnsupportedDatabaseError(Refusal):
    """The URL names a database this program does not run on."""

    code = "unsupported-database"
    title = "This database is not supported."
    remedy = "Use a SQLite file (sqlite:///path) or PostgreSQL (postgresql://...)."


def metadata() -> MetaData:
    """Return an empty schema whose constraints get the same names everywhere, so migrations can drop them."""
    return MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def sqlite_url(path: Path) -> str:
    """Return the URL of a SQLite file; the path may hold spaces and any letter."""
    return URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)


def make_engine(url: str) -> Engine:
    """Return an engine for a SQLite file or a PostgreSQL database; statements never show their values.

    Raises: UnsupportedDatabaseError.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), hide_parameters=True, pool_pre_ping=True)
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        raise UnsupportedDatabaseError(database=parsed.get_backend_name())
    engine = create_engine(parsed, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own habit of beginning late would let two readers turn into writers and one of them fail.
    connection.isolation_level = None
    cursor = connection.cursor()
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # What is deleted is overwritten: a freed page would keep it until something else is written there.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _write_ahead(cursor: DBAPICursor) -> None:
    # Of two processes that open a new file together, SQLite refuses one at once instead of letting it wait.
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    reading_only = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN DEFERRED" if reading_only else "BEGIN IMMEDIATE")


def insert_unless_there(table: Table, dialect: str) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT that can say what is to be done about a row that is there already, in the words of `dialect`."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - slow to load, and most programs have no use for it

        return postgresql.insert(table)
    return sqlite.insert(table)


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Open one writing transaction: leaving commits, an error rolls back. SQLite takes its write lock here."""
    with engine.begin() as connection:
        yield connection


def tell_commits(engine: Engine, tell: Callable[[], None], *, of: str | None = None) -> None:
    """Call `tell` after every transaction of this process that wrote, once what it wrote can be read.

    With `of`, only after one in which `wrote` named it.
    """
    mark = object()  # each who asked is told for himself

    def committing(connection: Connection) -> None:
        if of is None or of in connection.info:
            connection.info[mark] = True

    def returned(_connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        entry.info.pop(of, None)
        if entry.info.pop(mark, False):
            tell()

    event.listen(engine, "commit", committing)
    event.listen(engine, "checkin", returned)


def wrote(connection: Connection, what: str) -> None:
    """Name what this transaction wrote, for those who wait for it."""
    connection.info[what] = True


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """Take back what this block did, and nothing else, where it raises; in the driver's words, for it is used a lot."""
    cursor = connection.connection.cursor()
    cursor.execute("SAVEPOINT step")
    try:
        yield
    except BaseException:
        cursor.execute("ROLLBACK TO step")
        raise
    finally:
        cursor.execute("RELEASE step")
        cursor.close()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open one transaction that cannot write; it waits for no writer and holds none up."""
    options = {"postgresql_readonly": True} if engine.dialect.name == "postgresql" else {_READING: True}
    with engine.connect().execution_options(**options) as connection:
        if engine.dialect.name != "sqlite":
            yield connection
            return
        cursor = connection.connection.cursor()  # the driver's own: two words a look need no more
        cursor.execute("PRAGMA query_only=ON")
        try:
            yield connection
        finally:
            cursor.execute("PRAGMA query_only=OFF")
            cursor.close()
