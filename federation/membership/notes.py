"""The daily note to oneself: once a day at a fixed hour, of one size, whether anybody was erased or not.

So neither that it is written nor when or how large it is tells the exchange anything. What it says is the program's.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from federation.ground.engine import transaction
from federation.membership.links import Links
from federation.membership.relay import OutcomeClass, Outgoing
from protocol.documents import to_moment
from protocol.envelope import LIFETIME
from protocol.ids import UUID_ENTROPY, MessageId, uuid7
from protocol.notes import MOST, ErasureNote, seal_note

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from federation.membership.events import Effects, Erasures
    from federation.membership.post import Post
    from federation.membership.relay import Relay
    from protocol.envelope import Envelope

HOUR = 9  # UTC; night in most of Canada
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """Writes the notes of one member."""

    engine: Engine
    post: Post
    effects: Effects

    def write(self, relay: Relay, now: datetime) -> None:
        """Put the day's note into our own mailbox; one that does not arrive is written anew in the next round."""
        with transaction(self.engine) as connection:
            noted_at = Links(self.post.tables).get(connection).noted_at
            if noted_at is not None and noted_at >= _hour_before(now):
                return
            erasures = self.effects.erasures(connection, MOST, now)
        if erasures is None:
            return
        envelope = self._seal(erasures, now)
        name = MessageId(envelope.header.id)
        letter = Outgoing(message=name, to=self.post.identity.node, envelope=envelope.raw)
        if relay.put_envelopes([[letter]])[name].kind is OutcomeClass.DONE:
            with transaction(self.engine) as connection:
                Links(self.post.tables).noted(connection, now)

    def _seal(self, erasures: Erasures, now: datetime) -> Envelope:
        note = ErasureNote(
            iss=self.post.identity.node,
            jti=uuid7(now, os.urandom(UUID_ENTROPY)),
            since=math.ceil(erasures.since.timestamp()),
            iat=to_moment(now),
            exp=to_moment(now + LIFETIME),
            erasures=erasures.tombstones,
        )
        return seal_note(note, self.post.identity.identity)


def _hour_before(now: datetime) -> datetime:
    """When the last note was due."""
    hour = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return hour if hour <= now else hour - _DAY
