"""Every row that points at a person, found by the schema itself, so that no table added later is forgotten."""

from collections.abc import Iterator

from sqlalchemy import Column, Connection, LargeBinary, Table, select

from node.adapters.sql.tables import METADATA, people, search_tokens
from node.domain.person import PersonId
from node.services.ports.records import Record

LEFT_OUT = {
    search_tokens: "keyed hashes of the beginnings of her name, her e-mail and phone, which are shown themselves"
}
"""Tables about people that are not shown row by row, and why."""
_SOMEBODY = "*"


class SqlRecords:
    """Reads across all tables."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    def of(self, person: PersonId) -> tuple[Record, ...]:
        """Her rows, by table; other people in them are not told."""
        return tuple(record for table in (people, *pointing()) for record in self._rows(table, person))

    def _rows(self, table: Table, person: PersonId) -> Iterator[Record]:
        hers = [table.c.id] if table is people else links(table)
        shown = [column for column in table.c if not isinstance(column.type, LargeBinary)]
        for link in hers:
            statement = select(*shown).where(link == person).order_by(*table.primary_key)
            for row in self._connection.execute(statement):
                told = zip(shown, row, strict=True)
                values = {c.name: _text(c, cell, person) for c, cell in told if cell is not None}
                yield Record(table.name, values)


def links(table: Table) -> list[Column[object]]:
    """The columns of a table that point at people."""
    return [column for column in table.c if any(key.column is people.c.id for key in column.foreign_keys)]


def pointing() -> tuple[Table, ...]:
    """The tables that point at people and are shown, by name."""
    found = (table for table in METADATA.tables.values() if links(table) and table not in LEFT_OUT)
    return tuple(sorted(found, key=lambda table: table.name))


def _text(column: Column[object], cell: object, person: PersonId) -> str:
    is_somebody_else = bool(column.foreign_keys) and column in links(column.table) and cell != person
    return _SOMEBODY if is_somebody_else else str(cell)
