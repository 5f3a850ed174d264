"""Databases of this release for hundreds of tests: the steps run once a process, and every further one gets a copy.

That the steps themselves do what they should is for the tests of migrations.
"""

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Connection, Engine, event

from federation.ground.engine import make_engine, sqlite_url
from node.adapters.sql import schema

if TYPE_CHECKING:
    from tests.support.postgres import PostgresServer

_WRITES = ("alter", "create", "delete", "drop", "insert", "update")
_steps: list[tuple[str, object]] = []


@pytest.fixture(params=["sqlite", "postgresql"])
def node_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a node's database of this release without a row; a test that asks for it runs once on each kind."""
    if request.param == "sqlite":
        file = tmp_path / "fresh.sqlite3"
        file.write_bytes(_sqlite_file())
        yield sqlite_url(file)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.kept_database(_prepare) as url:
        yield url


def _prepare(url: str) -> None:
    engine = make_engine(url)
    schema.bring_to_head(engine)
    engine.dispose()


def bring_to_head(engine: Engine) -> None:
    """Bring an empty database of a node to this release."""
    if engine.dialect.name == "sqlite":
        Path(str(engine.url.database)).write_bytes(_sqlite_file())
    elif _steps:
        with engine.begin() as connection:
            for statement, values in _steps:
                connection.exec_driver_sql(statement, values)  # type: ignore[arg-type] # as it was run before
    else:
        event.listen(engine, "before_cursor_execute", _note)
        schema.bring_to_head(engine)
        event.remove(engine, "before_cursor_execute", _note)


@cache
def _sqlite_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "migrated.sqlite3"
        engine = make_engine(sqlite_url(file))
        schema.bring_to_head(engine)
        engine.dispose()
        return file.read_bytes()


def _note(_: Connection, __: object, statement: str, values: object, *___: object) -> None:
    if statement.split(maxsplit=1)[0].lower() in _WRITES:
        _steps.append((statement, values))
