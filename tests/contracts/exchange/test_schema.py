"""The database of an exchange: its steps make exactly its tables, and a service never starts on the wrong ones."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from federation.exchange.adapters.sql.board_tables import BOARD
from federation.exchange.adapters.sql.schema import (
    DatabaseBehindError,
    SchemaCheck,
    is_current,
    prepare_database,
    upgrade_database,
)
from federation.ground.engine import make_engine, sqlite_url, transaction


def test_the_steps_make_the_tables_the_program_uses(database_url: str) -> None:
    engine = make_engine(database_url)
    upgrade_database(engine)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, BOARD.metadata)

    assert differences == []
    assert is_current(engine)
    engine.dispose()


def test_postgresql_waits_for_an_operator(postgres_url: str) -> None:
    engine = make_engine(postgres_url)

    with pytest.raises(DatabaseBehindError):
        prepare_database(engine)
    upgrade_database(engine)
    prepare_database(engine)
    engine.dispose()


def test_a_sqlite_file_is_copied_and_brought_up_by_itself(tmp_path: Path) -> None:
    file = tmp_path / "exchange.sqlite3"
    engine = make_engine(sqlite_url(file))
    prepare_database(engine)
    assert [path.name for path in tmp_path.glob("*.before-upgrade")] == []

    with transaction(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'unknown' WHERE 1 = 0")
        connection.exec_driver_sql("INSERT INTO epochs VALUES ('kept', 7)")
        connection.exec_driver_sql("DELETE FROM alembic_version")
    with pytest.raises(Exception, match="already exists"):
        prepare_database(engine)
    engine.dispose()

    with sqlite3.connect(tmp_path / "exchange.sqlite3.before-upgrade") as copy:
        assert copy.execute("SELECT name, number FROM epochs").fetchall() == [("kept", 7)]
    copy.close()


def test_readiness_asks_the_database(database_url: str) -> None:
    engine = make_engine(database_url)
    check = SchemaCheck(engine)

    assert check() is False
    upgrade_database(engine)
    assert check() is True
    engine.dispose()


def test_a_database_that_does_not_answer_is_not_ready() -> None:
    engine = make_engine("postgresql://127.0.0.1:1/nothing?connect_timeout=1")

    assert SchemaCheck(engine)() is False
    engine.dispose()
