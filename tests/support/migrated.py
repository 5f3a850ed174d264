"""Databases of this release for hundreds of tests: the steps run once a process, and every further one gets a copy.

That the steps themselves do what they should is for the tests of migrations.
"""

import tempfile
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Connection, Engine, event, inspect

from federation.exchange.adapters.sql import schema as exchange
from federation.ground.engine import make_engine, sqlite_url
from node.adapters.sql import schema as node

if TYPE_CHECKING:
    from tests.support.postgres import PostgresServer

Upgrade = Callable[[Engine], None]
_WRITES = ("alter", "create", "delete", "drop", "insert", "update")
_steps: dict[Upgrade, list[tuple[str, object]]] = {}


@pytest.fixture(params=["sqlite", "postgresql"])
def node_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a node's database of this release without a row; a test that asks for it runs once on each kind."""
    yield from _url(request, tmp_path, node.bring_to_head)


@pytest.fixture(params=["sqlite", "postgresql"])
def exchange_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The same, of an exchange."""
    yield from _url(request, tmp_path, exchange.upgrade_database)


def bring_to_head(engine: Engine) -> None:
    """Bring an empty database of a node to this release."""
    _bring(engine, node.bring_to_head)


def bring_exchange_to_head(url: str) -> None:
    """Bring a database of an exchange to this release, where it is empty."""
    engine = make_engine(url)
    with engine.connect() as connection:
        empty = not inspect(connection).get_table_names()
    engine.dispose()
    if empty:
        _bring(engine, exchange.upgrade_database)
        engine.dispose()


def _url(request: pytest.FixtureRequest, folder: Path, upgrade: Upgrade) -> Iterator[str]:
    if request.param == "sqlite":
        file = folder / "fresh.sqlite3"
        file.write_bytes(_sqlite_file(upgrade))
        yield sqlite_url(file)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.kept_database(upgrade) as url:
        yield url


def _bring(engine: Engine, upgrade: Upgrade) -> None:
    if engine.dialect.name == "sqlite":
        Path(str(engine.url.database)).write_bytes(_sqlite_file(upgrade))
    elif upgrade in _steps:
        with engine.begin() as connection:
            for statement, values in _steps[upgrade]:
                connection.exec_driver_sql(statement, values)  # type: ignore[arg-type] # as it was run before
    else:
        note = partial(_note, _steps.setdefault(upgrade, []))
        event.listen(engine, "before_cursor_execute", note)
        upgrade(engine)
        event.remove(engine, "before_cursor_execute", note)


@cache
def _sqlite_file(upgrade: Upgrade) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "migrated.sqlite3"
        engine = make_engine(sqlite_url(file))
        upgrade(engine)
        engine.dispose()
        return file.read_bytes()


def _note(
    steps: list[tuple[str, object]], _: Connection, __: object, statement: str, values: object, *___: object
) -> None:
    if statement.split(maxsplit=1)[0].lower() in _WRITES:
        steps.append((statement, values))
