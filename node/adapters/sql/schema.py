"""Whether the database has the newest schema, and bringing it there."""

from pathlib import Path

from sqlalchemy import Engine, inspect, text

from federation.ground.engine import reading, transaction
from node.adapters.sql import migrations
from node.domain.errors import BackupTooNewError, DatabaseBehindError

MIGRATIONS = Path(migrations.__file__).parent
HEAD = max(step.name[:4] for step in (MIGRATIONS / "versions").glob("[0-9]*.py"))
"""The newest revision: steps are named after theirs, so a command need not load Alembic to know."""


def revision(engine: Engine) -> str:
    """The revision of a database; blank where it is empty."""
    with reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.execute(text("select version_num from alembic_version")).scalar_one())


def bring_to_head(engine: Engine) -> None:
    """Run every step the database lacks."""
    from federation.ground.migrations import upgrade  # noqa: PLC0415 - half a second that most commands need not wait

    upgrade(engine, MIGRATIONS)


def bring_to(engine: Engine, wanted: str) -> None:
    """Bring an empty database to the revision of a backup. Raises: BackupTooNewError."""
    from alembic import command  # noqa: PLC0415 - as in bring_to_head
    from alembic.config import Config  # noqa: PLC0415 - as in bring_to_head

    if wanted > HEAD:
        raise BackupTooNewError
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with transaction(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, wanted)


def require_head(engine: Engine) -> None:
    """Migrate a SQLite file; on PostgreSQL only an operator does, because replicas run beside this one.

    Raises: DatabaseBehindError.
    """
    if revision(engine) == HEAD:
        return
    if engine.dialect.name != "sqlite":
        raise DatabaseBehindError
    bring_to_head(engine)
