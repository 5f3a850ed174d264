"""Putting a verified letter into its thread: judged, parked when something before it is missing, told in order.

An erasure or a withdrawn consent is not made to wait for what is missing before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from federation.membership.alerts import AlertCode, Alerts
from federation.membership.events import EffectFailedError, ThreadEvent
from federation.membership.links import Links
from federation.membership.peers import PeerKeys
from federation.membership.places import author_of, fits, new_place, our_side, place_at, void_link
from federation.membership.post import Post
from federation.membership.recovery import Recovery
from federation.membership.repair import Repair
from federation.membership.stored import StoredLink, StoredThread, unparked
from federation.membership.threads import Threads
from protocol.bodies import CONTROL, Body, ThreadResync, ThreadResynced
from protocol.errors import ProtocolError
from protocol.ids import NodeId, ThreadId
from protocol.messages import MessageClaims, MessageError, VerifiedMessage, WrongRecipientError, verify_message
from protocol.thread.chains import (
    EquivocationError,
    ForkedViewError,
    Link,
    ThreadError,
    Verdict,
    link_of,
)
from protocol.thread.table import UNCONDITIONAL, Side

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from federation.membership.events import Effects
    from federation.membership.identity import Identity
    from federation.membership.roster import Roster
    from federation.membership.tables import MemberTables

MOST_PARKED = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """Places letters into the threads of one member."""

    tables: MemberTables
    identity: Identity
    effects: Effects

    @property
    def threads(self) -> Threads:
        """The threads."""
        return Threads(tables=self.tables, seal=self.identity.seal)

    @property
    def _alerts(self) -> Alerts:
        return Alerts(tables=self.tables, seal=self.identity.seal)

    def place(self, connection: Connection, message: VerifiedMessage, roster: Roster, now: datetime) -> None:
        """Put `message` into its thread and tell the program. Raises: ThreadError and its kinds, EffectFailedError."""
        if message.kind in CONTROL:
            self._control(connection, message, roster, now)
            return
        stored = self._thread(connection, message, now)
        waits = self._add(connection, stored, message, now)
        if waits or stored.parked:
            self._follow(connection, message.thread, roster, now)

    def hold_place(
        self, connection: Connection, claims: MessageClaims, inner: bytes, error: ProtocolError, now: datetime
    ) -> None:
        """Keep the place of a refused letter, void, so that what follows it still fits; keep what is evidence."""
        if claims.n == 0:
            return
        stored = self._found_or_new(connection, claims, now)
        if stored.peer != claims.iss:
            return
        link = void_link(claims, inner, stored.side.other)
        if isinstance(error, EquivocationError | ForkedViewError):
            self._keep_evidence(connection, stored, link, inner, error, now)
        length = len(stored.chains.chain(link.side))
        if link.n <= length or place_at(stored.parked, link) is not None:
            return
        self.threads.add(connection, stored.thread, new_place(link, claims, inner, now, parked=link.n > length + 1))

    def _control(self, connection: Connection, message: VerifiedMessage, roster: Roster, now: datetime) -> None:
        if isinstance(message.body, ThreadResync):
            stored = self._found_or_new(connection, message.claims, now)
            if stored.peer == message.sender:
                Repair(Post(tables=self.tables, identity=self.identity)).answer(connection, stored, message.body, now)
        elif isinstance(message.body, ThreadResynced):
            letters = tuple(text.encode("ascii") for text in message.body.messages)
            if self._thread(connection, message, now).lost_at is not None:
                self._recover(connection, message.thread, letters, roster, now, more=message.body.more)
                return
            for inner in letters:
                if author_of(inner) != self.identity.node:  # ours are sent along for a program that lost them
                    self._add_again(connection, message, inner, roster, now)
            self._follow(connection, message.thread, roster, now)

    def _recover(
        self,
        connection: Connection,
        thread: ThreadId,
        letters: tuple[bytes, ...],
        roster: Roster,
        now: datetime,
        *,
        more: bool,
    ) -> None:
        recovery = Recovery(tables=self.tables, identity=self.identity, effects=self.effects)
        recovery.take(connection, thread, letters, roster, now)
        if more:
            self.threads.ask_again(connection, thread)
        else:
            recovery.finish(connection, thread, roster, now)

    def _add_again(
        self, connection: Connection, carrier: VerifiedMessage, inner: bytes, roster: Roster, now: datetime
    ) -> None:
        # Its date is long past, so only its author and its place count.
        keys = PeerKeys(self.tables).past_keys(connection, roster, carrier.sender)
        try:
            message = verify_message(inner, keys=keys, sender=carrier.sender)
            _check_belongs(message, carrier)
        except ProtocolError as error:
            self._alerts.sound(connection, AlertCode.LETTER_DISCARDED, error.code, now, evidence=inner)
            return
        try:
            self._add(connection, self._thread(connection, message, now), message, now)
        except ThreadError as error:
            self.hold_place(connection, message.claims, inner, error, now)

    def _thread(self, connection: Connection, message: VerifiedMessage, now: datetime) -> StoredThread:
        stored = self._found_or_new(connection, message.claims, now)
        if stored.peer != message.sender:
            raise ThreadError(thread=message.thread)
        return stored

    def _found_or_new(self, connection: Connection, claims: MessageClaims, now: datetime) -> StoredThread:
        thread, peer = ThreadId(claims.thread), NodeId(claims.iss)
        found = self.threads.find(connection, thread)
        if found is not None:
            return found
        link = Links(self.tables).find(connection)
        lost_at = None if link is None or link.restored is None else now
        side = Side.HOST if lost_at is None else our_side(claims)
        return self.threads.create(connection, thread, peer=peer, side=side, now=now, lost_at=lost_at)

    def _add(self, connection: Connection, stored: StoredThread, message: VerifiedMessage, now: datetime) -> bool:
        """Put a letter into its place; whether it was parked there."""
        link = link_of(message, stored.side.other)
        waiting = place_at(stored.parked, link)
        if waiting is not None and waiting.link.digest != link.digest:
            raise EquivocationError(n=link.n)
        # A restored program cannot judge yet: the end of its own chain may be missing, too.
        verdict = stored.chains.judge(link) if stored.lost_at is None or _is_held(stored, link) else Verdict.PARKED
        if verdict is Verdict.ACCEPTED:
            self._accept(connection, stored, new_place(link, message.claims, message.inner, now), message.body, now)
            return False
        is_new = verdict is not Verdict.DUPLICATE and waiting is None
        if is_new:
            place = new_place(link, message.claims, message.inner, now, parked=True)
            self._park(connection, stored, place, message, now)
        return is_new

    def _park(
        self,
        connection: Connection,
        stored: StoredThread,
        place: StoredLink,
        message: VerifiedMessage,
        now: datetime,
    ) -> None:
        if len(stored.parked) >= MOST_PARKED and stored.lost_at is None:
            raise ThreadError(thread=stored.thread)
        self.threads.add(connection, stored.thread, place)
        if place.link.seen_n > len(stored.chains.chain(stored.side)) and stored.lost_at is None:
            # We never wrote what the author has seen: somebody else writes in our name.
            self._alerts.sound(connection, AlertCode.SECOND_SELF, stored.thread, now, evidence=message.inner)
        if message.kind in UNCONDITIONAL:
            # No missing letter can change what it does, so it is not made to wait.
            self._settle_and_tell(connection, stored, place, message.body, now)

    def _accept(
        self, connection: Connection, stored: StoredThread, place: StoredLink, body: Body, now: datetime
    ) -> None:
        here, add = unparked(place), self.threads.add_new
        if place_at(stored.parked, place.link) is not None:
            add = self.threads.add
        add(connection, stored.thread, here)
        if place.parked and place.link.kind in UNCONDITIONAL:
            self.threads.settle(connection, stored, stored.having(here).resolved, now)
        else:
            self._settle_and_tell(connection, stored, here, body, now)

    def _settle_and_tell(
        self, connection: Connection, stored: StoredThread, place: StoredLink, body: Body, now: datetime
    ) -> None:
        after, link = stored.having(place), place.link
        resolved = after.resolved
        self.threads.settle(connection, stored, resolved, now)
        event = ThreadEvent(
            thread=stored.thread,
            message=place.message,
            peer=stored.peer,
            side=stored.side,
            kind=link.kind,
            body=body,
            state_before=stored.state,
            state_after=resolved,
            overtaken=(link.side, link.n) in after.chains.resolve().overtaken,
            at=now,
            first=stored.is_new,
        )
        try:
            self.effects.accepted(connection, event)
        except Exception as error:
            # The program's own failure must not read as the author's mistake, nor block other letters.
            raise EffectFailedError(stored.thread) from error

    def _follow(self, connection: Connection, thread: ThreadId, roster: Roster, now: datetime) -> None:
        while True:
            stored = self.threads.find(connection, thread)
            if stored is None:
                return
            place = next((held for held in stored.parked if fits(stored, held.link)), None)
            if place is None:
                return
            self._unpark(connection, stored, place, roster, now)

    def _unpark(
        self, connection: Connection, stored: StoredThread, place: StoredLink, roster: Roster, now: datetime
    ) -> None:
        inner = self.threads.inner(stored.thread, place)
        if place.link.void or inner is None:
            self.threads.add(connection, stored.thread, unparked(place, void=True))
            return
        keys = PeerKeys(self.tables).past_keys(connection, roster, stored.peer)
        try:
            message = verify_message(inner, keys=keys, sender=stored.peer)
            stored.chains.judge(place.link)
        except ProtocolError as error:
            self._keep_evidence(connection, stored, place.link, inner, error, now)
            self.threads.add(connection, stored.thread, unparked(place, void=True))
            return
        self._accept(connection, stored, place, message.body, now)

    def _keep_evidence(  # noqa: PLR0917 - facts of one event, each needed
        self,
        connection: Connection,
        stored: StoredThread,
        link: Link,
        inner: bytes,
        error: ProtocolError,
        now: datetime,
    ) -> None:
        code = AlertCode.EQUIVOCATION if isinstance(error, EquivocationError) else AlertCode.FORKED_VIEW
        ours = place_at((*stored.links, *stored.parked), link)
        held = None if ours is None else self.threads.inner(stored.thread, ours)
        evidence = inner if held is None else held + b"\n" + inner
        self._alerts.sound(connection, code, stored.thread, now, evidence=evidence)


def _is_held(stored: StoredThread, link: Link) -> bool:
    return link.n <= len(stored.chains.chain(link.side))


def _check_belongs(message: VerifiedMessage, carrier: VerifiedMessage) -> None:
    if message.claims.to != carrier.claims.to:
        raise WrongRecipientError(message=message.message_id)
    if message.thread != carrier.thread or message.kind in CONTROL:
        raise MessageError(field="thread")
