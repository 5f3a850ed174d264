"""Accounts elsewhere in SQL: kept as digests, so that nobody learns from here which they are."""

from datetime import datetime

from sqlalchemy import Connection, Row, delete, insert, select

from node.adapters.sql.tables import SIGNIN
from node.domain.actor import UserId
from node.domain.provider import AccountDigest, Link

links = SIGNIN.account_links


class SqlLinks:
    """The table of accounts."""

    def __init__(self, connection: Connection) -> None:
        """Works inside one transaction."""
        self._connection = connection

    def get(self, account: AccountDigest) -> Link | None:
        """One account."""
        row = self._connection.execute(select(links).where(links.c.account == account)).one_or_none()
        return None if row is None else _link(row)

    def of(self, user: UserId) -> tuple[Link, ...]:
        """The accounts of a user, the first one first."""
        found = select(links).where(links.c.user == user).order_by(links.c.added_at, links.c.account)
        return tuple(_link(row) for row in self._connection.execute(found))

    def keep(self, link: Link) -> None:
        """Keep an account in place of what was known of it."""
        self._connection.execute(delete(links).where(links.c.account == link.account))
        values = {"account": link.account, "user": link.user}
        self._connection.execute(
            insert(links).values({**values, "added_at": link.added_at, "allowed_at": link.allowed_at})
        )

    def remove(self, user: UserId) -> None:
        """Forget the accounts of a user."""
        self._connection.execute(delete(links).where(links.c.user == user))

    def tidy(self, before: datetime) -> None:
        """Forget accounts that were added before a moment and never allowed."""
        self._connection.execute(delete(links).where(links.c.added_at < before, links.c.allowed_at.is_(None)))


def _link(row: Row[tuple[object, ...]]) -> Link:
    return Link(
        account=AccountDigest(row.account), user=UserId(row.user), added_at=row.added_at, allowed_at=row.allowed_at
    )
