"""Every row of a database as lines of JSON, and back: the same for SQLite and PostgreSQL, and from one to the other.

Tables are read as the database has them, not as this release describes them, so that a backup can be made before an
upgrade and an old one be restored and then upgraded.
"""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

from sqlalchemy import Connection, MetaData, Table, func, insert, select, text

from node.domain.errors import UnreadableBackupError

_VERSION_TABLE = "alembic_version"
_BATCH = 500

Value = None | bool | int | float | str | bytes | date | datetime
Json = None | bool | int | float | str | dict[str, str]


def dump_rows(connection: Connection) -> Iterator[str]:
    """One line a table with its columns, then one line a row."""
    for table in _tables(connection):
        yield json.dumps({"table": table.name, "columns": [column.name for column in table.columns]})
        for row in connection.execute(select(table)):
            yield json.dumps([_encode(value) for value in row])


def load_rows(connection: Connection, lines: Iterator[str]) -> None:
    """Fill an empty database of the same revision. Raises: UnreadableBackupError."""
    tables = {table.name: table for table in _tables(connection)}
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    table: Table | None = None
    columns: list[str] = []
    batch: list[dict[str, Value]] = []
    for line in lines:
        parsed = json.loads(line)
        if isinstance(parsed, dict):
            _insert(connection, table, batch)
            table, columns, batch = tables.get(parsed["table"]), parsed["columns"], []
            if table is None:
                raise UnreadableBackupError
            continue
        batch.append(dict(zip(columns, (_decode(value, connection) for value in parsed), strict=True)))
        if len(batch) == _BATCH:
            _insert(connection, table, batch)
            batch = []
    _insert(connection, table, batch)
    for filled in tables.values():
        _continue_numbering(connection, filled)


def _tables(connection: Connection) -> list[Table]:
    schema = MetaData()
    schema.reflect(connection)
    return [table for table in schema.sorted_tables if table.name != _VERSION_TABLE]


def _insert(connection: Connection, table: Table | None, batch: list[dict[str, Value]]) -> None:
    if table is not None and batch:
        connection.execute(insert(table), batch)


def _continue_numbering(connection: Connection, table: Table) -> None:
    """PostgreSQL goes on counting where the copied numbers end; SQLite does so by itself."""
    column = table.autoincrement_column
    if connection.dialect.name == "postgresql" and column is not None and column.server_default is not None:
        highest = connection.execute(select(func.max(column))).scalar_one()
        if highest is not None:
            sequence = text("select setval(pg_get_serial_sequence(:table, :column), :highest)")
            connection.execute(sequence, {"table": table.name, "column": column.name, "highest": highest})


def _encode(value: Value) -> Json:
    if isinstance(value, bytes | memoryview):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"moment": (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value


def _decode(value: Json, connection: Connection) -> Value:
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    if kind == "bytes":
        return base64.b64decode(content)
    if kind == "day":
        return date.fromisoformat(content)
    moment = datetime.fromisoformat(content).astimezone(UTC)
    return moment.replace(tzinfo=None) if connection.dialect.name == "sqlite" else moment
