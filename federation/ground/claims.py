"""Claiming rows that are due, so that many workers on one database do each of them once.

A table that takes part has a primary key, `due_at` and a nullable `claimed_until`; a row that needs
nothing more carries no `due_at`. Which rows are due and what is done about them belongs to the caller.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, bindparam, or_, select, tuple_, update
from sqlalchemy.sql.dml import ReturningUpdate

from federation.ground.columns import UtcDateTime


def claim_due(
    connection: Connection,
    table: Table,
    *,
    now: datetime,
    lease: timedelta,
    limit: int,
    only: ColumnElement[bool] | None = None,
) -> list[Row[Any]]:
    """Claim up to `limit` rows that are due at `now` and free, oldest first, until `now + lease`; `only` narrows them.

    Runs inside the caller's writing transaction. PostgreSQL passes over rows another worker is
    claiming; on SQLite the transaction already holds the only write lock. A worker that dies
    loses its claim when the lease ends.
    """
    keys = tuple(table.primary_key.columns)
    found = [tuple(row) for row in connection.execute(_due(table, only), {"at": now, "most": limit})]
    if not found:
        return []
    claimed = connection.execute(_claim(table), {"found": found, "until": now + lease})
    rows = {_key(row, keys): row for row in claimed}
    return [rows[key] for key in found]


@lru_cache(maxsize=64)  # built once for each table: programs ask for what is due many times a minute
def _due(table: Table, only: ColumnElement[bool] | None) -> Select[Any]:
    keys, at = tuple(table.primary_key.columns), bindparam("at", type_=UtcDateTime)
    free = or_(table.c.claimed_until.is_(None), table.c.claimed_until <= at)
    due = select(*keys).where(table.c.due_at <= at, free, *(() if only is None else (only,)))
    return due.order_by(table.c.due_at, *keys).limit(bindparam("most")).with_for_update(skip_locked=True)


@lru_cache(maxsize=64)
def _claim(table: Table) -> ReturningUpdate[Any]:
    keys = tuple(table.primary_key.columns)
    found = tuple_(*keys).in_(bindparam("found", expanding=True))
    return update(table).where(found).values(claimed_until=bindparam("until", type_=UtcDateTime)).returning(table)


def still_claimed(table: Table, row: Row[Any]) -> ColumnElement[bool]:
    """Match this row while this very claim stands, so that a worker that was late changes nothing.

    Two claims of one row never end at the same moment, so the end of the lease names the claim.
    """
    keys = tuple(table.primary_key.columns)
    same = [key == value for key, value in zip(keys, _key(row, keys), strict=True)]
    return and_(*same, table.c.claimed_until == row.claimed_until)


def _key(row: Row[Any], keys: Sequence[ColumnElement[Any]]) -> tuple[Any, ...]:
    return tuple(getattr(row, str(key.key)) for key in keys)
