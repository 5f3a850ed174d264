"""Bringing an exchange's database to this release's schema: SQLite by itself after a copy, PostgreSQL when told to."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError

from federation.ground.engine import reading
from federation.ground.migrations import at_head, upgrade
from federation.ground.refusal import Refusal

MIGRATIONS = Path(__file__).parent / "migrations"


class DatabaseBehindError(Refusal):
    """The database lacks steps of this release, or has steps of a later one."""

    code = "exchange-database-behind"
    title = "The database does not fit this release."
    remedy = "Make a backup, then run `mentorweave-fed db upgrade`."


def is_current(engine: Engine) -> bool:
    """Whether the database has exactly this release's schema."""
    return at_head(engine, MIGRATIONS)


class SchemaCheck:
    """Asks the database whether it can be used; the schema of a running service is looked at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._current = False

    def __call__(self) -> bool:
        """Whether the database answers and fits."""
        try:
            self._current = self._current or is_current(self._engine)
            with reading(self._engine) as connection:
                connection.execute(select(1))
        except DBAPIError:
            return False
        return self._current


def upgrade_database(engine: Engine) -> None:
    """Run every step the database lacks."""
    upgrade(engine, MIGRATIONS)


def prepare_database(engine: Engine) -> None:
    """Make the database fit before the service starts. Raises: DatabaseBehindError on PostgreSQL."""
    if is_current(engine):
        return
    if engine.dialect.name != "sqlite":
        raise DatabaseBehindError
    file = Path(str(engine.url.database))
    _copy(file, file.with_name(f"{file.name}.before-upgrade"))
    upgrade_database(engine)


def _copy(file: Path, to: Path) -> None:
    """A consistent copy while others may write; an empty database needs none."""
    with closing(sqlite3.connect(file)) as source:
        if not source.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return
        part = to.with_name(f"{to.name}.part")
        with closing(sqlite3.connect(part)) as target:
            source.backup(target)
    shutil.move(part, to)
