"""A poll of a mailbox beside many stored letters, against the same poll of a database without them."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from federation.exchange.adapters.sql.mailbox import SqlMailboxes
from federation.exchange.adapters.sql.schema import upgrade_database
from federation.exchange.adapters.sql.tables import ITEMS, MAILBOXES
from federation.ground.engine import make_engine, reading, sqlite_url, transaction
from protocol.ids import NodeId, node_id, sha256_hex
from tests.bench.registry import Figure, Size, median
from tests.support.postgres import running_server

SLOWER = 1.2
FEW = 20
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
OWNER, OTHER = node_id(bytes(10)), node_id(bytes([1] * 10))


def run(folder: Path, size: Size) -> list[Figure]:
    """See the module."""
    many, polls = size.pick(100_000, 200), size.pick(400, 3)
    urls = [sqlite_url(folder / f"{name}.sqlite3") for name in ("few", "many")]
    found = [_compare("SQLite", urls[0], urls[1], many, polls)]
    with running_server(durable=True) as server, server.database() as few, server.database() as full:
        found.append(_compare("PostgreSQL", few, full, many, polls))
    return found


def _compare(database: str, few: str, full: str, many: int, polls: int) -> Figure:
    without, beside = _Mailbox(few), _Mailbox(full)
    for mailbox in (without, beside):
        mailbox.fill(OWNER, range(2 * many, 2 * many + FEW), is_acknowledged=False)
    beside.fill(OWNER, range(many // 2), is_acknowledged=True)
    beside.fill(OTHER, range(many // 2), is_acknowledged=False)
    for mailbox in (without, beside):
        mailbox.settle()
    pairs = [(without.poll(), beside.poll()) for _ in range(polls)]
    before, after = median([pair[0] for pair in pairs]), median([pair[1] for pair in pairs])
    for mailbox in (without, beside):
        mailbox.close()
    return Figure(
        what=f"poll of {FEW} letters beside {many} stored ones, {database} ({1000 * before:.1f} ms without them)",
        figure=f"{1000 * after:.1f} ms",
        ratio=after / before,
        target=f"≤ {SLOWER}",
        met=after / before <= SLOWER,
    )


class _Mailbox:
    """The mailboxes of one database, filled by the thousand."""

    def __init__(self, url: str) -> None:
        self._engine = make_engine(url)
        upgrade_database(self._engine)
        with transaction(self._engine) as connection:
            for node in (OWNER, OTHER):
                connection.execute(insert(MAILBOXES).values(node=node, last_cursor=0, items=0, bytes=0))

    def fill(self, node: NodeId, cursors: range, *, is_acknowledged: bool) -> None:
        """Store letters of a kilobyte."""
        body = bytes(1_024)
        rows = [
            {
                "node": node,
                "cursor": cursor + 1,
                "id": f"item-{cursor}",
                "kind": "envelope",
                "sender": OTHER,
                "digest": sha256_hex(body),
                "size": len(body),
                "accepted_at": NOW,
                "expires_at": NOW + timedelta(days=14),
                "acknowledged_at": NOW if is_acknowledged else None,
                "body": body,
            }
            for cursor in cursors
        ]
        with transaction(self._engine) as connection:
            connection.execute(insert(ITEMS), rows)

    def settle(self) -> None:
        """Count what is there, as both databases do by themselves after a while."""
        with transaction(self._engine) as connection:
            connection.exec_driver_sql("ANALYZE")

    def poll(self) -> float:
        """The time of one poll."""
        start = time.perf_counter()
        with reading(self._engine) as connection:
            page = SqlMailboxes(connection).page(OWNER, after=None, limit=100)
        seconds = time.perf_counter() - start
        assert len(page.items) == FEW
        return seconds

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()
