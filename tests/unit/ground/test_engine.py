"""Which databases are accepted, and what a SQLite file is told when it opens."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

import federation.ground.engine as engine_module
from federation.ground.engine import UnsupportedDatabaseError, make_engine, reading, sqlite_url


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/x", "oracle://localhost/x"])
def test_other_databases_and_databases_in_memory_are_refused(url: str) -> None:
    with pytest.raises(UnsupportedDatabaseError):
        make_engine(url)


def test_a_path_may_hold_spaces_and_any_letter(tmp_path: Path) -> None:
    path = tmp_path / "un dossier été #1?" / "a b.sqlite3"
    path.parent.mkdir()
    engine = make_engine(sqlite_url(path))
    with reading(engine):
        pass
    engine.dispose()

    assert path.exists()


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 15000)]
)
def test_a_file_survives_a_power_cut_and_keeps_its_references(tmp_path: Path, pragma: str, value: str | int) -> None:
    engine = make_engine(sqlite_url(tmp_path / "x.sqlite3"))
    with reading(engine) as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    engine.dispose()


def test_a_new_file_that_another_process_is_opening_too_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("create table things (id integer)")
    other.execute("BEGIN IMMEDIATE")
    engine = make_engine(sqlite_url(path))
    tries: list[str] = []

    def open_it() -> None:
        tries.append("begun")
        with reading(engine):
            tries.append("open")

    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(open_it)
        wait([opening], timeout=0.1)
        assert tries == ["begun"]
        other.execute("COMMIT")
        opening.result(timeout=10)

    other.close()
    engine.dispose()
    assert tries == ["begun", "open"]


def test_a_file_that_stays_locked_is_given_up_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "BUSY_SECONDS", 0.05)
    path = tmp_path / "x.sqlite3"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("create table things (id integer)")
    other.execute("BEGIN IMMEDIATE")
    engine = make_engine(sqlite_url(path))

    with pytest.raises(OperationalError), reading(engine):
        raise AssertionError

    other.close()
    engine.dispose()


def test_postgresql_is_reached_through_one_driver_and_shows_no_values() -> None:
    engine = make_engine("postgresql://user@db.example/x")

    assert engine.driver == "psycopg"
    assert engine.hide_parameters
