"""Storing a changed row only if nobody changed it since it was read."""

from collections.abc import Mapping

from sqlalchemy import Connection, Table, update

from node.domain.errors import ChangedMeanwhileError


def replace_row(
    connection: Connection, table: Table, row_id: str, read_version: int, values: Mapping[str, object]
) -> None:
    """Store `values` and the next version. Raises: ChangedMeanwhileError."""
    statement = (
        update(table)
        .where(table.c.id == row_id, table.c.version == read_version)
        .values({**values, "version": read_version + 1})
    )
    if connection.execute(statement).rowcount != 1:
        raise ChangedMeanwhileError(table=table.name, row=row_id)
