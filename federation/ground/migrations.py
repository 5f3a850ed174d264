"""Bringing a database to the newest schema with Alembic; the steps themselves belong to whoever owns the tables.

A program's `env.py` is one line: `run_env(metadata)`. All steps of one upgrade commit together or not at all.
"""

from pathlib import Path

from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, text

from federation.ground.engine import reading
from federation.ground.refusal import Refusal

_CONNECTION = "connection"
# "mentorwv" in ASCII: two replicas that start together upgrade one after the other.
_UPGRADE_LOCK = 0x6D656E746F727776


class BrokenReferencesError(Refusal):
    """An upgrade would have left rows that refer to nothing; it was rolled back."""

    code = "upgrade-breaks-references"
    title = "The upgrade would leave rows that refer to nothing, so it was undone."
    remedy = "Restore the backup made before the upgrade and report the table named here."


def upgrade(engine: Engine, script_location: Path) -> None:
    """Run every step this database lacks, in one transaction; safe to call from several processes at once.

    Raises: BrokenReferencesError.
    """
    if engine.dialect.name == "sqlite":
        _upgrade_sqlite(engine, script_location)
        return
    with engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})
        _run(connection, script_location)


def at_head(engine: Engine, script_location: Path) -> bool:
    """Whether the database has every step of this release, and none of a later one."""
    heads = set(ScriptDirectory.from_config(_config(script_location)).get_heads())
    with reading(engine) as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == heads


def run_env(metadata: MetaData) -> None:
    """Run the steps on the connection `upgrade` opened; the whole of a program's `env.py`."""
    connection = context.config.attributes[_CONNECTION]
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


def _upgrade_sqlite(engine: Engine, script_location: Path) -> None:
    # SQLite changes a table by building it anew; with references enforced, dropping the old one would
    # delete the rows that point at it. The switch works outside a transaction only.
    with engine.connect() as connection:
        driver = connection.connection.cursor()
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                _run(connection, script_location)
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if broken is not None:
                    raise BrokenReferencesError(table=str(broken[0]))
        finally:
            driver.execute("PRAGMA foreign_keys=ON")
            driver.close()


def _run(connection: Connection, script_location: Path) -> None:
    config = _config(script_location)
    config.attributes[_CONNECTION] = connection
    command.upgrade(config, "head")


def _config(script_location: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(script_location).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
