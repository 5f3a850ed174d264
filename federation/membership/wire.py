"""The exchange's answers as they travel: JSON read strictly. What they mean is said by the port in `relay`."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from federation.membership.relay import PAGE_LIMIT, Item, ItemKind
from protocol.documents import Count, DigestText, Document, Moment, NodeIdText
from protocol.needs import BatchId

SEND_LIMIT = 100


class WireItem(Document):
    """An item of a mailbox; a body that is no base64 reads as empty, and is discarded as rubbish."""

    cursor: Count
    kind: ItemKind
    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    data: str

    @property
    def item(self) -> Item:
        """The item itself."""
        try:
            data = base64.b64decode(self.data, validate=True)
        except (binascii.Error, ValueError):
            data = b""
        return Item(cursor=self.cursor, kind=self.kind, id=self.id, data=data)


class WirePage(Document):
    """One page of a mailbox."""

    items: Annotated[tuple[WireItem, ...], Field(max_length=PAGE_LIMIT)]
    more: bool


class WireAcknowledged(Document):
    """What follows an acknowledgement: a page, or nothing where the exchange does not wait for one."""

    items: Annotated[tuple[WireItem, ...], Field(max_length=PAGE_LIMIT)] | None = None
    more: bool = False


class WireResult(Document):
    """What became of one letter of several."""

    status: Annotated[int, Field(ge=100, le=599)]
    code: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{0,60}$")] = ""
    retry_after: Annotated[int, Field(ge=0, le=999_999)] | None = None


class WireSent(Document):
    """What became of letters that were sent together, in their order."""

    results: Annotated[tuple[WireResult, ...], Field(max_length=SEND_LIMIT)]


class WireEntry(Document):
    """One line of the index of summaries."""

    node: NodeIdText
    seq: Count
    sha256: DigestText


class WireIndex(Document):
    """The index of summaries."""

    summaries: tuple[WireEntry, ...]


class WireJoin(Document):
    """Where a join request stands."""

    state: Annotated[str, StringConstraints(max_length=40)]
    challenge: str | None = None


class WireBoard(Document):
    """What the need board says of itself."""

    open: BatchId
    closes_at: AwareDatetime
    released: tuple[BatchId, ...]


class WireTime(Document):
    """The exchange's clock."""

    unix: Moment
