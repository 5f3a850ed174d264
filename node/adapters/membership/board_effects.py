"""What the board shows is told to the program, inside the transaction that remembers a batch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from node.adapters.membership.board import heard_of, opening_keys, shown_of
from node.services.ports import UnitOfWork
from node.services.ports.work import Listener
from protocol.ids import Digest
from protocol.keys import OpeningKey
from protocol.needs import Batch, OfferClaims


@dataclass(frozen=True, slots=True)
class ProgramBoard:
    """Hands what the board shows to the program; `join` opens a unit of work inside an open transaction."""

    join: Callable[[Connection], UnitOfWork]
    listener: Listener

    def shown(self, connection: Connection, batch: Batch) -> None:
        """A batch of needs was released."""
        with self.join(connection) as work:
            self.listener.shown(work, shown_of(batch))

    def keys(self, connection: Connection) -> Mapping[Digest, OpeningKey]:
        """The one-time keys of our open cards."""
        with self.join(connection) as work:
            return opening_keys(tuple(card for card in work.postings.all() if card.ended_at is None))

    def offered(self, connection: Connection, offer: OfferClaims, at: datetime) -> None:
        """A member offers something for a card of ours."""
        with self.join(connection) as work:
            self.listener.offered(work, heard_of(offer, at))
