"""The link to the exchange: where it is, how far joining came, whether it is paused, when it was last read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, delete, insert, select, update

from federation.membership.refusals import NotJoinedError
from protocol.ids import Digest, JoinId

if TYPE_CHECKING:
    from datetime import datetime

    from federation.membership.tables import MemberTables

_ONLY = 1


class JoinState(StrEnum):
    """How far joining came."""

    WAITING = "waiting"
    ANSWERED = "answered"
    ADMITTED = "admitted"
    REFUSED = "refused"


class PausedBy(StrEnum):
    """Who paused sending."""

    PERSON = "person"
    EXCHANGE = "exchange"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """This member came back from a copy made at `to`; `reread_at`: since then the exchange was read from its start."""

    to: datetime
    at: datetime
    reread_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The one link of a member."""

    exchange: str
    join: JoinId
    state: JoinState
    request: bytes
    root_digest: Digest
    paused_by: PausedBy | None
    synced_at: datetime | None
    restored: Restored | None = None
    noted_at: datetime | None = None

    @property
    def roster_url(self) -> str:
        """Where the roster's files are."""
        return self.exchange.rstrip("/") + "/roster/"


@dataclass(frozen=True, slots=True)
class Links:
    """Stores the link."""

    tables: MemberTables

    def find(self, connection: Connection, *, lock: bool = False) -> Link | None:
        """The link, or None before joining; `lock`: until the transaction ends no other round receives."""
        row = connection.execute(_link(self.tables, lock=lock)).one_or_none()
        if row is None:
            return None
        return Link(
            exchange=row.exchange,
            join=JoinId(row.join_id),
            state=JoinState(row.join_state),
            request=row.join_request,
            root_digest=Digest(row.root_digest),
            paused_by=None if row.paused_by is None else PausedBy(row.paused_by),
            synced_at=row.synced_at,
            restored=None
            if row.restored_to is None
            else Restored(to=row.restored_to, at=row.restored_at, reread_at=row.reread_at),
            noted_at=row.noted_at,
        )

    def get(self, connection: Connection) -> Link:
        """The link. Raises: NotJoinedError."""
        found = self.find(connection)
        if found is None:
            raise NotJoinedError
        return found

    def begin(self, connection: Connection, link: Link) -> None:
        """Replace the link by a new one."""
        table = self.tables.link
        connection.execute(delete(table))
        connection.execute(
            insert(table).values(
                id=_ONLY,
                exchange=link.exchange,
                join_id=link.join,
                join_state=link.state.value,
                join_request=link.request,
                root_digest=link.root_digest,
            )
        )

    def joined(self, connection: Connection, state: JoinState) -> None:
        """Write how far joining came."""
        connection.execute(update(self.tables.link).values(join_state=state.value))

    def pause(self, connection: Connection, by: PausedBy, now: datetime) -> None:
        """Stop sending."""
        connection.execute(update(self.tables.link).values(paused_by=by.value, paused_at=now))

    def resume(self, connection: Connection) -> None:
        """Send again."""
        connection.execute(update(self.tables.link).values(paused_by=None, paused_at=None))

    def restore(self, connection: Connection, to: datetime, now: datetime) -> None:
        """This member lost what came after `to`: it sends nothing of its own until it has caught up."""
        values = {"restored_to": to, "restored_at": now, "reread_at": None}
        connection.execute(update(self.tables.link).values(**values))

    def reread(self, connection: Connection, now: datetime) -> None:
        """Everything the exchange still held was read again."""
        connection.execute(update(self.tables.link).values(reread_at=now))

    def caught_up(self, connection: Connection) -> None:
        """What could be found again was found."""
        connection.execute(update(self.tables.link).values(restored_to=None, restored_at=None, reread_at=None))

    def synced(self, connection: Connection, now: datetime) -> None:
        """The mailbox was read to its end."""
        connection.execute(update(self.tables.link).values(synced_at=now))

    def noted(self, connection: Connection, now: datetime) -> None:
        """The day's note to ourselves lies in our mailbox."""
        connection.execute(update(self.tables.link).values(noted_at=now))


@lru_cache(maxsize=8)  # built once: what is asked with every letter need not be put together with every letter
def _link(tables: MemberTables, *, lock: bool) -> Select[Any]:
    query = select(tables.link)
    return query.with_for_update() if lock else query
