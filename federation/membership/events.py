"""What a member's program is told of accepted letters: the port it implements, and the facts it is handed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from protocol.bodies import Body, Kind
    from protocol.ids import MessageId, NodeId, ThreadId
    from protocol.thread.table import Side, State


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadEvent:
    """One accepted letter. `side` is ours; `overtaken`: it was legal for its author but changes nothing any more.

    `ours`: we said it ourselves, before this program was restored.
    """

    thread: ThreadId
    message: MessageId
    peer: NodeId
    side: Side
    kind: Kind
    body: Body
    state_before: State
    state_after: State
    overtaken: bool
    at: datetime
    first: bool
    ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What a restored program had lost of one thread, its own words among it, in an order in which it can be read.

    Nobody waits for an answer to most of it: what was answered since stands among it, too. `state` is where the thread
    stands after all of it.
    """

    thread: ThreadId
    peer: NodeId
    side: Side
    state: State
    events: tuple[ThreadEvent, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasures:
    """Whom the program erased after `since` and until `at`, as keyed tombstones; it may name others as well."""

    tombstones: tuple[str, ...]
    since: datetime
    at: datetime


class Effects(Protocol):
    """What the program does about letters; called inside the receiving transaction, once each, in thread order."""

    def accepted(self, connection: Connection, event: ThreadEvent) -> None:
        """Take in a letter that fits its thread; an exception keeps it for later and blocks no other letter."""
        ...

    def recovered(self, connection: Connection, found: Recovered) -> None:
        """Take in what a restore had lost; `ours` tells whose words an event is."""
        ...

    def quarantined(self, connection: Connection, event: ThreadEvent) -> None:
        """Show a withdrawal or an erasure of a suspended program to a person; nothing was executed."""
        ...

    def erasures(self, connection: Connection, most: int, now: datetime) -> Erasures | None:
        """What the program must not forget of whom it erased: the newest, at most so many. None: it keeps no list."""
        ...

    def reminded(self, connection: Connection, found: Erasures, now: datetime) -> None:
        """Take in what the program wrote to itself, perhaps before it was restored: erase again who is here."""
        ...


class EffectFailedError(Exception):
    """The program could not take a letter in. It is kept, and tried again in the next round."""
