"""What letters of other programs do here: each is told to the program inside the transaction that received it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from federation.membership.events import Erasures, Recovered, ThreadEvent
from node.adapters.membership.translation import from_body
from node.domain.actor import SYSTEM
from node.domain.audit import Act, AuditEntry
from node.domain.request import End, Stage
from node.services.ports import UnitOfWork
from node.services.ports.border import Found, Heard, Reminded, Told
from protocol.messages import LIFETIME
from protocol.thread.table import State

_BEFORE_ALL = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class ProgramEffects:
    """Hands what was heard to the program; `join` opens a unit of work inside a transaction that is open already."""

    join: Callable[[Connection], UnitOfWork]
    hear: Callable[[UnitOfWork, Heard], None]
    recover: Callable[[UnitOfWork, Found], None]
    remind: Callable[[UnitOfWork, Reminded, datetime], None]

    def accepted(self, connection: Connection, event: ThreadEvent) -> None:
        """Let it take effect."""
        heard = Heard(
            thread=event.thread,
            peer=event.peer,
            end=End(event.side.value),
            said=from_body(event.kind, event.body),
            stage=Stage(event.state_after.value),
            overtaken=event.overtaken,
            at=_said_at(event),
            received_at=event.at,
        )
        with self.join(connection) as work:
            self.hear(work, heard)

    def recovered(self, connection: Connection, found: Recovered) -> None:
        """Let what a restore had lost take effect."""
        if found.state is State.NEW:
            return  # neither end holds a word of it
        told = tuple(
            Told(said=from_body(event.kind, event.body), ours=event.ours, at=_said_at(event))
            for event in found.events
            if not event.overtaken
        )
        with self.join(connection) as work:
            self.recover(
                work,
                Found(
                    thread=found.thread,
                    peer=found.peer,
                    end=End(found.side.value),
                    stage=Stage(found.state.value),
                    told=told,
                    received_at=found.at,
                ),
            )

    def quarantined(self, connection: Connection, event: ThreadEvent) -> None:
        """Remember that a suspended program took something back, for a person to look at; nothing is executed."""
        with self.join(connection) as work:
            entry = AuditEntry(at=event.at, actor=SYSTEM.id, act=Act.REQUEST_QUARANTINED, subject=event.thread)
            work.audit.add(entry)

    def erasures(self, connection: Connection, most: int, now: datetime) -> Erasures:
        """The newest tombstones, and since when none is missing among them."""
        with self.join(connection) as work:
            newest = work.erasures.newest(most + 1)
        since = newest[most].at if len(newest) > most else _BEFORE_ALL
        return Erasures(tombstones=tuple(one.tombstone for one in newest[:most]), since=since, at=now)

    def reminded(self, connection: Connection, found: Erasures, now: datetime) -> None:
        """Let the program forget again whom it had erased."""
        with self.join(connection) as work:
            self.remind(work, Reminded(tombstones=found.tombstones, since=found.since, at=found.at), now)


def _said_at(event: ThreadEvent) -> datetime:
    """When its author said it, by the time in the message's id (UUIDv7), so that both ends name one moment.

    An author's clock is believed for as long as a message may be under way, and never about the future.
    """
    milliseconds = int(event.message.replace("-", "")[:12], 16)
    received = int(event.at.timestamp() * 1000)
    earliest = received - LIFETIME // timedelta(milliseconds=1)
    return datetime.fromtimestamp(min(max(milliseconds, earliest), received) / 1000, UTC)
