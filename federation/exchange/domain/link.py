"""What a relay and a board in two processes say to each other; it holds no member, and no card in the clear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, StringConstraints

from federation.exchange.domain.board import BoardView, Upload
from protocol.documents import Document, Moment, from_moment, to_moment
from protocol.ids import DIGEST_PATTERN
from protocol.needs import OFFER_BYTES, BatchId
from protocol.parsing import b64u, unb64u

if TYPE_CHECKING:
    from protocol.needs import BoardKind

PATH = "/v1/board"
HANDED_BYTES = 2 * OFFER_BYTES
VIEW_BYTES = 65_536

UploadId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
Sealed = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]*$")]


class Handed(Document):
    """One upload without its origin: the pseudonym of the quarter, and how many cards it may have open."""

    batch: BatchId
    upload: UploadId
    sealed: Sealed
    pseudonym: Annotated[str, StringConstraints(pattern=DIGEST_PATTERN)]
    budget: Annotated[int, Field(ge=0)]

    @classmethod
    def of(cls, upload: Upload) -> Self:
        """`upload` as it travels."""
        return cls(
            batch=upload.batch,
            upload=upload.upload,
            sealed=b64u(upload.sealed),
            pseudonym=upload.pseudonym,
            budget=upload.budget,
        )

    def read(self) -> Upload:
        """The upload again. Raises: Base64Error."""
        return Upload(
            batch=self.batch,
            upload=self.upload,
            sealed=unb64u(self.sealed),
            pseudonym=self.pseudonym,
            budget=self.budget,
        )


class ShownView(Document):
    """What the board says of its batches."""

    open: BatchId
    closes_at: Moment
    released: tuple[BatchId, ...]

    @classmethod
    def of(cls, view: BoardView) -> Self:
        """`view` as it travels."""
        return cls(open=view.open, closes_at=to_moment(view.closes_at), released=view.released)

    def read(self) -> BoardView:
        """The view again."""
        return BoardView(open=self.open, closes_at=from_moment(self.closes_at), released=self.released)


def place(kind: BoardKind, batch: str | None = None) -> str:
    """Where the board of this kind is, or one batch of it."""
    return f"{PATH}/{kind.value}" if batch is None else f"{PATH}/{kind.value}/{batch}"
