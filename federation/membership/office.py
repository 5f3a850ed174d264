"""The post of a member while its program serves: it waits for letters, and sends what waits to be sent at once.

News of the federation (roster, own keys, summaries, the board) and mending threads are the work of a round, `sync`.
The roster is renewed here only when a letter takes for granted what it does not say yet, or when no round did it.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING

from federation.ground.engine import reading, tell_commits, transaction
from federation.membership.alerts import DENIALS
from federation.membership.deliver import Sender
from federation.membership.letters import LETTERS
from federation.membership.links import JoinState, Links, PausedBy
from federation.membership.outbox import AT_ONCE, Outbox
from federation.membership.relay import Aside, HopKeys, Relay, RelayError
from federation.membership.roster_store import RosterStore
from federation.membership.rounds import Reading

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from federation.ground.stop import Stop
    from federation.membership.links import Link
    from federation.membership.relay import Page
    from federation.membership.roster import Roster
    from federation.membership.sync import Member

WAIT_SECONDS = 25
SHIFT_SECONDS = 60.0
LOOK_SECONDS = 1.0
PAUSE_SECONDS = 30.0
GATHER_SECONDS = 0.05
ROSTER_AT_MOST = timedelta(minutes=5)
_READ_AGAIN = timedelta(seconds=10)


class Office:
    """The post of one member; made once a process."""

    def __init__(self, member: Member) -> None:
        """A letter that this process writes is noticed at once, everything else within a second."""
        self._member = member
        self._bell = Event()
        tell_commits(member.engine, self._bell.set, of=LETTERS)

    def attend(self, stop: Stop) -> None:
        """See to the post for about a minute, or until `stop`. Raises: NotJoinedError."""
        member, now = self._member, self._member.clock.now()
        with reading(member.engine) as connection:
            link = Links(member.tables).get(connection)
            if link.state is not JoinState.ADMITTED or link.restored is not None or not self._has_roster():
                keys = None  # only a round can help
            else:
                signing = member.identity.signing_key(connection, now)
                keys = HopKeys(signing=signing, identity=member.identity.identity)
        if keys is None:
            stop.wait(PAUSE_SECONDS)
            return
        try:
            with member.relays(link.exchange, keys) as relay:
                _Shift(member=member, relay=relay, link=link, bell=self._bell, stop=stop).run()
        except RelayError as error:
            member.failed(error, member.clock.now())
            stop.wait(PAUSE_SECONDS)

    def _has_roster(self) -> bool:
        with reading(self._member.engine) as connection:
            found = RosterStore(self._member.tables).find(connection)
        ours = self._member.identity.node
        return found is not None and any(member.id == ours for member in found.members.members)


@dataclass(slots=True, kw_only=True)
class _Shift:
    """One conversation with the exchange: one thread waits for letters, this one sends."""

    member: Member
    relay: Relay
    link: Link
    bell: Event
    stop: Stop
    over: Event = field(default_factory=Event)
    synced_at: datetime | None = None
    roster: Roster | None = None
    roster_asked_at: datetime | None = None
    aside: Aside = field(default_factory=Aside)

    def run(self) -> None:
        """Raises: RelayError."""
        until = time.monotonic() + SHIFT_SECONDS
        with ThreadPoolExecutor(1, "post") as pool:
            listening = pool.submit(self._listen)
            try:
                self._send(rang=False)
                while not (self.stop.is_set() or listening.done() or time.monotonic() > until):
                    rang = self.bell.wait(LOOK_SECONDS)
                    self.bell.clear()
                    self._send(rang=rang)
            finally:
                self.over.set()
                self.relay.hang_up()
            listening.result()

    def _send(self, *, rang: bool) -> None:
        """Send what is due; `rang`: a letter was written just now."""
        member = self.member
        sender = Sender(engine=member.engine, tables=member.tables, identity=member.identity)
        while not self.stop.is_set():
            now = member.clock.now()
            if not rang and not self._is_due(now):
                return
            rang = False
            sent = sender.send(self.relay, self._sends_by, now)
            if sent.denied is not None:
                raise RelayError(sent.denied)
            if sent.accepted < AT_ONCE:
                return

    def _is_due(self, now: datetime) -> bool:
        # Asked often and mostly in vain: it must not take the lock of a writer.
        with reading(self.member.engine) as connection:
            outbox = Outbox(tables=self.member.tables, seal=self.member.identity.seal)
            return outbox.is_due(connection, now) and self._sends_by(connection) is not None

    def _sends_by(self, connection: Connection) -> Roster | None:
        """The roster to send by, if anything may be sent now."""
        link = Links(self.member.tables).get(connection)
        may_send = link.paused_by is None and link.restored is None
        return RosterStore(self.member.tables).get(connection) if may_send else None

    def _listen(self) -> None:
        try:
            after = self._read_all()
            while not self.over.is_set():
                asked = time.monotonic()
                page = self._wait(after)
                is_new = bool(page.items) and (after is None or page.items[-1].cursor > after)
                after = self._take(page) if is_new else after
                if not is_new:
                    self._set_aside()
                if is_new and len(page.items) > 1 and not page.more:
                    self._hand_over()
                    self.over.wait(GATHER_SECONDS)  # letters that come in a stream are taken in by the page
                if not is_new and time.monotonic() - asked < LOOK_SECONDS:
                    self.over.wait(LOOK_SECONDS)  # an exchange that does not wait, or repeats itself
            self._hand_over()
            if not self.stop.is_set():
                self._set_aside()
        except RelayError:
            if not self.over.is_set():
                raise
        finally:
            self.bell.set()

    def _wait(self, after: int | None) -> Page:
        if not self.aside.receipts:
            return self.relay.mailbox(after, wait=WAIT_SECONDS)
        return self.member.mailroom.set_aside_and_wait(self.relay, self.aside, after, wait=WAIT_SECONDS)

    def _hand_over(self) -> None:
        if self.aside.receipts:
            self._set_aside()

    def _set_aside(self) -> None:
        self.member.mailroom.set_aside(self.relay, self.aside)

    def _read_all(self) -> int | None:
        reading_ = self._reading()
        found = self.member.mailroom.drain(reading_)
        self._heard(reading_)
        return found.cursor

    def _take(self, page: Page) -> int:
        reading_ = self._reading()
        self.member.mailroom.take(page, reading_)
        if not page.more:
            self._heard(reading_)
        return page.items[-1].cursor

    def _reading(self) -> Reading:
        now = self.member.clock.now()
        roster = self.roster
        if roster is None or self._is_old(roster, now):
            roster = self._roster()
        if self._is_old(roster, now):
            roster = self._renew()
        return Reading(
            relay=self.relay,
            roster=roster,
            now=now,
            kept=RosterStore(self.member.tables),
            renew=self._renew,
            aside=self.aside,
            may_wait=True,
        )

    def _is_old(self, roster: Roster, now: datetime) -> bool:
        return max(roster.verified_at, self.roster_asked_at or roster.verified_at) <= now - ROSTER_AT_MOST

    def _heard(self, reading_: Reading) -> None:
        """The mailbox was read to its end; what others have seen and we have not is looked for."""
        self.roster = reading_.roster
        strange = tuple(dict.fromkeys(seen for seen in reading_.seen if seen != reading_.roster.seen))
        if strange:
            self.member.compare(self.relay, self.link, reading_.roster, strange, reading_.now)
        if self.synced_at is not None and self.synced_at > reading_.now - _READ_AGAIN:
            return
        self.synced_at = reading_.now
        with transaction(self.member.engine) as connection:
            links = Links(self.member.tables)
            links.synced(connection, reading_.now)
            if links.get(connection).paused_by is PausedBy.EXCHANGE:
                links.resume(connection)
                self.member.alerts.over(connection, *DENIALS)

    def _roster(self) -> Roster:
        with reading(self.member.engine) as connection:
            return RosterStore(self.member.tables).get(connection)

    def _renew(self) -> Roster:
        self.roster_asked_at = self.member.clock.now()
        self.member.keeper.refresh(self.link.roster_url, self.roster_asked_at)
        return self._roster()
