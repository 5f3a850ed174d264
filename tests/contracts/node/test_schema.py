"""The steps of the database lead to the very tables the program uses, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine

from node.adapters.sql.tables import METADATA


def test_the_newest_revision_is_what_the_tables_say(node_engine: Engine) -> None:
    with node_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
