"""The table that workers claim from in these tests."""

from datetime import UTC, datetime

from sqlalchemy import Column, Integer, String, Table

from federation.ground.columns import UtcDateTime
from federation.ground.engine import metadata

DUE = datetime(2027, 3, 1, 12, tzinfo=UTC)
SCHEMA = metadata()
ROWS = Table(
    "rows",
    SCHEMA,
    Column("id", Integer, primary_key=True),
    Column("word", String),
    Column("due_at", UtcDateTime, index=True),
    Column("claimed_until", UtcDateTime),
)
PAIRS = Table(
    "pairs",
    SCHEMA,
    Column("left", Integer, primary_key=True),
    Column("right", String, primary_key=True),
    Column("due_at", UtcDateTime),
    Column("claimed_until", UtcDateTime),
)
