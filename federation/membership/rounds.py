"""The receiving half of a round: read the mailbox to its end, take every item in, hand over receipts.

One item is one transaction. What makes the program fail is kept and alerted, and never blocks the next item.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from federation.ground.engine import transaction
from federation.membership.alerts import AlertCode, Alerts
from federation.membership.inbox import Handled, Inbox, InboxState
from federation.membership.links import Links
from federation.membership.peers import PeerKeys, StatementNeededError
from federation.membership.receipts import Receipts
from federation.membership.relay import Item, ItemKind, OutcomeClass, Page, Relay, RelayError
from protocol.envelope import parse_envelope
from protocol.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from federation.membership.identity import Identity
    from federation.membership.receive import Receiver
    from federation.membership.roster import Roster
    from federation.membership.tables import MemberTables
    from protocol.ids import NodeId
    from protocol.seen import Seen

MOST_PAGES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """What one reading of the mailbox brought."""

    letters: Counter[InboxState] = field(default_factory=Counter)
    receipts: int = 0
    seen: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailroom:
    """Takes in what lies in the mailbox of one member."""

    engine: Engine
    tables: MemberTables
    identity: Identity
    receiver: Receiver

    def drain(self, relay: Relay, roster: Roster, now: datetime, *, again: bool = False) -> Drained:
        """Read the mailbox to its end; `again`: also what was acknowledged before. Raises: RelayError."""
        round_ = _Round(relay=relay, roster=roster, now=now)
        after: int | None = 0 if again else None
        for _ in range(MOST_PAGES):
            page = relay.mailbox(after)
            self._take_page(page, round_)
            if not page.more or not page.items or (after is not None and page.items[-1].cursor <= after):
                break
            after = page.items[-1].cursor
        return Drained(letters=round_.letters, receipts=round_.receipts, seen=tuple(round_.seen))

    def fetch_keys(self, relay: Relay, roster: Roster, needed: StatementNeededError, now: datetime) -> bool:
        """Fetch the statement that is needed; whether it was believed. Raises: RelayError."""
        token = relay.get_statement(needed.node, needed.version)
        if token is None:
            return False
        with transaction(self.engine) as connection:
            try:
                PeerKeys(self.tables).take(connection, roster, needed.node, token, now)
            except ProtocolError as error:
                evidence = error.code.encode() + b"\n" + token
                self._alerts.sound(connection, AlertCode.STATEMENT_REFUSED, needed.node, now, evidence=evidence)
                return False
        return True

    @property
    def _alerts(self) -> Alerts:
        return Alerts(tables=self.tables, seal=self.identity.seal)

    def _take_page(self, page: Page, round_: _Round) -> None:
        handled = [(item, self._take(item, round_)) for item in page.items]
        receipts = [found.receipt for _, found in handled if found.receipt is not None]
        discard = [item.id for item, found in handled if found.discard]
        self._acknowledge(round_, receipts, discard)

    def _acknowledge(self, round_: _Round, receipts: list[bytes], discard: list[str]) -> None:
        if not receipts and not discard:
            return
        try:
            round_.relay.acknowledge(receipts, discard)
        except RelayError as error:
            if error.outcome.kind is not OutcomeClass.REFUSED or len(receipts) + len(discard) == 1:
                raise
            # One item that the exchange refuses must not keep the others.
            self._acknowledge_each(round_, receipts, discard)
        with transaction(self.engine) as connection:
            Inbox(tables=self.tables, identity=self.identity).acknowledged(connection, receipts, round_.now)

    def _acknowledge_each(self, round_: _Round, receipts: list[bytes], discard: list[str]) -> None:
        for some, others in [*(([receipt], []) for receipt in receipts), *(([], [name]) for name in discard)]:
            try:
                round_.relay.acknowledge(some, others)
            except RelayError as error:
                if error.outcome.kind is not OutcomeClass.REFUSED:
                    raise

    def _take(self, item: Item, round_: _Round) -> Handled:
        work = self._receipt if item.kind is ItemKind.RECEIPT else self._letter
        try:
            handled = self._with_keys(lambda connection: work(connection, item, round_), round_)
        except RelayError:
            raise
        except Exception as error:  # noqa: BLE001 - the outermost loop: no letter may block the others
            handled = self._keep(item, error, round_)
        if item.kind is ItemKind.ENVELOPE and not handled.again:
            round_.letters[handled.state] += 1
        if handled.seen is not None:
            round_.seen.append(handled.seen)
        return handled

    def _with_keys(self, work: Callable[[Connection], Handled], round_: _Round) -> Handled:
        try:
            return self._locked(work)
        except StatementNeededError as needed:
            wanted = (needed.node, needed.version)
            if wanted not in round_.fetched:
                round_.fetched[wanted] = self.fetch_keys(round_.relay, round_.roster, needed, round_.now)
            if not round_.fetched[wanted]:
                return Handled(state=InboxState.KEPT)
        try:
            return self._locked(work)
        except StatementNeededError:
            return Handled(state=InboxState.KEPT)

    def _locked(self, work: Callable[[Connection], Handled]) -> Handled:
        with transaction(self.engine) as connection:
            Links(self.tables).find(connection, lock=True)
            return work(connection)

    def _letter(self, connection: Connection, item: Item, round_: _Round) -> Handled:
        return self.receiver.take(connection, item.data, round_.roster, round_.now)

    def _receipt(self, connection: Connection, item: Item, round_: _Round) -> Handled:
        receipts = Receipts(tables=self.tables, identity=self.identity)
        held = receipts.take(connection, item.data, round_.roster, round_.now)
        round_.receipts += held
        return Handled(state=InboxState.STORED if held else InboxState.DISCARDED, discard=True)

    def _keep(self, item: Item, error: Exception, round_: _Round) -> Handled:
        cause = error.__cause__ or error
        with transaction(self.engine) as connection:
            if item.kind is ItemKind.ENVELOPE:
                envelope = parse_envelope(item.data)
                inbox = Inbox(tables=self.tables, identity=self.identity)
                inbox.keep(connection, envelope, InboxState.KEPT, round_.now)
            evidence = type(cause).__name__.encode()
            self._alerts.sound(connection, AlertCode.LETTER_FAILED, item.id, round_.now, evidence=evidence)
        return Handled(state=InboxState.KEPT)


@dataclass(slots=True, kw_only=True)
class _Round:
    relay: Relay
    roster: Roster
    now: datetime
    letters: Counter[InboxState] = field(default_factory=Counter)
    receipts: int = 0
    seen: list[Seen] = field(default_factory=list)
    fetched: dict[tuple[NodeId, int | None], bool] = field(default_factory=dict)
