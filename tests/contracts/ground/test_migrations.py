"""Upgrading a real database step by step, alike on both kinds, and never half."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from federation.ground.engine import make_engine, reading, transaction
from federation.ground.migrations import BrokenReferencesError, at_head, upgrade

ENV = "from sqlalchemy import MetaData\nfrom federation.ground.migrations import run_env\nrun_env(MetaData())\n"
FIRST = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0001", None
def upgrade():
    op.create_table("people", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table("notes", sa.Column("id", sa.Integer, primary_key=True),
                    sa.Column("person", sa.Integer, sa.ForeignKey("people.id", ondelete="CASCADE")))
"""
REBUILD = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0002", "0001"
def upgrade():
    with op.batch_alter_table("people", recreate="auto") as people:
        people.add_column(sa.Column("seats", sa.Integer, nullable=False, server_default="1"))
        people.create_check_constraint("positive", "seats > 0")
"""
FAILS = """
from alembic import op
revision, down_revision = "0002", "0001"
def upgrade():
    op.execute("create table half (id integer)")
    op.execute("select * from nowhere")
"""
ORPHANS = """
from alembic import op
revision, down_revision = "0002", "0001"
def upgrade():
    op.execute("delete from people")
"""


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    folder = tmp_path / "100% steps"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENV)
    add(folder, "0001", FIRST)
    return folder


def add(folder: Path, name: str, step: str) -> None:
    (folder / "versions" / f"{name}.py").write_text(step)


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def test_an_empty_database_is_brought_to_the_head(engine: Engine, steps: Path) -> None:
    assert not at_head(engine, steps)

    upgrade(engine, steps)

    assert at_head(engine, steps)
    assert {"people", "notes"} <= tables(engine)


def test_upgrading_twice_changes_nothing(engine: Engine, steps: Path) -> None:
    upgrade(engine, steps)
    upgrade(engine, steps)

    assert at_head(engine, steps)


def test_a_table_that_is_built_anew_keeps_the_rows_that_point_at_it(engine: Engine, steps: Path) -> None:
    upgrade(engine, steps)
    with transaction(engine) as connection:
        connection.execute(text("insert into people (id) values (1)"))
        connection.execute(text("insert into notes (id, person) values (1, 1)"))
    add(steps, "0002", REBUILD)
    assert not at_head(engine, steps)

    upgrade(engine, steps)

    assert at_head(engine, steps)
    with reading(engine) as connection:
        assert connection.scalar(text("select count(*) from notes")) == 1
        assert connection.scalar(text("select seats from people")) == 1


def test_references_are_enforced_again_after_an_upgrade(engine: Engine, steps: Path) -> None:
    upgrade(engine, steps)

    for _ in range(3):  # whichever connection of the pool answers
        with pytest.raises(IntegrityError), transaction(engine) as connection:
            connection.execute(text("insert into notes (id, person) values (1, 7)"))


def test_a_step_that_fails_undoes_the_whole_upgrade(engine: Engine, steps: Path) -> None:
    add(steps, "0002", FAILS)

    with pytest.raises(Exception, match="nowhere"):
        upgrade(engine, steps)

    assert tables(engine) == set()
    assert not at_head(engine, steps)


def test_an_upgrade_that_would_orphan_rows_is_undone(sqlite_url: str, steps: Path) -> None:
    engine = make_engine(sqlite_url)
    upgrade(engine, steps)
    with transaction(engine) as connection:
        connection.execute(text("insert into people (id) values (1)"))
        connection.execute(text("insert into notes (id, person) values (1, 1)"))
    add(steps, "0002", ORPHANS)

    with pytest.raises(BrokenReferencesError) as caught:
        upgrade(engine, steps)

    assert dict(caught.value.params) == {"table": "notes"}
    with reading(engine) as connection:
        assert connection.scalar(text("select count(*) from people")) == 1
    engine.dispose()


def test_a_database_of_a_later_release_is_not_at_the_head_of_this_one(engine: Engine, steps: Path) -> None:
    add(steps, "0002", REBUILD)
    upgrade(engine, steps)
    (steps / "versions" / "0002.py").unlink()

    assert not at_head(engine, steps)


def test_processes_that_start_together_upgrade_one_after_the_other(database_url: str, steps: Path) -> None:
    engines = [make_engine(database_url) for _ in range(3)]

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda engine: upgrade(engine, steps), engines))

    assert all(at_head(engine, steps) for engine in engines)
    for engine in engines:
        engine.dispose()
