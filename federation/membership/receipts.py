"""Receipts that come home: only they say "delivered", and a refusal makes our letter void at both ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, select, update

from federation.membership.alerts import AlertCode, Alerts
from federation.membership.letters import LetterState
from federation.membership.links import Links
from federation.membership.peers import PeerKeys, RosterNeededError
from federation.membership.threads import Threads
from protocol.bodies import Kind
from protocol.errors import ProtocolError
from protocol.ids import NodeId, ThreadId
from protocol.receipts import ReceiptError, ReceiptOutcome, VerifiedReceipt, read_receipt, verify_receipt
from protocol.thread.chains import EquivocationError, ForkedViewError

if TYPE_CHECKING:
    from datetime import datetime

    from federation.membership.identity import Identity
    from federation.membership.roster import Roster
    from federation.membership.tables import MemberTables


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipts:
    """Takes in receipts for one member's letters; `sure`: no newer roster can be had."""

    tables: MemberTables
    identity: Identity
    peers: PeerKeys
    sure: bool

    def take(self, connection: Connection, token: bytes, roster: Roster, now: datetime) -> bool:
        """Take in one receipt; False when it does not hold, and then it changed nothing.

        Raises: StatementNeededError, RosterNeededError: when its signer's keys have to be fetched first.
        """
        try:
            claimed = read_receipt(token)
            receiver = NodeId(claimed.iss)
            keys = self.peers.keys(connection, roster, receiver, claimed.keys, now)
            receipt = verify_receipt(token, keys=keys, receiver=receiver, sender=self.identity.node, now=now)
            return self._apply(connection, receipt, now)
        except ProtocolError as error:
            if not self.sure:
                raise RosterNeededError from error
            self._alerts.sound(connection, AlertCode.RECEIPT_INVALID, error.code, now, evidence=token)
            return False

    @property
    def _alerts(self) -> Alerts:
        return Alerts(tables=self.tables, seal=self.identity.seal)

    def _apply(self, connection: Connection, receipt: VerifiedReceipt, now: datetime) -> bool:
        table = self.tables.outbox
        wanted = (table.c.peer, table.c.digest, table.c.receipt, table.c.thread, table.c.kind, table.c.carries_n)
        row = connection.execute(select(*wanted).where(table.c.message == receipt.message)).one_or_none()
        if row is None:
            self._never_sent(connection, receipt, now)
            return True
        if row.peer != receipt.receiver or row.digest != receipt.envelope:
            raise ReceiptError(message=receipt.message)
        if row.receipt is not None:
            return True
        stored = receipt.outcome is ReceiptOutcome.STORED
        connection.execute(
            update(table).where(table.c.message == bindparam("wanted")),
            {
                "wanted": receipt.message,
                "state": (LetterState.DELIVERED if stored else LetterState.VOID).value,
                "receipt": receipt.token,
                "error": receipt.error,
                "due_at": None,
                "claimed_until": None,
                "envelope": None,
                "inner": None,
            },
        )
        self._mark(connection, ThreadId(row.thread), Kind(row.kind), row.carries_n, receipt, now)
        return True

    def _never_sent(self, connection: Connection, receipt: VerifiedReceipt, now: datetime) -> None:
        """A receipt that holds for a letter we know nothing of: written before a restore, or by a second copy of us."""
        link = Links(self.tables).find(connection)
        if link is None or link.restored is None:
            self._alerts.sound(connection, AlertCode.SECOND_SELF, receipt.receiver, now, evidence=receipt.token)

    def _mark(  # noqa: PLR0917 - one receipt and the letter it names
        self,
        connection: Connection,
        thread: ThreadId,
        kind: Kind,
        carries_n: int,
        receipt: VerifiedReceipt,
        now: datetime,
    ) -> None:
        threads = Threads(tables=self.tables, seal=self.identity.seal)
        if receipt.outcome is ReceiptOutcome.REFUSED:
            ours_twice = receipt.error in {EquivocationError.code, ForkedViewError.code}
            code = AlertCode.SECOND_SELF if ours_twice else AlertCode.LETTER_REFUSED_BY_PEER
            self._alerts.sound(connection, code, thread, now, evidence=receipt.token)
            threads.void(connection, thread, receipt.message, now)
        elif kind is Kind.THREAD_RESYNCED:
            side = threads.get(connection, thread).side
            threads.delivered(connection, thread, side, range(1, carries_n + 1), receipt.at)
        else:
            threads.came_home(connection, thread, receipt.message, receipt.at)
