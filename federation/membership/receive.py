"""Taking in a sealed letter: ordered checks, then effect, inbox row and receipt in the caller's one transaction.

Order: size, framing, header schema, sender's status, duplicate, open, inner signature, inner equals header,
freshness, thread. What cannot be traced to its author is discarded without a receipt. Fetching keys and letters, and
keeping what makes the program fail, is `sync`'s work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from federation.membership.alerts import AlertCode, Alerts
from federation.membership.events import Effects, Erasures, ThreadEvent
from federation.membership.inbox import Handled, Inbox, InboxState
from federation.membership.letters import WITHDRAWALS
from federation.membership.peers import PeerKeys, RosterNeededError
from federation.membership.placing import Placing
from protocol import jws
from protocol.documents import from_moment
from protocol.envelope import Envelope, parse_envelope, sealed_to, unseal_envelope
from protocol.errors import ProtocolError
from protocol.ids import MessageId, NodeId
from protocol.keys import SignatureError
from protocol.messages import (
    LIMIT,
    FutureError,
    HeaderMismatchError,
    MessageClaims,
    VerifiedMessage,
    WrongRecipientError,
    claimed_statement,
    verify_opened,
)
from protocol.notes import open_note
from protocol.receipts import ReceiptOutcome
from protocol.roster import NotMemberError, Standing
from protocol.thread.table import Side, State

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from federation.membership.identity import Identity
    from federation.membership.roster import Roster
    from federation.membership.tables import MemberTables
    from protocol.seen import Seen

__all__ = ["Effects", "Receiver", "ThreadEvent"]


class _UntraceableError(Exception):
    """The letter cannot be traced to its author: no receipt."""


class _RefusedError(Exception):
    """The author's signature held, and what it says is refused."""

    def __init__(self, claims: MessageClaims, inner: bytes, error: ProtocolError) -> None:
        super().__init__(error.code)
        self.claims = claims
        self.inner = inner
        self.error = error


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Takes in letters for one member; `sure`: the roster is as new as it can be, and what it lacks is lacking."""

    tables: MemberTables
    identity: Identity
    effects: Effects
    peers: PeerKeys
    sure: bool

    def take(self, connection: Connection, raw: bytes, roster: Roster, now: datetime) -> Handled:
        """Take in one envelope.

        Raises: StatementNeededError, RosterNeededError, and whatever the program's effects raise.
        """
        try:
            envelope = parse_envelope(raw)
        except ProtocolError as error:
            return self._discard(connection, error, error.code, now)
        header = envelope.header
        if header.to != self.identity.node:
            return self._discard(connection, WrongRecipientError(message=header.id), header.id, now)
        if header.sender == self.identity.node:
            return self._remind(connection, envelope, now)
        try:
            standing = roster.standing(NodeId(header.sender), now)
        except NotMemberError:
            self._be_sure()
            # Perhaps a program that was admitted since our roster was last renewed: it waits where it is.
            self._alerts.sound(connection, AlertCode.SENDER_UNKNOWN, header.sender, now)
            return Handled(state=InboxState.QUARANTINED)
        known = self._known(connection, envelope, standing, now)
        return known or self._first_time(connection, envelope, standing, roster, now)

    def _remind(self, connection: Connection, envelope: Envelope, now: datetime) -> Handled:
        """Our own note: nobody is told that it came."""
        try:
            note = open_note(envelope, identity=self.identity.identity, now=now)
        except ProtocolError as error:
            return self._discard(connection, error, envelope.header.id, now)
        since, at = from_moment(note.since), from_moment(note.iat)
        self.effects.reminded(connection, Erasures(tombstones=note.erasures, since=since, at=at), now)
        return Handled(state=InboxState.STORED, discard=True, again=True)

    def _known(self, connection: Connection, envelope: Envelope, standing: Standing, now: datetime) -> Handled | None:
        header = envelope.header
        known = self._inbox.find(connection, NodeId(header.sender), MessageId(header.id))
        if known is None:
            return None
        if known.digest != envelope.digest:
            self._alerts.sound(connection, AlertCode.EQUIVOCATION, header.id, now, evidence=envelope.raw)
            return Handled(state=InboxState.DISCARDED, discard=True)
        if known.receipt is not None:
            return Handled(state=InboxState.STORED, receipt=known.receipt, again=True)
        still_waits = known.state is InboxState.QUARANTINED and standing is not Standing.ACTIVE
        return Handled(state=InboxState.QUARANTINED) if still_waits else None

    def _first_time(
        self, connection: Connection, envelope: Envelope, standing: Standing, roster: Roster, now: datetime
    ) -> Handled:
        try:
            message = self._open(connection, envelope, roster, now)
        except FutureError:
            self._alerts.sound(connection, AlertCode.LETTER_NOT_YET, envelope.header.id, now)
            return Handled(state=InboxState.KEPT)
        except _UntraceableError as error:
            self._be_sure()  # perhaps its author has a new identity by now
            return self._discard(connection, error.__cause__, envelope.header.id, now)
        except _RefusedError as refusal:
            return self._refuse(connection, envelope, refusal, now)
        if _is_ahead(message.claims.seen, roster.seen):
            self._be_sure()  # perhaps its author was suspended by what we have not read yet
        if standing is not Standing.ACTIVE:
            return self._quarantine(connection, envelope, message, now)
        return self._place(connection, envelope, message, roster, now)

    def _be_sure(self) -> None:
        if not self.sure:
            raise RosterNeededError

    @property
    def _inbox(self) -> Inbox:
        return Inbox(tables=self.tables, identity=self.identity)

    @property
    def _alerts(self) -> Alerts:
        return Alerts(tables=self.tables, seal=self.identity.seal)

    def _open(self, connection: Connection, envelope: Envelope, roster: Roster, now: datetime) -> VerifiedMessage:
        sender = NodeId(envelope.header.sender)
        try:
            key = self.identity.opening_key(connection, sealed_to(envelope))
            inner = unseal_envelope(envelope, key)
            keys = self.peers.keys(connection, roster, sender, claimed_statement(inner), now)
        except ProtocolError as error:
            raise _UntraceableError from error
        try:
            return verify_opened(envelope, inner, sender_keys=keys, node=self.identity.node, now=now)
        except (jws.UnknownKeyError, SignatureError, HeaderMismatchError, WrongRecipientError) as error:
            raise _UntraceableError from error
        except FutureError:
            raise
        except ProtocolError as error:
            # From here on the signature has held: the author gets an answer.
            payload = jws.claimed_payload(inner, typ=jws.Typ.MESSAGE)
            raise _RefusedError(MessageClaims.parse(payload, limit=LIMIT), inner, error) from error

    def _discard(self, connection: Connection, error: BaseException | None, subject: str, now: datetime) -> Handled:
        code = error.code if isinstance(error, ProtocolError) else "unknown"
        self._alerts.sound(connection, AlertCode.LETTER_DISCARDED, code, now, evidence=subject.encode())
        return Handled(state=InboxState.DISCARDED, discard=True)

    def _quarantine(
        self, connection: Connection, envelope: Envelope, message: VerifiedMessage, now: datetime
    ) -> Handled:
        self._alerts.sound(connection, AlertCode.SENDER_QUARANTINED, message.sender, now)
        self._inbox.keep(connection, envelope, InboxState.QUARANTINED, now)
        if message.kind in WITHDRAWALS:
            stored = self._placing.threads.find(connection, message.thread)
            state = State.NEW if stored is None else stored.state
            event = ThreadEvent(
                thread=message.thread,
                message=message.message_id,
                peer=message.sender,
                side=Side.HOST if stored is None else stored.side,
                kind=message.kind,
                body=message.body,
                state_before=state,
                state_after=state,
                overtaken=False,
                at=now,
                first=stored is None,
            )
            self.effects.quarantined(connection, event)
        return Handled(state=InboxState.QUARANTINED)

    @property
    def _placing(self) -> Placing:
        return Placing(tables=self.tables, identity=self.identity, effects=self.effects)

    def _place(
        self, connection: Connection, envelope: Envelope, message: VerifiedMessage, roster: Roster, now: datetime
    ) -> Handled:
        try:
            self._placing.place(connection, message, roster, now)
        except ProtocolError as error:
            return self._refuse(connection, envelope, _RefusedError(message.claims, message.inner, error), now)
        receipt = self._inbox.receipt(connection, envelope, ReceiptOutcome.STORED, None, now)
        return Handled(state=InboxState.STORED, receipt=receipt, seen=message.claims.seen)

    def _refuse(self, connection: Connection, envelope: Envelope, refusal: _RefusedError, now: datetime) -> Handled:
        code = refusal.error.code
        self._placing.hold_place(connection, refusal.claims, refusal.inner, refusal.error, now)
        receipt = self._inbox.receipt(connection, envelope, ReceiptOutcome.REFUSED, code, now)
        return Handled(state=InboxState.REFUSED, receipt=receipt)


def _is_ahead(theirs: Seen, ours: Seen) -> bool:
    return theirs.root > ours.root or theirs.targets > ours.targets or theirs.suspensions > ours.suspensions
