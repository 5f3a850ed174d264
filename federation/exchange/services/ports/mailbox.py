"""Mailboxes and the counts that protect them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from federation.exchange.domain.caller import Caller
    from federation.exchange.domain.mailbox import Held, Item, NewItem, Page
    from federation.exchange.domain.quota import DailyLimits, MailboxLimits, Spending
    from protocol.ids import NodeId


class Mailboxes(Protocol):
    """Items by recipient. Cursors of one mailbox commit in their order, so a reader never skips one."""

    def put(self, item: NewItem, limits: MailboxLimits | None) -> Held | None:
        """Store `item` unless its id is taken, and return what is held under the id then, or None where it is new.

        Raises: MailboxFullError beyond `limits`.
        """
        ...

    def put_all(self, items: Sequence[NewItem], limits: MailboxLimits | None) -> Mapping[NodeId, Sequence[Item]]:
        """Store items that are all new, for whomever they are; returned as their owners will fetch them, in order.

        Raises: TakenError where an id is taken, MailboxFullError; and then nothing of this transaction can be kept.
        """
        ...

    def held(self, node: NodeId, ids: Sequence[str]) -> Sequence[Held]:
        """What is held for `node` under any of `ids`."""
        ...

    def acknowledge(self, node: NodeId, items: Sequence[Held], now: datetime) -> None:
        """Mark items as fetched for good; they stay until they expire."""
        ...

    def page(self, node: NodeId, *, after: int | None, limit: int) -> Page:
        """The next items: beyond `after` all of them, without it those not acknowledged."""
        ...

    def expire(self, now: datetime, *, limit: int) -> int:
        """Remove up to `limit` items past their end; how many were removed."""
        ...


class Counters(Protocol):
    """What members spent, by day, and whom they wrote to."""

    def meet(self, sender: NodeId, recipient: NodeId, now: datetime) -> bool:
        """Remember that the two write to each other; whether it is their first contact."""
        ...

    def spend(self, spending: Mapping[NodeId, Spending], limits: Mapping[NodeId, DailyLimits], now: datetime) -> None:
        """Add to the counts of the day of some members. Raises: QuotaError, and nothing is added."""
        ...

    def forget(self, before: datetime) -> None:
        """Drop the counts of days before `before`."""
        ...


class Nonces(Protocol):
    """Signed requests that were seen, across replicas."""

    def remember(self, key_id: str, nonce: str, expires: datetime) -> None:
        """Remember a request. Raises: HopReplayError."""
        ...

    def remember_all(self, callers: Sequence[Caller]) -> None:
        """Remember the requests of these callers.

        Raises: HopReplayError where one was seen; and then nothing of this transaction can be kept.
        """
        ...

    def forget(self, now: datetime) -> None:
        """Drop those whose signature is past its end."""
        ...
