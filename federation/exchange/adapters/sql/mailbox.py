"""Mailboxes in SQL. The row of a mailbox is the lock under which its cursors are given out.

A cursor is therefore never visible before a lower one, and counts of what waits stay right.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, select, text, update
from sqlalchemy.exc import IntegrityError

from federation.exchange.adapters.sql.rows import Rows
from federation.exchange.adapters.sql.tables import ITEMS, MAILBOXES
from federation.exchange.domain.errors import MailboxFullError, TakenError
from federation.exchange.domain.mailbox import PAGE_BYTES, Held, Item, ItemKind, NewItem, Page
from federation.exchange.domain.quota import MAILBOX_RETRY, MailboxLimits
from federation.ground.columns import UtcDateTime
from protocol.ids import Digest, NodeId

_ADVANCE = Rows(
    "INSERT INTO mailboxes (node, last_cursor, items, bytes) VALUES",
    ("node", "steps", "steps", "size"),
    """
    ON CONFLICT (node) DO UPDATE SET
        last_cursor = mailboxes.last_cursor + excluded.last_cursor,
        items = mailboxes.items + excluded.items,
        bytes = mailboxes.bytes + excluded.bytes
    RETURNING node, last_cursor, items, bytes
    """,
)
_NEW = """
    INSERT INTO items (node, cursor, id, kind, sender, digest, size, accepted_at, expires_at, body)
    VALUES (:node, :cursor, :id, :kind, :sender, :digest, :size, :accepted_at, :expires_at, :body)
    """
_MOMENTS = (bindparam("accepted_at", type_=UtcDateTime), bindparam("expires_at", type_=UtcDateTime))
_STORE = text(_NEW + "ON CONFLICT (node, id) DO NOTHING").bindparams(*_MOMENTS)
_STORE_ALL = text(_NEW).bindparams(*_MOMENTS)
_TAKE_BACK = text(
    "UPDATE mailboxes SET last_cursor = last_cursor - :steps, items = items - :items, bytes = bytes - :size"
    " WHERE node = :node"
)
_HELD = (
    ITEMS.c.cursor,
    ITEMS.c.id,
    ITEMS.c.kind,
    ITEMS.c.sender,
    ITEMS.c.digest,
    ITEMS.c.size,
    ITEMS.c.accepted_at,
    ITEMS.c.expires_at,
    ITEMS.c.acknowledged_at,
)
_FOUND = select(*_HELD).where(ITEMS.c.node == bindparam("node"), ITEMS.c.id.in_(bindparam("ids", expanding=True)))
_LOCK = select(MAILBOXES.c.node).where(MAILBOXES.c.node == bindparam("node")).with_for_update()
_MARK = (
    update(ITEMS)
    .where(ITEMS.c.node == bindparam("owner"), ITEMS.c.cursor.in_(bindparam("cursors", expanding=True)))
    .where(ITEMS.c.acknowledged_at.is_(None))
    .values(acknowledged_at=bindparam("now", type_=UtcDateTime))
    .returning(ITEMS.c.size)
)
_PAGE = select(ITEMS.c.cursor, ITEMS.c.id, ITEMS.c.kind, ITEMS.c.sender, ITEMS.c.body).where(
    ITEMS.c.node == bindparam("node")
)
_ALL_AFTER = _PAGE.where(ITEMS.c.cursor > bindparam("after")).order_by(ITEMS.c.cursor)
_WAITING = _PAGE.where(ITEMS.c.acknowledged_at.is_(None)).order_by(ITEMS.c.cursor)


class SqlMailboxes:
    """Items by recipient and cursor."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, item: NewItem, limits: MailboxLimits | None) -> Held | None:
        """Store `item` unless its id is taken; what is held under the id then. Raises: MailboxFullError."""
        size = len(item.body)
        (advanced,) = self._advance({item.to: [item]})
        if self._connection.execute(_STORE, _values(item, advanced.last_cursor)).rowcount == 0:
            self._take_back(item.to, steps=1, items=1, size=size)
            return self.held(item.to, [item.id])[0]
        _check(item.to, advanced, limits)
        return None

    def put_all(self, items: Sequence[NewItem], limits: MailboxLimits | None) -> Mapping[NodeId, Sequence[Item]]:
        """Store items that are all new, and return them by owner. Raises: TakenError, MailboxFullError."""
        if not items:
            return {}
        by_recipient = defaultdict[NodeId, list[NewItem]](list)
        for item in items:
            by_recipient[item.to].append(item)
        advanced = self._advance(by_recipient)
        placed = {
            row.node: list(enumerate(by_recipient[row.node], row.last_cursor - len(by_recipient[row.node]) + 1))
            for row in advanced
        }
        try:
            stored = [_values(item, cursor) for theirs in placed.values() for cursor, item in theirs]
            self._connection.execute(_STORE_ALL, stored)
        except IntegrityError as error:
            raise TakenError from error
        for row in advanced:
            _check(row.node, row, limits)
        return {
            node: [
                Item(cursor=cursor, id=item.id, kind=item.kind, sender=item.sender, body=item.body)
                for cursor, item in theirs
            ]
            for node, theirs in placed.items()
        }

    def held(self, node: NodeId, ids: Sequence[str]) -> Sequence[Held]:
        """What is held for `node` under any of `ids`."""
        return [_held(row) for row in self._connection.execute(_FOUND, {"node": node, "ids": ids})]

    def acknowledge(self, node: NodeId, items: Sequence[Held], now: datetime) -> None:
        """Mark items as fetched for good; the mailbox is locked first, so two rounds never count one twice."""
        self._connection.execute(_LOCK, {"node": node})
        marked = {"owner": node, "cursors": [item.cursor for item in items], "now": now}
        sizes = self._connection.scalars(_MARK, marked).all()
        if sizes:
            self._take_back(node, steps=0, items=len(sizes), size=sum(sizes))

    def page(self, node: NodeId, *, after: int | None, limit: int) -> Page:
        """The next items: beyond `after` all of them, without it those not acknowledged."""
        query, values = (_WAITING, {"node": node}) if after is None else (_ALL_AFTER, {"node": node, "after": after})
        found: list[Item] = []
        size = 0
        with self._connection.execute(query.limit(limit + 1), values) as rows:
            for row in rows:
                size += len(row.body)
                if len(found) == limit or (found and size > PAGE_BYTES):
                    return Page(tuple(found), more=True)
                found.append(_item(row))
        return Page(tuple(found), more=False)

    def expire(self, now: datetime, *, limit: int) -> int:
        """Remove up to `limit` items past their end; how many were removed."""
        node = self._connection.scalar(select(ITEMS.c.node).where(ITEMS.c.expires_at <= now).limit(1))
        if node is None:
            return 0
        return self._expire(NodeId(node), now, limit)

    def _expire(self, node: NodeId, now: datetime, limit: int) -> int:
        self._connection.execute(_LOCK, {"node": node})
        past = (
            select(ITEMS.c.cursor).where(ITEMS.c.node == node, ITEMS.c.expires_at <= now).limit(limit).scalar_subquery()
        )
        removal = (
            delete(ITEMS)
            .where(and_(ITEMS.c.node == node, ITEMS.c.cursor.in_(past)))
            .returning(ITEMS.c.size, ITEMS.c.acknowledged_at)
        )
        removed = self._connection.execute(removal).all()
        sizes = [row.size for row in removed if row.acknowledged_at is None]
        if sizes:
            self._take_back(node, steps=0, items=len(sizes), size=sum(sizes))
        return len(removed)

    def _advance(self, items: Mapping[NodeId, Sequence[NewItem]]) -> Sequence[Row[*tuple[Any, ...]]]:
        """Give out cursors in these mailboxes; everybody locks them in the same order."""
        rows = [
            {"node": node, "steps": len(items[node]), "size": sum(len(item.body) for item in items[node])}
            for node in sorted(items)
        ]
        return _ADVANCE.execute(self._connection, rows)

    def _take_back(self, node: NodeId, *, steps: int, items: int, size: int) -> None:
        self._connection.execute(_TAKE_BACK, {"node": node, "steps": steps, "items": items, "size": size})


def _values(item: NewItem, cursor: int) -> dict[str, object]:
    return {
        "node": item.to,
        "cursor": cursor,
        "id": item.id,
        "kind": item.kind.value,
        "sender": item.sender,
        "digest": item.digest,
        "size": len(item.body),
        "accepted_at": item.accepted_at,
        "expires_at": item.expires_at,
        "body": item.body,
    }


def _check(to: NodeId, advanced: Row[*tuple[Any, ...]], limits: MailboxLimits | None) -> None:
    if limits is not None and (advanced.items > limits.items or advanced.bytes > limits.bytes):
        raise MailboxFullError(to=to, retry_after=MAILBOX_RETRY)


def _held(row: Row[*tuple[Any, ...]]) -> Held:
    return Held(
        cursor=row.cursor,
        id=row.id,
        kind=ItemKind(row.kind),
        sender=NodeId(row.sender),
        digest=Digest(row.digest),
        size=row.size,
        accepted_at=row.accepted_at,
        expires_at=row.expires_at,
        is_acknowledged=row.acknowledged_at is not None,
    )


def _item(row: Row[*tuple[Any, ...]]) -> Item:
    return Item(cursor=row.cursor, id=row.id, kind=ItemKind(row.kind), sender=NodeId(row.sender), body=row.body)
