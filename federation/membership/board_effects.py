"""What the program does with the need board, told inside the transaction that remembers a batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from protocol.ids import Digest
    from protocol.keys import OpeningKey
    from protocol.needs import Batch, OfferClaims


class BoardEffects(Protocol):
    """The program's side of the board."""

    def shown(self, connection: Connection, batch: Batch) -> None:
        """A batch of needs was released."""
        ...

    def keys(self, connection: Connection) -> Mapping[Digest, OpeningKey]:
        """The one-time keys of our open cards, by the card's id."""
        ...

    def offered(self, connection: Connection, offer: OfferClaims, at: datetime) -> None:
        """A member offers something for a card of ours; its signature held."""
        ...


@dataclass(frozen=True, slots=True)
class NoBoardEffects(BoardEffects):
    """For a member that posts nothing and serves nobody."""

    def shown(self, connection: Connection, batch: Batch) -> None:
        """Nothing follows."""

    def keys(self, connection: Connection) -> Mapping[Digest, OpeningKey]:  # noqa: ARG002 - as the port has it
        """None."""
        return {}

    def offered(self, connection: Connection, offer: OfferClaims, at: datetime) -> None:
        """Nothing follows."""
