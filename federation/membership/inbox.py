"""Every envelope that was taken in, and the receipt it got: a second copy yields the same receipt and no effect."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Executable, Select, bindparam, delete, select

from federation.ground.engine import insert_unless_there
from protocol.documents import from_moment, to_moment
from protocol.ids import UUID_ENTROPY, Digest, MessageId, NodeId, uuid7
from protocol.receipts import Receipt, ReceiptOutcome, sign_receipt

if TYPE_CHECKING:
    from federation.membership.identity import Identity
    from federation.membership.tables import MemberTables
    from protocol.envelope import Envelope
    from protocol.seen import Seen

KEPT_AFTER_EXPIRY = timedelta(days=2)


class InboxState(StrEnum):
    """What became of an envelope here."""

    STORED = "stored"
    REFUSED = "refused"
    KEPT = "kept"
    QUARANTINED = "quarantined"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What to tell the exchange about an item, and what its author has seen of the federation."""

    state: InboxState
    receipt: bytes | None = None
    discard: bool = False
    again: bool = False
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class KnownEnvelope:
    """What is remembered of an envelope."""

    state: InboxState
    digest: Digest
    receipt: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """The envelopes of one member."""

    tables: MemberTables
    identity: Identity

    def find(self, connection: Connection, sender: NodeId, message: MessageId) -> KnownEnvelope | None:
        """What is remembered of `message`, or None."""
        row = connection.execute(_known(self.tables), {"author": sender, "name": message}).one_or_none()
        return None if row is None else KnownEnvelope(InboxState(row.state), Digest(row.digest), row.receipt)

    def keep(self, connection: Connection, envelope: Envelope, state: InboxState, now: datetime) -> None:
        """Remember an envelope that gets no receipt yet, with its sealed bytes."""
        self._write(connection, envelope, state, now, body=envelope.raw, receipt=None)

    def receipt(
        self, connection: Connection, envelope: Envelope, outcome: ReceiptOutcome, error: str | None, now: datetime
    ) -> bytes:
        """Sign and store the receipt of an envelope."""
        header = envelope.header
        receipt = Receipt(
            iss=self.identity.node,
            to=header.sender,
            jti=uuid7(now, os.urandom(UUID_ENTROPY)),
            message=header.id,
            envelope=envelope.digest,
            outcome=outcome,
            error=error,
            iat=to_moment(now),
            keys=self.identity.statement(connection, now).ref,
        )
        token = sign_receipt(receipt, self.identity.signing_key(connection, now))
        state = InboxState.STORED if outcome is ReceiptOutcome.STORED else InboxState.REFUSED
        self._write(connection, envelope, state, now, body=None, receipt=token)
        return token

    def purge(self, connection: Connection, now: datetime) -> None:
        """Forget what can no longer be delivered a second time."""
        table = self.tables.inbox
        connection.execute(delete(table).where(table.c.expires_at <= now - KEPT_AFTER_EXPIRY))

    def _write(
        self,
        connection: Connection,
        envelope: Envelope,
        state: InboxState,
        now: datetime,
        *,
        body: bytes | None,
        receipt: bytes | None,
    ) -> None:
        header = envelope.header
        values: dict[str, object] = {
            "digest": envelope.digest,
            "state": state.value,
            "envelope": body,
            "receipt": receipt,
        }
        values |= {"sender": header.sender, "message": header.id, "received_at": now}
        values |= {"expires_at": from_moment(header.expires_at)}
        connection.execute(_keeping(self.tables, connection.dialect.name), values)


@lru_cache(maxsize=8)  # built once: what is run with every letter need not be put together with every letter
def _known(tables: MemberTables) -> Select[Any]:
    table = tables.inbox
    here = (table.c.sender == bindparam("author"), table.c.message == bindparam("name"))
    return select(table.c.state, table.c.digest, table.c.receipt).where(*here)


@lru_cache(maxsize=8)
def _keeping(tables: MemberTables, dialect: str) -> Executable:
    table = tables.inbox
    put = insert_unless_there(table, dialect)
    changed = {name: put.excluded[name] for name in ("digest", "state", "envelope", "receipt")}
    keeping: Executable = put.on_conflict_do_update(index_elements=[table.c.sender, table.c.message], set_=changed)
    return keeping
