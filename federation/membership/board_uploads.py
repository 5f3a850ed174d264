"""What waits to be handed to the need board: cards, closings and offers, and the number of mentees who wait.

What was decided since the last batch leaves together on the last day before the next, under random ids and in their
order: neither moment nor order tells which decision is whose. An upload that may have arrived is handed over again
byte for byte, so that nothing is posted twice.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Row, delete, insert, select, update

from federation.ground.engine import transaction
from protocol.keys import SealingKey
from protocol.needs import BoardKind, seal_upload

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from federation.membership.identity import Identity
    from federation.membership.relay import BoardOverview, Relay
    from federation.membership.roster import Roster
    from federation.membership.tables import MemberTables

ATTESTATION = "attestation"
LAST_PART = 7
"""Uploads leave in the last seventh of the time between two batches: on the last day of a week."""
AT_LEAST = timedelta(hours=1)
_ID_BYTES = 24

Upload = Row[tuple[object, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploads:
    """The uploads of one member that wait."""

    tables: MemberTables
    identity: Identity

    def put(self, connection: Connection, kind: BoardKind, subject: str, content: bytes) -> None:
        """Hand `content` over with the next batch; `subject` is what it is about."""
        self._add(connection, kind.value, subject, content)

    def attest(self, connection: Connection, quarter: str, token: bytes) -> None:
        """Hand an attestation over with the next round, in place of an earlier one."""
        table = self.tables.upload
        connection.execute(delete(table).where(table.c.kind == ATTESTATION))
        self._add(connection, ATTESTATION, quarter, token)

    def take_back(self, connection: Connection, subject: str) -> bool:
        """Forget what is about `subject`; False where it may have left already."""
        table = self.tables.upload
        gone = delete(table).where(table.c.subject == subject, table.c.batch.is_(None))
        return connection.execute(gone).rowcount > 0

    def waiting(self, connection: Connection) -> list[Upload]:
        """Everything that waits, in the order of its random ids."""
        return list(connection.execute(select(self.tables.upload).order_by(self.tables.upload.c.id)).all())

    def content(self, upload: Upload) -> bytes:
        """What is to be handed over."""
        return self.identity.seal.unseal(upload.content, _place(upload.subject))

    def seal(self, connection: Connection, upload: Upload, batch: str, board: SealingKey) -> Upload:
        """The upload sealed for `batch` under an id of its own, kept before it leaves."""
        table, kind, name = self.tables.upload, BoardKind(upload.kind), _new_id()
        body = seal_upload(self.content(upload), kind=kind, batch=batch, upload=name, board=board)
        connection.execute(update(table).where(table.c.id == upload.id).values(id=name, batch=batch, body=body))
        return connection.execute(select(table).where(table.c.id == name)).one()

    def left(self, connection: Connection, upload: Upload) -> None:
        """It was handed over."""
        connection.execute(delete(self.tables.upload).where(self.tables.upload.c.id == upload.id))

    def _add(self, connection: Connection, kind: str, subject: str, content: bytes) -> None:
        sealed = self.identity.seal.seal(content, _place(subject))
        values = {"id": _new_id(), "kind": kind, "subject": subject, "content": sealed}
        connection.execute(insert(self.tables.upload).values(**values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploader:
    """Hands over what waits, when its time has come."""

    engine: Engine
    uploads: Uploads

    def run(self, relay: Relay, roster: Roster, now: datetime) -> None:
        """One round. Raises: RelayError."""
        with transaction(self.engine) as connection:
            waiting = self.uploads.waiting(connection)
        for upload in waiting:
            if upload.kind == ATTESTATION:  # before the cards, which stay within it
                relay.put_attestation(upload.subject, self.uploads.content(upload))
                self._left(upload)
        for kind in BoardKind:
            mine = [upload for upload in waiting if upload.kind == kind.value]
            if mine and _leaves(overview := relay.board(kind), roster, now):
                for upload in mine:
                    self._carry(relay, roster, kind, overview, upload)

    def _carry(self, relay: Relay, roster: Roster, kind: BoardKind, overview: BoardOverview, upload: Upload) -> None:
        if upload.batch != overview.open:
            board = SealingKey.from_jwk(roster.policy.board.seal)
            with transaction(self.engine) as connection:
                upload = self.uploads.seal(connection, upload, overview.open, board)
        relay.put_upload(kind, overview.open, upload.id, upload.body)
        self._left(upload)

    def _left(self, upload: Upload) -> None:
        with transaction(self.engine) as connection:
            self.uploads.left(connection, upload)


def _leaves(overview: BoardOverview, roster: Roster, now: datetime) -> bool:
    part = timedelta(seconds=roster.policy.board_interval) / LAST_PART
    return overview.closes_at - now <= max(part, AT_LEAST)


def _new_id() -> str:
    return secrets.token_urlsafe(_ID_BYTES)


def _place(subject: str) -> bytes:
    return f"member_upload/{subject}".encode()
