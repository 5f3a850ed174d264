"""A member of a federation: joining, and one round of everything a member does.

A round: roster, own keys, mailbox, then what is due, then summaries. Reading comes before sending, so that a member
that slept learns first what was said to it. Ticking is left to the program.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from federation.ground.engine import transaction
from federation.membership.alerts import DENIALS, AlertCode, Alerts, denial
from federation.membership.board import BoardRound
from federation.membership.board_effects import BoardEffects, NoBoardEffects
from federation.membership.catching_up import CatchUp
from federation.membership.deliver import Sender
from federation.membership.door import Door, JoinProfile, JoinStatus
from federation.membership.exchanging import SummaryRound
from federation.membership.inbox import Inbox
from federation.membership.key_keeper import KeyKeeper
from federation.membership.letters import LetterState
from federation.membership.links import JoinState, Link, Links, PausedBy, Restored
from federation.membership.notes import Notes
from federation.membership.outbox import Outbox, OutboxEntry
from federation.membership.post import Post
from federation.membership.relay import HopKeys, OutcomeClass, Relay, RelayError, RelayFactory
from federation.membership.repair import Repair
from federation.membership.reports import SyncReport, with_letters
from federation.membership.roster_keeper import RosterKeeper
from federation.membership.roster_store import RosterStore
from federation.membership.rounds import Mailroom, Reading
from federation.membership.summaries import PeerSummary, Summaries, SummaryDraft
from protocol.errors import ProtocolError
from protocol.roster import Standing

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from federation.ground.clock import Clock
    from federation.membership.events import Effects
    from federation.membership.identity import Identity
    from federation.membership.roster import Roster
    from federation.membership.roster_client import RosterClient
    from federation.membership.tables import MemberTables
    from protocol.ids import Digest, MessageId
    from protocol.seen import Seen

__all__ = ["JoinProfile", "JoinStatus", "Member", "SyncReport"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One program's side of a federation; built once."""

    engine: Engine
    tables: MemberTables
    identity: Identity
    roster_client: RosterClient
    relays: RelayFactory
    effects: Effects
    clock: Clock
    board: BoardEffects = field(default_factory=NoBoardEffects)

    @property
    def post(self) -> Post:
        """Where letters are written."""
        return Post(tables=self.tables, identity=self.identity)

    @property
    def alerts(self) -> Alerts:
        """What a person must know."""
        return Alerts(tables=self.tables, seal=self.identity.seal)

    @property
    def catch_up(self) -> CatchUp:
        """What a member does that came back from an old copy."""
        return CatchUp(engine=self.engine, post=self.post, effects=self.effects)

    def stop_waiting(self) -> None:
        """Go on without the programs that have not answered a restored one. Raises: RosterUnverifiedError."""
        roster, now = self.roster(), self.clock.now()
        with transaction(self.engine) as connection:
            self.catch_up.stop_waiting(connection, roster, now)

    def join(self, code: str, profile: JoinProfile) -> JoinStatus:
        """Join with a steward's code; call it again with the same code to go on.

        Raises: JoinCodeError, AlreadyJoinedError, RosterUnreachableError, RosterRefusedError, RelayError.
        """
        now = self.clock.now()
        door = self._door
        link = door.begin(code, profile, now)
        self.keeper.refresh(link.roster_url, now)
        return door.status(link, door.advance(link, self.roster(), now), profile.language)

    def sync(self) -> SyncReport:
        """One round. Raises: NotJoinedError."""
        now = self.clock.now()
        with transaction(self.engine) as connection:
            link = Links(self.tables).get(connection)
        self.keeper.refresh(link.roster_url, now)
        with transaction(self.engine) as connection:
            roster = RosterStore(self.tables).find(connection)
        if roster is None or not self._is_joined(link, roster, now):
            return self._report(SyncReport(at=now, joined=False, reached=False, paused=False, tier=None))
        report = SyncReport(at=now, joined=True, reached=False, paused=False, tier=roster.tier(now))
        try:
            report = self._converse(link, roster, report)
        except RelayError as error:
            self.failed(error, now)
        return self._report(report)

    def conversation(self) -> AbstractContextManager[Relay]:
        """A conversation with the exchange for what is no part of a round. Raises: NotJoinedError, KeysMissingError."""
        now = self.clock.now()
        with transaction(self.engine) as connection:
            link = Links(self.tables).get(connection)
            keys = HopKeys(signing=self.identity.signing_key(connection, now), identity=self.identity.identity)
        return self.relays(link.exchange, keys)

    def publish_summary(self, connection: Connection, draft: SummaryDraft, now: datetime) -> Digest:
        """Sign a summary in the caller's transaction; the next round publishes it."""
        return Summaries(tables=self.tables, identity=self.identity).sign(connection, draft, now)

    def summaries(self, connection: Connection, now: datetime) -> list[PeerSummary]:
        """What every other active program published last. Raises: RosterUnverifiedError."""
        roster = RosterStore(self.tables).get(connection)
        return Summaries(tables=self.tables, identity=self.identity).all(connection, roster, now)

    def roster(self) -> Roster:
        """The last verified roster. Raises: RosterUnverifiedError."""
        with transaction(self.engine) as connection:
            return RosterStore(self.tables).get(connection)

    def link(self, connection: Connection) -> Link | None:
        """How far joining came, whether sending is paused, and when the mailbox was last read."""
        return Links(self.tables).find(connection)

    def outbox(self, connection: Connection) -> tuple[OutboxEntry, ...]:
        """Letters without a receipt, oldest first."""
        return Outbox(tables=self.tables, seal=self.identity.seal).entries(connection)

    def retry(self, connection: Connection, message: MessageId) -> None:
        """Send a parked letter again. Raises: UnknownLetterError."""
        Outbox(tables=self.tables, seal=self.identity.seal).retry(connection, message, self.clock.now())

    def pause(self, connection: Connection) -> None:
        """Send nothing until `resume`; reading goes on. Raises: NotJoinedError."""
        Links(self.tables).get(connection)
        Links(self.tables).pause(connection, PausedBy.PERSON, self.clock.now())

    def resume(self, connection: Connection) -> None:
        """Send again. Raises: NotJoinedError."""
        Links(self.tables).get(connection)
        Links(self.tables).resume(connection)

    @property
    def keeper(self) -> RosterKeeper:
        """Who keeps the roster up to date."""
        return RosterKeeper(engine=self.engine, tables=self.tables, client=self.roster_client, alerts=self.alerts)

    @property
    def _door(self) -> Door:
        return Door(
            engine=self.engine,
            tables=self.tables,
            identity=self.identity,
            roster_client=self.roster_client,
            relays=self.relays,
        )

    def _is_joined(self, link: Link, roster: Roster, now: datetime) -> bool:
        if link.state is JoinState.ADMITTED:
            return any(member.id == self.identity.node for member in roster.members.members)
        try:
            return self._door.advance(link, roster, now) is JoinState.ADMITTED
        except RelayError:
            pass
        except ProtocolError as error:  # no challenge a steward would write
            with transaction(self.engine) as connection:
                self.alerts.sound(connection, AlertCode.EXCHANGE_REFUSED, error.code, now)
        return False

    def _converse(self, link: Link, roster: Roster, report: SyncReport) -> SyncReport:
        now = report.at
        with transaction(self.engine) as connection:
            if link.restored is None:  # else the exchange may hold newer keys of ours
                self._keys.tend(connection, roster, now)
                Inbox(tables=self.tables, identity=self.identity).purge(connection, now)
            keys = HopKeys(signing=self.identity.signing_key(connection, now), identity=self.identity.identity)
        with self.relays(link.exchange, keys) as relay:
            if link.restored is not None:
                return self._catch_up(relay, link.restored, roster, report)
            self._keys.publish(relay, now)
            drained = self.mailroom.drain(Reading(relay=relay, roster=roster, now=now))
            self._board.read(relay, roster, now)
            roster = self.compare(relay, link, roster, drained.seen, now)
            paused = self._after_reading(roster, now)
            report = with_letters(replace(report, reached=True, paused=paused), drained)
            if not paused:
                report = self._send(relay, roster, report)
                Notes(engine=self.engine, post=self.post, effects=self.effects).write(relay, now)
            return self._exchange_summaries(relay, link, roster, report)

    def _catch_up(self, relay: Relay, restored: Restored, roster: Roster, report: SyncReport) -> SyncReport:
        """One round of a restored member: nothing leaves but questions about what it lost."""
        now, catch_up = report.at, self.catch_up
        catch_up.take_up(relay, now)
        self._keys.publish(relay, now)
        drained = self.mailroom.drain(Reading(relay=relay, roster=roster, now=now), again=restored.reread_at is None)
        with transaction(self.engine) as connection:
            Links(self.tables).synced(connection, now)
            Links(self.tables).reread(connection, now)
            catch_up.ask(connection, roster, now)
        report = self._send(relay, roster, with_letters(replace(report, reached=True), drained))
        with transaction(self.engine) as connection:
            return replace(report, still_asking=catch_up.waits(connection))

    def _exchange_summaries(self, relay: Relay, link: Link, roster: Roster, report: SyncReport) -> SyncReport:
        if roster.standing(self.identity.node) is not Standing.ACTIVE:
            return report  # summaries are for active members only
        try:
            fetched = self._summary_round.run(relay, roster, report.at, publish=not report.paused)
        except RelayError as error:
            self.failed(error, report.at)  # letters are through; what becomes of a summary must not undo that
            return report
        roster = self.compare(relay, link, roster, fetched.seen, report.at)
        if not report.paused:
            self._board.send(relay, roster, report.at)
        return replace(report, summaries_fetched=fetched.fetched)

    def compare(self, relay: Relay, link: Link, roster: Roster, seen: tuple[Seen, ...], now: datetime) -> Roster:
        """Look for what others have seen and we have not; the roster to go on with."""

        def look_again() -> None:
            self.keeper.refresh(link.roster_url, now)
            self._board.read(relay, roster, now)

        return self.keeper.compare(roster, seen, now, look_again)

    @property
    def _board(self) -> BoardRound:
        return BoardRound(mailroom=self.mailroom, effects=self.board, failed=self.failed)

    @property
    def _keys(self) -> KeyKeeper:
        return KeyKeeper(engine=self.engine, identity=self.identity, alerts=self.alerts)

    @property
    def mailroom(self) -> Mailroom:
        """Where letters are taken in."""
        return Mailroom(engine=self.engine, tables=self.tables, identity=self.identity, effects=self.effects)

    @property
    def _summary_round(self) -> SummaryRound:
        summaries = Summaries(tables=self.tables, identity=self.identity)
        return SummaryRound(engine=self.engine, summaries=summaries, mailroom=self.mailroom)

    def _after_reading(self, roster: Roster, now: datetime) -> bool:
        """Note that the mailbox was read, mend threads, and find out whether sending is paused by a person."""
        with transaction(self.engine) as connection:
            links, repair = Links(self.tables), Repair(self.post)
            links.synced(connection, now)
            repair.ask(connection, roster, now)
            repair.say_again(connection, roster, now)
            if (paused_by := links.get(connection).paused_by) is PausedBy.EXCHANGE:  # it lets us read: asked again
                links.resume(connection)
                self.alerts.over(connection, *DENIALS)
        return paused_by is PausedBy.PERSON

    def _send(self, relay: Relay, roster: Roster, report: SyncReport) -> SyncReport:
        now = report.at
        sent = Sender(engine=self.engine, tables=self.tables, identity=self.identity).send(relay, lambda _: roster, now)
        if sent.denied is not None:
            self.failed(RelayError(sent.denied), now)
        return replace(report, letters_sent=sent.accepted, paused=sent.denied is not None)

    def failed(self, error: RelayError, now: datetime) -> None:
        """Tell a person what the exchange refuses; one that denies us is not written to any more."""
        said = error.outcome
        with transaction(self.engine) as connection:
            if said.kind is OutcomeClass.REFUSED:
                self.alerts.sound(connection, AlertCode.EXCHANGE_REFUSED, said.problem or str(said.status), now)
            if said.kind is OutcomeClass.DENIED:
                Links(self.tables).pause(connection, PausedBy.EXCHANGE, now)
                self.alerts.sound(connection, denial(said.problem), said.problem or "denied", now)

    def _report(self, report: SyncReport) -> SyncReport:
        with transaction(self.engine) as connection:
            return replace(
                report,
                paused=Links(self.tables).get(connection).paused_by is not None,
                letters_waiting=sum(entry.state is LetterState.WAITING for entry in self.outbox(connection)),
                alerts=self.alerts.all(connection),
            )
