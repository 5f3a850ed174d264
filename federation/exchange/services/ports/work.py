"""One transaction over everything the exchange stores, and what tells waiting readers about it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from federation.exchange.domain.mailbox import Item
    from federation.exchange.services.ports.board import Board
    from federation.exchange.services.ports.mailbox import Counters, Mailboxes, Nonces
    from federation.exchange.services.ports.members import Attestations, Joinings, RosterFiles, Statements, Summaries
    from protocol.ids import NodeId


class Area(StrEnum):
    """What is changed under one lock, because it changes rarely."""

    ROSTER = "roster"
    KEYS = "keys"
    JOININGS = "joinings"
    SUMMARIES = "summaries"
    BOARD = "board"


class Work(Protocol):
    """Leaving commits; an error rolls back."""

    def lock(self, area: Area) -> None:
        """Let nobody else change `area` until the transaction ends, and tell every replica that it changed."""
        ...

    @property
    def nonces(self) -> Nonces:
        """Requests seen."""
        ...

    @property
    def mailboxes(self) -> Mailboxes:
        """Letters waiting."""
        ...

    @property
    def counters(self) -> Counters:
        """What members spent."""
        ...

    @property
    def roster(self) -> RosterFiles:
        """The published roster."""
        ...

    @property
    def statements(self) -> Statements:
        """Key statements."""
        ...

    @property
    def joinings(self) -> Joinings:
        """Requests to join."""
        ...

    @property
    def summaries(self) -> Summaries:
        """Published summaries."""
        ...

    @property
    def attestations(self) -> Attestations:
        """Attested numbers of waiting mentees."""
        ...

    @property
    def board(self) -> Board:
        """The need board."""
        ...


UnitOfWork = Callable[[], AbstractContextManager["Work"]]


class Wakeups(Protocol):
    """Tells readers that wait, on this replica and on the others."""

    def wake(self, stored: Mapping[NodeId, Sequence[Item]]) -> None:
        """There is something new for these members: what was stored in one transaction, or nothing that is told."""
        ...
