"""Sending what is due: seal once and keep the bytes, hand over, read the answers.

Between these steps every transaction is closed, so a slow exchange never holds the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from federation.ground.engine import transaction
from federation.membership.alerts import AlertCode, Alerts
from federation.membership.letters import WITHDRAWALS
from federation.membership.outbox import Outbox
from federation.membership.peers import PeerKeys
from federation.membership.relay import Outcome, OutcomeClass, Outgoing, Relay, RelayError
from federation.membership.roster import Roster, Tier
from federation.membership.threads import Threads
from protocol.bodies import Kind
from protocol.documents import to_moment
from protocol.envelope import EnvelopeHeader, SizeError, seal_envelope
from protocol.errors import ProtocolError
from protocol.ids import MessageId, NodeId, ThreadId
from protocol.roster import NotMemberError, Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine, Row

    from federation.membership.identity import Identity
    from federation.membership.tables import MemberTables
    from protocol.statements import VerifiedStatement

KEYS_FRESH = timedelta(hours=12)
LATER = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Counts of one round of sending."""

    accepted: int = 0
    waiting: int = 0
    refused: int = 0
    denied: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Sends the letters of one member."""

    engine: Engine
    tables: MemberTables
    identity: Identity

    def send(self, relay: Relay, by: Callable[[Connection], Roster | None], now: datetime) -> Delivery:
        """Send what is due, up to `AT_ONCE` letters; `by`: the roster to send by, None where nothing may be sent."""
        outgoing: dict[str, Outgoing] = {}
        with transaction(self.engine) as connection:
            roster = by(connection)
            if roster is None:
                return Delivery()
            claimed = self._outbox.claim(connection, now)
            rows = [row for row in claimed if self._may_go(connection, row, roster, now)]
            keys = PeerKeys(self.tables, {})
            checked = {
                peer: keys.checked_at(connection, roster, peer) for peer in sorted({NodeId(row.peer) for row in rows})
            }
            stale = [peer for peer, at in checked.items() if at is None or at <= now - KEYS_FRESH]
            if not stale:
                outgoing = self._seal_all(connection, rows, keys, roster, now)
        if stale:
            fetched = {peer: _fetch(relay, peer) for peer in stale}
            with transaction(self.engine) as connection:
                for peer, token in fetched.items():
                    self._take_keys(connection, roster, peer, token, now)
                outgoing = self._seal_all(connection, rows, PeerKeys(self.tables, {}), roster, now)
        outcomes = relay.put_envelopes(_by_thread(rows, outgoing)) if outgoing else {}
        with transaction(self.engine) as connection:
            self._record(connection, [row for row in rows if row.message in outgoing], outcomes, now)
        return _counted(list(outcomes.values()), len(rows))

    def _record(
        self, connection: Connection, rows: Sequence[Row[Any]], outcomes: Mapping[MessageId, Outcome], now: datetime
    ) -> None:
        not_tried = Outcome(status=0, problem="after-another")
        answered = [(row, outcomes.get(row.message, not_tried)) for row in rows]
        self._outbox.accepted(connection, [row for row, answer in answered if answer.kind is OutcomeClass.DONE], now)
        for row, answer in answered:
            if answer.kind is not OutcomeClass.DONE:
                self._outbox.record(connection, row, answer, now)

    @property
    def _outbox(self) -> Outbox:
        return Outbox(tables=self.tables, seal=self.identity.seal)

    def _may_go(self, connection: Connection, row: Row[Any], roster: Roster, now: datetime) -> bool:
        is_withdrawal = Kind(row.kind) in WITHDRAWALS
        try:
            standing = roster.standing(NodeId(row.peer), now)
        except NotMemberError as error:
            self._outbox.refuse(connection, row, error.code)
            return False
        if standing is Standing.LEFT:
            self._outbox.refuse(connection, row, "recipient-left")
            return False
        if not is_withdrawal and (standing is Standing.SUSPENDED or roster.tier(now) is Tier.SILENT):
            why = "recipient-suspended" if standing is Standing.SUSPENDED else "roster-too-old"
            self._outbox.wait(connection, row, now + LATER, why)
            return False
        return True

    def _take_keys(
        self, connection: Connection, roster: Roster, peer: NodeId, token: bytes | None, now: datetime
    ) -> None:
        if token is None:
            return
        try:
            PeerKeys(self.tables).take(connection, roster, peer, token, now)
        except ProtocolError as error:
            alerts = Alerts(tables=self.tables, seal=self.identity.seal)
            alerts.sound(connection, AlertCode.STATEMENT_REFUSED, peer, now, evidence=error.code.encode())

    def _seal_all(
        self, connection: Connection, rows: Sequence[Row[Any]], keys: PeerKeys, roster: Roster, now: datetime
    ) -> dict[str, Outgoing]:
        sealed: dict[str, Outgoing] = {}
        for row in rows:
            peer = NodeId(row.peer)
            envelope = row.envelope or self._seal(connection, row, keys.newest(connection, roster, peer), now)
            if envelope is not None:
                sealed[row.message] = Outgoing(message=row.message, to=peer, envelope=envelope)
        return sealed

    def _seal(
        self, connection: Connection, row: Row[Any], statement: VerifiedStatement | None, now: datetime
    ) -> bytes | None:
        if statement is None or not statement.is_current(now):
            self._outbox.postpone(connection, row, Outcome(status=0, problem="keys-of-recipient-missing"), now)
            return None
        inner = self._outbox.inner(row) or self._in_thread(connection, row)
        if inner is None:
            self._outbox.refuse(connection, row, "letter-erased")
            return None
        header = EnvelopeHeader(
            to=row.peer,
            sender=self.identity.node,
            id=row.message,
            sent_at=to_moment(row.created_at),
            expires_at=to_moment(row.expires_at),
            kid=statement.sealing[0].key_id,
        )
        try:
            envelope = seal_envelope(header, inner, statement.sealing[0])
        except SizeError as error:
            self._outbox.refuse(connection, row, error.code)
            return None
        return envelope.raw if self._outbox.sealed(connection, row, envelope.raw, envelope.digest) else None

    def _in_thread(self, connection: Connection, row: Row[Any]) -> bytes | None:
        threads = Threads(tables=self.tables, seal=self.identity.seal)
        return threads.written(connection, ThreadId(row.thread), MessageId(row.message))


def _fetch(relay: Relay, peer: NodeId) -> bytes | None:
    try:
        return relay.get_statement(peer, None)
    except RelayError:
        return None


def _by_thread(rows: Sequence[Row[Any]], outgoing: Mapping[str, Outgoing]) -> list[list[Outgoing]]:
    threads: dict[str, list[Outgoing]] = {}
    for row in rows:
        if row.message in outgoing:
            threads.setdefault(row.thread, []).append(outgoing[row.message])
    return list(threads.values())


def _counted(outcomes: Sequence[Outcome], due: int) -> Delivery:
    kinds = [outcome.kind for outcome in outcomes]
    accepted, refused = kinds.count(OutcomeClass.DONE), kinds.count(OutcomeClass.REFUSED)
    denied = next((outcome for outcome in outcomes if outcome.kind is OutcomeClass.DENIED), None)
    return Delivery(accepted=accepted, refused=refused, waiting=due - accepted - refused, denied=denied)
