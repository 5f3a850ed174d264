"""The receiving half of the post: read the mailbox to its end, take every item in, hand over receipts.

A page is one transaction on SQLite, a letter elsewhere. Nothing is acknowledged before what it did is stored for good.
What becomes of one item is `desk`'s work.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from federation.ground.engine import transaction
from federation.membership.alerts import AlertCode, Alerts
from federation.membership.desk import Desk, by_letter
from federation.membership.inbox import Handled, Inbox, InboxState
from federation.membership.links import Links
from federation.membership.peers import PeerKeys, StatementNeededError
from federation.membership.receipts import Receipts
from federation.membership.receive import Receiver
from federation.membership.relay import Aside, Item, ItemKind, OutcomeClass, Page, Relay, RelayError
from protocol.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Engine

    from federation.membership.events import Effects
    from federation.membership.identity import Identity
    from federation.membership.roster import Roster
    from federation.membership.roster_store import RosterStore
    from federation.membership.tables import MemberTables
    from protocol.ids import NodeId
    from protocol.seen import Seen

MOST_PAGES = 1_000
JUST_READ = timedelta(seconds=10)
_TRIES = 3  # at most a newer roster is needed first, and then somebody's keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """What one reading of the mailbox brought."""

    letters: Counter[InboxState] = field(default_factory=Counter)
    receipts: int = 0
    seen: tuple[Seen, ...] = ()
    cursor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailroom:
    """Takes in what lies in the mailbox of one member."""

    engine: Engine
    tables: MemberTables
    identity: Identity
    effects: Effects

    def drain(self, reading: Reading, *, again: bool = False) -> Drained:
        """Read the mailbox to its end; `again`: also what was acknowledged before. Raises: RelayError."""
        after: int | None = 0 if again else None
        for _ in range(MOST_PAGES):
            page = reading.relay.mailbox(after)
            self.take(page, reading)
            if not page.more or not page.items or (after is not None and page.items[-1].cursor <= after):
                break
            after = page.items[-1].cursor
        return reading.drained(after if not page.items else page.items[-1].cursor)

    def take(self, page: Page, reading: Reading) -> None:
        """Take in a page and acknowledge it. Raises: RelayError."""
        handled: dict[int, Handled] = {}
        late: dict[int, Item] = dict(enumerate(page.items))
        for _ in range(_TRIES):
            needed = self._take_all(late, handled, reading)
            late = {place: item for place, item in late.items() if place not in handled}
            if not late or not self._fetch(needed, reading):
                break
        handled |= dict.fromkeys(late, Handled(state=InboxState.KEPT))
        for place, item in enumerate(page.items):
            reading.count(item, handled[place])
        receipts = [found.receipt for found in handled.values() if found.receipt is not None]
        discard = [page.items[place].id for place, found in sorted(handled.items()) if found.discard]
        if not reading.aside.has_room(receipts, discard):
            self.set_aside(reading.relay, reading.aside)
        reading.aside.receipts.extend(receipts)
        reading.aside.discard.extend(discard)
        if not reading.may_wait:
            self.set_aside(reading.relay, reading.aside)

    def set_aside(self, relay: Relay, aside: Aside) -> None:
        """Hand over receipts, and let go of what was read and gets none. Raises: RelayError."""
        self._acknowledge(relay, aside.receipts, aside.discard)
        aside.clear()

    def set_aside_and_wait(self, relay: Relay, aside: Aside, after: int | None, *, wait: int) -> Page:
        """`set_aside`, and what comes next, in one request where the exchange takes that. Raises: RelayError."""
        try:
            page = relay.acknowledge_and_wait(aside.receipts, aside.discard, after, wait=wait)
        except RelayError as error:
            if error.outcome.kind is not OutcomeClass.REFUSED:
                raise
            self.set_aside(relay, aside)
            page = None
        aside.clear()
        return relay.mailbox(after, wait=wait) if page is None else page

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

    def _acknowledge(self, relay: Relay, receipts: list[bytes], discard: list[str]) -> None:
        if not receipts and not discard:
            return
        try:
            relay.acknowledge(receipts, discard)
        except RelayError as error:
            if error.outcome.kind is not OutcomeClass.REFUSED or len(receipts) + len(discard) == 1:
                raise
            # One item that the exchange refuses must not keep the others.
            self._acknowledge_each(relay, receipts, discard)

    def _acknowledge_each(self, relay: Relay, receipts: list[bytes], discard: list[str]) -> None:
        for some, others in [*(([receipt], []) for receipt in receipts), *(([], [name]) for name in discard)]:
            try:
                relay.acknowledge(some, others)
            except RelayError as error:
                if error.outcome.kind is not OutcomeClass.REFUSED:
                    raise

    def _take_all(
        self, items: Mapping[int, Item], handled: dict[int, Handled], reading: Reading
    ) -> list[StatementNeededError]:
        """Take in what can be taken in now; what is left out needs statements, or a newer roster."""
        needed: list[StatementNeededError] = []
        runs = [dict(run) for _, run in groupby(items.items(), lambda placed: placed[1].kind)]
        for together in self._transactions(runs):
            found: dict[int, Handled] = {}
            with transaction(self.engine) as connection:
                Links(self.tables).find(connection, lock=True)
                if reading.kept is not None:
                    reading.roster = reading.kept.get(connection)
                desk = self._desk(reading)
                for some in together:
                    needed += desk.take_run(connection, some, found)
            handled |= found
        return needed

    def _transactions(self, runs: list[dict[int, Item]]) -> Iterable[list[dict[int, Item]]]:
        """What shares a transaction: everything, where only one writes at a time, as on SQLite.

        Elsewhere each letter has its own: one that goes on with the next while it holds what its first one locked can
        wait for somebody who waits for it.
        """
        if self.engine.dialect.name == "sqlite":
            return [runs]
        return [[some] for run in runs for some in by_letter(run)]

    def _desk(self, reading: Reading) -> Desk:
        identity, peers = self.identity.remembering(reading.now), PeerKeys(self.tables, {})
        return Desk(
            roster=reading.roster,
            now=reading.now,
            receiver=Receiver(
                tables=self.tables, identity=identity, effects=self.effects, peers=peers, sure=reading.is_sure
            ),
            receipts=Receipts(tables=self.tables, identity=identity, peers=peers, sure=reading.is_sure),
            inbox=Inbox(tables=self.tables, identity=identity),
            alerts=self._alerts,
        )

    def _fetch(self, needed: Iterable[StatementNeededError], reading: Reading) -> bool:
        """Renew the roster, then fetch keys that are not known yet; whether there is something new to judge by."""
        is_newer = not reading.is_sure
        reading.make_sure()
        for wanted in needed:
            key = (wanted.node, wanted.version)
            if key not in reading.fetched:
                reading.fetched[key] = self.fetch_keys(reading.relay, reading.roster, wanted, reading.now)
                is_newer = is_newer or reading.fetched[key]
        return is_newer


@dataclass(slots=True, kw_only=True)
class Reading:
    """One reading of the mailbox: by which roster, and what it brought. `renew` fetches a newer one, at most once.

    `kept`: where the roster lies; each page is then judged by what lies there when it is taken in.
    `aside`: what the exchange is told after each page; with `may_wait` the caller tells it, receipts at once.
    """

    relay: Relay
    roster: Roster
    now: datetime
    kept: RosterStore | None = None
    renew: Callable[[], Roster] | None = None
    letters: Counter[InboxState] = field(default_factory=Counter)
    receipts: int = 0
    seen: list[Seen] = field(default_factory=list)
    fetched: dict[tuple[NodeId, int | None], bool] = field(default_factory=dict)
    aside: Aside = field(default_factory=Aside)
    may_wait: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether nothing newer than this roster can be had at this moment."""
        return self.renew is None or self.roster.verified_at > self.now - JUST_READ

    def make_sure(self) -> None:
        """Go on by the newest roster."""
        if self.renew is not None and not self.is_sure:
            self.roster = self.renew()
        self.renew = None

    def count(self, item: Item, handled: Handled) -> None:
        """Remember what became of an item."""
        if item.kind is ItemKind.RECEIPT:
            self.receipts += handled.state is InboxState.STORED
        elif not handled.again:
            self.letters[handled.state] += 1
        if handled.seen is not None:
            self.seen.append(handled.seen)

    def drained(self, cursor: int | None) -> Drained:
        """What it brought; `cursor` is that of the last item."""
        return Drained(letters=self.letters, receipts=self.receipts, seen=tuple(self.seen), cursor=cursor)
