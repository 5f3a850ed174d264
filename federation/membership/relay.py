"""The exchange as a member needs it: a port, what it carries, and how its answers are to be read.

`http_relay` speaks to a real one. An answer of the exchange changes a row of the outbox, never a thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from federation.ground.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime, timedelta

    from protocol.ids import Digest, JoinId, MessageId, NodeId
    from protocol.keys import SigningKey
    from protocol.needs import BoardKind

PAGE_LIMIT = 100  # items of one page, and names in one acknowledgement
_WAITS = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
_DENIES = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_FIRST_SERVER_ERROR = 500


class OutcomeClass(StrEnum):
    """What an answer means for the one who asked."""

    DONE = "done"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An answer of the exchange; `status` is 0 when there was none. `problem` is the code of its problem document."""

    status: int
    problem: str = ""
    retry_after: timedelta | None = None

    @property
    def kind(self) -> OutcomeClass:
        """Unreachable waits, refused is shown, denied pauses the link."""
        if HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES:
            return OutcomeClass.DONE
        if self.status == 0 or self.status >= _FIRST_SERVER_ERROR or self.status in _WAITS:
            return OutcomeClass.UNREACHABLE
        return OutcomeClass.DENIED if self.status in _DENIES else OutcomeClass.REFUSED


class RelayError(Refusal):
    """The exchange did not do what was asked."""

    code = "exchange-said-no"
    title = "The exchange could not be reached, or did not do what was asked."
    remedy = "It is tried again by itself; `mentorweave doctor` shows what the exchange answered."

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(status=outcome.status, problem=outcome.problem)
        self.outcome = outcome


class ItemKind(StrEnum):
    """What lies in a mailbox."""

    ENVELOPE = "envelope"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of the mailbox, as the exchange handed it over: nothing was checked."""

    cursor: int
    kind: ItemKind
    id: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """Some items, and whether there are more after the last of them."""

    items: tuple[Item, ...]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A sealed letter ready to be handed over."""

    message: MessageId
    to: NodeId
    envelope: bytes


@dataclass(slots=True)
class Aside:
    """What the exchange has still to be told: receipts to be passed on, and what it need not keep for us."""

    receipts: list[bytes] = field(default_factory=list)
    discard: list[str] = field(default_factory=list)

    def has_room(self, receipts: Sequence[bytes], discard: Sequence[str]) -> bool:
        """Whether these can still be said in the same request."""
        return max(len(self.receipts) + len(receipts), len(self.discard) + len(discard)) <= PAGE_LIMIT

    def clear(self) -> None:
        """It was told."""
        self.receipts.clear()
        self.discard.clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexEntry:
    """Which summary of a program is the newest, as the exchange says."""

    node: NodeId
    seq: int
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardOverview:
    """The open batch of the need board, when it closes, and those released, newest first."""

    open: str
    closes_at: datetime
    released: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinProgress:
    """Where a join request stands, as the exchange says; `challenge` is checked by its signature."""

    state: str
    challenge: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HopKeys:
    """Keys that sign requests: the current one, and the identity key for joining and for key statements."""

    signing: SigningKey
    identity: SigningKey


class Relay(Protocol):
    """One conversation with the exchange. Every verb raises RelayError."""

    def put_envelopes(self, threads: Sequence[Sequence[Outgoing]]) -> Mapping[MessageId, Outcome]:
        """Hand over letters, those of one thread in order; after a failure the rest of its thread is left out."""
        ...

    def mailbox(self, after: int | None, *, wait: int = 0) -> Page:
        """Items after a cursor; without one, everything not acknowledged. Waits up to `wait` seconds for the first."""
        ...

    def hang_up(self) -> None:
        """Let whoever waits for the mailbox wait no longer: it raises RelayError, now and from now on."""
        ...

    def acknowledge(self, receipts: Sequence[bytes], discard: Sequence[str]) -> None:
        """Hand over receipts, and let go of items that get none."""
        ...

    def acknowledge_and_wait(
        self, receipts: Sequence[bytes], discard: Sequence[str], after: int | None, *, wait: int
    ) -> Page | None:
        """`acknowledge` and then `mailbox` in one request; None: acknowledged, and the mailbox is still to be read."""
        ...

    def put_statement(self, node: NodeId, version: int, token: bytes) -> None:
        """Publish a key statement, signed by the identity key."""
        ...

    def get_statement(self, node: NodeId, version: int | None) -> bytes | None:
        """One key statement, or the newest; None when the exchange has none."""
        ...

    def put_summary(self, node: NodeId, digest: Digest, token: bytes) -> None:
        """Publish a summary."""
        ...

    def summary_index(self) -> tuple[IndexEntry, ...]:
        """The newest summary of every program."""
        ...

    def get_summary(self, node: NodeId, digest: Digest) -> bytes | None:
        """One summary; None when it is gone."""
        ...

    def board(self, kind: BoardKind) -> BoardOverview:
        """Which batch of the need board is open, until when, and which were released."""
        ...

    def put_upload(self, kind: BoardKind, batch: str, upload: str, sealed: bytes) -> None:
        """Hand something sealed to the need board."""
        ...

    def get_batch(self, kind: BoardKind, batch: str) -> bytes | None:
        """One batch of the need board, signed by the board; None before it is released."""
        ...

    def put_attestation(self, quarter: str, token: bytes) -> None:
        """Say how many mentees wait."""
        ...

    def time(self) -> datetime:
        """The exchange's own clock, to compare with ours."""
        ...

    def ask_to_join(self, token: bytes) -> None:
        """Knock at the door with a signed join request."""
        ...

    def join_progress(self, join: JoinId) -> JoinProgress:
        """Where the join request stands."""
        ...

    def answer_join(self, join: JoinId, token: bytes) -> None:
        """Answer the challenge."""
        ...


class RelayFactory(Protocol):
    """Begins a conversation with the exchange at `url`."""

    def __call__(self, url: str, keys: HopKeys) -> AbstractContextManager[Relay]:
        """Open it; leaving the block closes every connection."""
        ...
