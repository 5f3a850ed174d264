"""The need board as the relay knows it, in this process or in another, and its own memory.

Nothing that passes here names a member.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from federation.exchange.domain.board import BoardView, OpenBatch, PostedCard, Upload
    from protocol.ids import Digest
    from protocol.needs import BoardKind


class BoardKeeper(Protocol):
    """Takes what the relay hands over, and shows what was released."""

    def take(self, kind: BoardKind, upload: Upload) -> None:
        """Take one upload; the same bytes under the same id again change nothing.

        Raises: BatchClosedError, BoardError, UnsealError, PaddingError, field errors, TakenError;
        BoardUnreachableError.
        """
        ...

    def batch(self, kind: BoardKind, batch: str) -> bytes | None:
        """One released batch as the board signed it. Raises: BoardUnreachableError."""
        ...

    def view(self, kind: BoardKind, *, fresh: bool = True) -> BoardView:
        """The open batch and the released ones; unless `fresh`, as they were some seconds ago.

        Raises: UnfoundedError, BoardUnreachableError.
        """
        ...


class Board(Protocol):
    """Uploads until they are released, released batches, and the counts of codes by pseudonym."""

    def open_batch(self) -> OpenBatch | None:
        """The batch that collects uploads."""
        ...

    def open_next(self, batch: OpenBatch) -> None:
        """Collect into `batch` from now on."""
        ...

    def upload(self, kind: BoardKind, upload: str, digest: Digest) -> Digest | None:
        """Remember an upload id; the digest of what came under it before, or None."""
        ...

    def code_count(self, pseudonym: str, code: str) -> int:
        """How often `pseudonym` posted `code`."""
        ...

    def codes(self, pseudonym: str) -> int:
        """How many codes `pseudonym` posted."""
        ...

    def open_cards(self, pseudonym: str, since: int) -> int:
        """Cards of `pseudonym` not closed, and not older than batch number `since`."""
        ...

    def post(self, card: PostedCard) -> bool:
        """Store a card for the next release; whether its id was new."""
        ...

    def close(self, close: Digest) -> None:
        """Close the card of this `close`, if there is one."""
        ...

    def offer(self, offer: str) -> None:
        """Store a sealed offer for the next release."""
        ...

    def take_cards(self, number: int, limit: int) -> Sequence[bytes]:
        """Cards to release with batch `number`, sorted by id; they count as released."""
        ...

    def take_closed(self, number: int, limit: int) -> Sequence[Digest]:
        """Closings to release, sorted."""
        ...

    def take_offers(self, limit: int) -> Sequence[str]:
        """Offers to release, sorted by hash; they are not kept."""
        ...

    def release(self, kind: BoardKind, batch: OpenBatch, token: bytes, now: datetime) -> None:
        """Store a signed batch; its upload ids are forgotten."""
        ...

    def token(self, kind: BoardKind, batch: str) -> bytes | None:
        """One released batch."""
        ...

    def released(self, kind: BoardKind, limit: int) -> Sequence[tuple[str, Digest]]:
        """The newest released batches, newest first, with the digest of their token."""
        ...

    def forget(self, *, cards: int, batches: int) -> None:
        """Drop cards and codes older than batch number `cards`, and released batches older than `batches`."""
        ...
