"""Receipts that come home: only they say "delivered", and a refusal makes our letter void at both ends."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, Select, Update, bindparam, select, update

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
    from collections.abc import Sequence
    from datetime import datetime

    from federation.membership.identity import Identity
    from federation.membership.roster import Roster
    from federation.membership.tables import MemberTables


class NotPlainError(Exception):
    """Among several receipts is one that has to be looked at by itself."""


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
            return self._apply(connection, self._verified(connection, token, roster, now), now)
        except ProtocolError as error:
            if not self.sure:
                raise RosterNeededError from error
            self._alerts.sound(connection, AlertCode.RECEIPT_INVALID, error.code, now, evidence=token)
            return False

    def take_all(self, connection: Connection, tokens: Sequence[bytes], roster: Roster, now: datetime) -> None:
        """Take in receipts as they mostly are: they hold, and say that a letter of ours was stored.

        Raises: NotPlainError where one is anything else, and what checking them raises; then this changed nothing
        that may be kept, and each of them is for `take`.
        """
        found = {each.message: each for each in (self._verified(connection, token, roster, now) for token in tokens)}
        rows = connection.execute(_sent(self.tables), {"messages": list(found)}).all()
        if len(rows) != len(found) or not all(_is_plain(row, found[row.message]) for row in rows):
            raise NotPlainError
        waiting = [(ThreadId(row.thread), found[row.message]) for row in rows if row.receipt is None]
        if waiting:
            connection.execute(_settling(self.tables), [_settled(receipt) for _, receipt in waiting])
            threads = Threads(tables=self.tables, seal=self.identity.seal)
            threads.came_home(connection, [(thread, receipt.message, receipt.at) for thread, receipt in waiting])

    def _verified(self, connection: Connection, token: bytes, roster: Roster, now: datetime) -> VerifiedReceipt:
        claimed = read_receipt(token)
        receiver = NodeId(claimed.iss)
        keys = self.peers.keys(connection, roster, receiver, claimed.keys, now)
        return verify_receipt(token, keys=keys, receiver=receiver, sender=self.identity.node, now=now)

    @property
    def _alerts(self) -> Alerts:
        return Alerts(tables=self.tables, seal=self.identity.seal)

    def _apply(self, connection: Connection, receipt: VerifiedReceipt, now: datetime) -> bool:
        row = connection.execute(_sent(self.tables), {"messages": [receipt.message]}).one_or_none()
        if row is None:
            self._never_sent(connection, receipt, now)
            return True
        if row.peer != receipt.receiver or row.digest != receipt.envelope:
            raise ReceiptError(message=receipt.message)
        if row.receipt is not None:
            return True
        connection.execute(_settling(self.tables), _settled(receipt))
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
            threads.came_home(connection, [(thread, receipt.message, receipt.at)])


@lru_cache(maxsize=8)  # built once: what is asked with every receipt need not be put together with every receipt
def _sent(tables: MemberTables) -> Select[Any]:
    c = tables.outbox.c
    wanted = (c.message, c.peer, c.digest, c.receipt, c.thread, c.kind, c.carries_n)
    return select(*wanted).where(c.message.in_(bindparam("messages", expanding=True)))


@lru_cache(maxsize=8)
def _settling(tables: MemberTables) -> Update:
    gone = {"due_at": None, "claimed_until": None, "envelope": None, "inner": None}
    return update(tables.outbox).where(tables.outbox.c.message == bindparam("wanted")).values(gone)


def _settled(receipt: VerifiedReceipt) -> dict[str, object]:
    state = LetterState.DELIVERED if receipt.outcome is ReceiptOutcome.STORED else LetterState.VOID
    return {
        "wanted": receipt.message,
        "state": state.value,
        "receipt": receipt.token,
        "error": receipt.error,
    }


def _is_plain(row: Row[Any], receipt: VerifiedReceipt) -> bool:
    fits = (row.peer, row.digest) == (receipt.receiver, receipt.envelope)
    return fits and receipt.outcome is ReceiptOutcome.STORED and Kind(row.kind) is not Kind.THREAD_RESYNCED
