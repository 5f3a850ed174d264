"""Writing letters inside the caller's transaction: judged, chained, signed, and put into the outbox with the decision.

Nothing here touches the network; sealing and sending are `deliver`'s work.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select

from federation.ground.engine import wrote
from federation.membership.letters import LETTERS, WITHDRAWALS, LetterState
from federation.membership.refusals import CatchingUpError, RosterTooOldError
from federation.membership.roster import Tier
from federation.membership.roster_store import RosterStore
from federation.membership.stored import StoredLink, StoredThread
from federation.membership.threads import Threads
from federation.membership.views import ThreadView, TimelineEntry, lapsing, view, views
from protocol.bodies import Body, Kind, RequestOpen
from protocol.documents import to_moment
from protocol.ids import UUID_ENTROPY, Digest, MessageId, NodeId, ThreadId, sha256_hex, uuid7
from protocol.messages import LIFETIME, MessageClaims, SeenPeer, sign_message
from protocol.thread.chains import Draft, IllegalTransitionError, Link
from protocol.thread.table import ENDS, TABLE, Side

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from federation.membership.identity import Identity
    from federation.membership.roster import Roster
    from federation.membership.tables import MemberTables


__all__ = ["Post", "ThreadView", "TimelineEntry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """This member's writing desk."""

    tables: MemberTables
    identity: Identity

    @property
    def threads(self) -> Threads:
        """The threads it writes into."""
        return Threads(tables=self.tables, seal=self.identity.seal)

    def open_thread(self, connection: Connection, *, to: NodeId, body: RequestOpen, now: datetime) -> ThreadId:
        """Ask another program; returns the new thread.

        Raises: RosterUnverifiedError, RosterTooOldError, NotMemberError, SuspendedError.
        """
        roster = RosterStore(self.tables).get(connection)
        if roster.tier(now) in (Tier.NO_NEW, Tier.SILENT):
            raise RosterTooOldError(tier=roster.tier(now).value)
        roster.require_active(to, now)
        thread = ThreadId(uuid7(now, os.urandom(UUID_ENTROPY)))
        new = self.threads.create(connection, thread, peer=to, side=Side.HOME, now=now)
        self._say(connection, roster, new, kind=Kind.REQUEST_OPEN, body=body, now=now)
        return thread

    def say(self, connection: Connection, *, thread: ThreadId, kind: Kind, body: Body, now: datetime) -> MessageId:
        """Say `kind` in a thread, where the table allows it; returns the letter's id.

        Raises: UnknownThreadError, IllegalTransitionError, RosterUnverifiedError, RosterTooOldError, MessageTypeError,
        CatchingUpError.
        """
        roster = RosterStore(self.tables).get(connection)
        if roster.tier(now) is Tier.SILENT and kind not in WITHDRAWALS:
            raise RosterTooOldError(tier=Tier.SILENT.value)
        before = self.threads.get(connection, thread)
        return self._say(connection, roster, before, kind=kind, body=body, now=now)

    def _say(
        self, connection: Connection, roster: Roster, before: StoredThread, *, kind: Kind, body: Body, now: datetime
    ) -> MessageId:
        _check_open(before, kind)
        if before.lost_at is not None:
            return self._promise(connection, before, kind, now)
        draft = before.chains.draft(before.side, kind)
        message, inner = self._sign(connection, before, _Letter(kind, body, draft, roster), now)
        link = Link(
            side=before.side,
            n=draft.n,
            kind=kind,
            digest=sha256_hex(inner),
            prev=draft.prev,
            seen_n=draft.seen_n,
            seen_hash=draft.seen_hash,
        )
        stored = StoredLink(link=link, message=message, parked=False, at=now, delivered_at=None, inner=inner)
        self.threads.add_new(connection, before.thread, stored)
        self.threads.settle(connection, before, before.having(stored).resolved, now)
        self._queue(connection, before, message, kind, inner=None, carries_n=draft.n, now=now)
        return message

    def _promise(self, connection: Connection, before: StoredThread, kind: Kind, now: datetime) -> MessageId:
        """A withdrawal takes effect here at once; its place in the chain is known when the end of the thread is."""
        if kind not in WITHDRAWALS:
            raise CatchingUpError(thread=before.thread)
        message = MessageId(uuid7(now, os.urandom(UUID_ENTROPY)))
        self.threads.settle(connection, before, ENDS[kind], now)
        self._queue(connection, before, message, kind, inner=None, carries_n=0, now=now)
        return message

    def control(
        self, connection: Connection, stored: StoredThread, *, kind: Kind, body: Body, carries_n: int, now: datetime
    ) -> MessageId:
        """Say something outside the chains, to repair a thread; `carries_n` is our last message inside it."""
        roster = RosterStore(self.tables).get(connection)
        outside = Draft(n=0, prev=None, seen_n=0, seen_hash=None)
        message, inner = self._sign(connection, stored, _Letter(kind, body, outside, roster), now)
        self._queue(connection, stored, message, kind, inner=inner, carries_n=carries_n, now=now)
        return message

    def view(self, connection: Connection, thread: ThreadId) -> ThreadView:
        """A thread's story, its state and whose move it is. Raises: UnknownThreadError."""
        return view(self.threads, connection, thread)

    def story(self, connection: Connection, thread: ThreadId) -> ThreadView:
        """The same, with what each message says as far as it is kept. Raises: UnknownThreadError."""
        return view(self.threads, connection, thread, in_words=True)

    def views(self, connection: Connection, threads: Iterable[ThreadId]) -> tuple[ThreadView, ...]:
        """The stories of several threads; one that is not here is left out."""
        return views(self.threads, connection, threads)

    def due(self, connection: Connection, now: datetime) -> list[ThreadView]:
        """Threads for which the caller says `request.expire`; none before the mailbox was read since."""
        synced_at = connection.scalar(select(self.tables.link.c.synced_at))
        return [] if synced_at is None else lapsing(self.threads, connection, synced_at, now)

    def _sign(
        self, connection: Connection, stored: StoredThread, letter: _Letter, now: datetime
    ) -> tuple[MessageId, bytes]:
        draft = letter.draft
        message = MessageId(uuid7(now, os.urandom(UUID_ENTROPY)))
        seen_hash: Digest | None = draft.seen_hash
        claims = MessageClaims(
            iss=self.identity.node,
            to=stored.peer,
            id=message,
            thread=stored.thread,
            n=draft.n,
            prev=draft.prev,
            seen_peer=None if seen_hash is None else SeenPeer(n=draft.seen_n, hash=seen_hash),
            type=letter.kind.value,
            iat=to_moment(now),
            exp=to_moment(now + LIFETIME),
            seen=letter.roster.seen,
            keys=self.identity.statement(connection, now).ref,
        )
        return message, sign_message(claims, letter.body, self.identity.signing_key(connection, now))

    def _queue(
        self,
        connection: Connection,
        stored: StoredThread,
        message: MessageId,
        kind: Kind,
        *,
        inner: bytes | None,
        carries_n: int,
        now: datetime,
    ) -> None:
        wrote(connection, LETTERS)
        place = f"member_outbox/{message}".encode()
        row: dict[str, object] = {"message": message, "thread": stored.thread, "peer": stored.peer, "kind": kind.value}
        row |= {"carries_n": carries_n, "state": LetterState.WAITING.value, "attempts": 0}
        row |= {"created_at": now, "expires_at": now + LIFETIME, "due_at": now}
        row |= {"inner": None if inner is None else self.identity.seal.seal(inner, place)}
        connection.execute(insert(self.tables.outbox), row)


def _check_open(stored: StoredThread, kind: Kind) -> None:
    # An erasure that still waits behind a gap has ended the thread already.
    if (stored.state, stored.side, kind) not in TABLE:
        raise IllegalTransitionError(state=stored.state.value, kind=kind.value)


@dataclass(frozen=True, slots=True)
class _Letter:
    kind: Kind
    body: Body
    draft: Draft
    roster: Roster
