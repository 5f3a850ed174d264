"""What a restored program lost of a thread and the other end still holds: both chains come home, nothing is answered.

Letters wait until the other end has sent all of them: read one by one, they would be answered a second time. A
withdrawal or an erasure of these days was only promised: it takes its place after what had been said before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, update

from federation.membership.alerts import AlertCode, Alerts
from federation.membership.events import EffectFailedError, Recovered, ThreadEvent
from federation.membership.letters import LetterState
from federation.membership.peers import PeerKeys
from federation.membership.places import author_of, fits, new_place, place_at
from federation.membership.post import Post
from federation.membership.stored import StoredLink, StoredThread, unparked
from federation.membership.threads import Threads
from protocol.bodies import CONTROL, Kind, Tombstone
from protocol.errors import ProtocolError
from protocol.messages import MessageError, VerifiedMessage, WrongRecipientError, verify_message
from protocol.roster import NotMemberError
from protocol.thread.chains import link_of
from protocol.thread.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from federation.membership.events import Effects
    from federation.membership.identity import Identity
    from federation.membership.roster import Roster
    from federation.membership.tables import MemberTables
    from protocol.ids import KeyId, NodeId, ThreadId
    from protocol.keys import VerifyingKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Brings the threads of one restored member up to date."""

    tables: MemberTables
    identity: Identity
    effects: Effects

    def take(
        self, connection: Connection, thread: ThreadId, letters: tuple[bytes, ...], roster: Roster, now: datetime
    ) -> None:
        """Lay the letters of an answer into their places; `finish` follows with the last of them."""
        stored = self._threads.get(connection, thread)
        keys = self._keys(connection, roster, stored.peer)
        for inner in letters:
            try:
                self._lay(connection, stored, _verified(inner, keys, stored, self.identity.node), now)
            except ProtocolError as error:
                self._alerts.sound(connection, AlertCode.LETTER_DISCARDED, error.code, now, evidence=inner)

    def finish(self, connection: Connection, thread: ThreadId, roster: Roster, now: datetime) -> None:
        """Read in order, say what was promised meanwhile, tell the program. Raises: EffectFailedError."""
        stored = self._threads.get(connection, thread)
        promised = self._threads.promised(connection, thread)
        events = tuple(self._follow(connection, stored, roster, now))
        self._threads.found(connection, thread)
        self._say(connection, thread, promised, now)
        after = self._threads.get(connection, thread)
        self._threads.settle(connection, after, after.resolved, now)
        found = Recovered(
            thread=thread, peer=stored.peer, side=stored.side, state=after.resolved, events=events, at=now
        )
        try:
            self.effects.recovered(connection, found)
        except Exception as error:
            # As for any letter: the program's own failure is no mistake of the other end.
            raise EffectFailedError(thread) from error

    @property
    def _threads(self) -> Threads:
        return Threads(tables=self.tables, seal=self.identity.seal)

    @property
    def _alerts(self) -> Alerts:
        return Alerts(tables=self.tables, seal=self.identity.seal)

    def _keys(self, connection: Connection, roster: Roster, peer: NodeId) -> dict[str, Mapping[KeyId, VerifyingKey]]:
        try:
            theirs = PeerKeys(self.tables).past_keys(connection, roster, peer)
        except NotMemberError:
            theirs = {}
        return {peer: theirs, self.identity.node: self.identity.past_keys(connection)}

    def _lay(self, connection: Connection, stored: StoredThread, message: VerifiedMessage, now: datetime) -> None:
        ours = message.sender == self.identity.node
        link = link_of(message, stored.side if ours else stored.side.other)
        held = place_at((*stored.links, *stored.parked), link)
        if held is None:
            self._threads.add(
                connection, stored.thread, new_place(link, message.claims, message.inner, now, parked=True)
            )
        elif held.link.digest != link.digest:
            self._alerts.sound(connection, AlertCode.EQUIVOCATION, stored.thread, now, evidence=message.inner)
        if not ours:
            return
        self._threads.delivered(connection, stored.thread, stored.side, range(link.n, link.n + 1), now)
        self._arrived(connection, message)
        if message.claims.keys.version > self.identity.newest(connection).version:
            # A statement of ours that the exchange does not show; what we sign next must come after it.
            self.identity.rotate(connection, now, at_least=message.claims.keys.version + 1)

    def _arrived(self, connection: Connection, message: VerifiedMessage) -> None:
        """What the other end holds is not sent a second time."""
        table = self.tables.outbox
        connection.execute(
            update(table)
            .where(table.c.message == message.message_id)
            .values(state=LetterState.DELIVERED.value, due_at=None, claimed_until=None, envelope=None, inner=None)
        )

    def _follow(
        self, connection: Connection, lost: StoredThread, roster: Roster, now: datetime
    ) -> Iterator[ThreadEvent]:
        keys = self._keys(connection, roster, lost.peer)
        while True:
            stored = self._threads.get(connection, lost.thread)
            place = next((held for held in stored.parked if fits(stored, held.link)), None)
            if place is None:
                return
            event = self._read(connection, stored, place, keys, now)
            if event is not None:
                yield event

    def _read(
        self,
        connection: Connection,
        stored: StoredThread,
        place: StoredLink,
        keys: dict[str, Mapping[KeyId, VerifyingKey]],
        now: datetime,
    ) -> ThreadEvent | None:
        inner, ours = self._threads.inner(stored.thread, place), place.link.side is stored.side
        author = self.identity.node if ours else stored.peer
        try:
            if inner is None or place.link.void:
                raise MessageError(field="void")
            message = verify_message(inner, keys=keys[author], sender=author)
            stored.chains.judge(place.link)
        except ProtocolError:
            # It was refused when it was first said, at the end that judged it.
            self._threads.add(connection, stored.thread, unparked(place, void=True))
            return None
        self._threads.add(connection, stored.thread, unparked(place))
        after = self._threads.get(connection, stored.thread)
        self._threads.settle(connection, stored, after.resolved, now)
        return ThreadEvent(
            thread=stored.thread,
            message=place.message,
            peer=stored.peer,
            side=stored.side,
            kind=place.link.kind,
            body=message.body,
            state_before=stored.state,
            state_after=after.resolved,
            overtaken=(place.link.side, place.link.n) in after.chains.resolve().overtaken,
            at=now,
            first=stored.is_new,
            ours=ours,
        )

    def _say(self, connection: Connection, thread: ThreadId, kinds: tuple[Kind, ...], now: datetime) -> None:
        stored = self._threads.get(connection, thread)
        self._threads.settle(connection, stored, stored.resolved, now)
        post = Post(tables=self.tables, identity=self.identity)
        for kind in kinds:
            if (self._threads.get(connection, thread).state, stored.side, kind) in TABLE:
                post.say(connection, thread=thread, kind=kind, body=Tombstone(), now=now)


def _verified(
    inner: bytes, keys: dict[str, Mapping[KeyId, VerifyingKey]], stored: StoredThread, node: NodeId
) -> VerifiedMessage:
    author = node if author_of(inner) == node else stored.peer
    message = verify_message(inner, keys=keys[author], sender=author)
    if message.claims.to != (stored.peer if author == node else node):
        raise WrongRecipientError(message=message.message_id)
    if message.thread != stored.thread or message.kind in CONTROL:
        raise MessageError(field="thread")
    return message
