"""Items of a mailbox: sealed envelopes, and receipts on their way home."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from protocol.ids import Digest, NodeId

PAGE_ITEMS = 100
PAGE_BYTES = 4_000_000


class ItemKind(StrEnum):
    """What an item is."""

    ENVELOPE = "envelope"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """Something to put into the mailbox of `to`."""

    to: NodeId
    id: str
    kind: ItemKind
    sender: NodeId
    digest: Digest
    body: bytes
    accepted_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item as its owner fetches it."""

    cursor: int
    id: str
    kind: ItemKind
    sender: NodeId
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is remembered of an item, without its body."""

    cursor: int
    id: str
    kind: ItemKind
    sender: NodeId
    digest: Digest
    size: int
    accepted_at: datetime
    expires_at: datetime
    is_acknowledged: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Items in the order of their cursors, and whether there are more."""

    items: tuple[Item, ...]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """The exchange's answer to a letter. It proves nothing; only a receipt says "delivered"."""

    id: str
    digest: Digest
    accepted_at: datetime
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """Which ids were known in the caller's mailbox, and which were not."""

    acknowledged: tuple[str, ...]
    unknown: tuple[str, ...]
