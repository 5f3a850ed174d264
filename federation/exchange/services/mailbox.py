"""Letters: read one's own mailbox, acknowledge what was fetched. What is sent comes in by `accept`.

The order of statements in one transaction is fixed (mailbox, then counts), so two of them never wait for each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from federation.exchange.domain.errors import TakenError
from federation.exchange.domain.mailbox import Acknowledgement, Held, Item, ItemKind, NewItem, Page
from protocol import receipts
from protocol.envelope import LIFETIME
from protocol.ids import NodeId, sha256_hex
from protocol.receipts import Receipt, ReceiptError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from federation.exchange.domain.caller import Caller
    from federation.exchange.services.ports.mailbox import Mailboxes
    from federation.exchange.services.ports.members import Directory
    from federation.exchange.services.ports.work import UnitOfWork, Wakeups
    from federation.ground.clock import Clock
    from protocol.ids import KeyId
    from protocol.keys import VerifyingKey

    Receipted = tuple[Receipt, bytes]
    _Put = Callable[[Mailboxes, Sequence[NewItem]], dict[NodeId, Sequence[Item]]]


@dataclass(frozen=True, slots=True)
class ReadMailbox:
    """Read the caller's own mailbox."""

    work: UnitOfWork
    reading: UnitOfWork
    clock: Clock

    def __call__(self, caller: Caller, *, after: int | None, limit: int) -> Page:
        """The next page. Raises: NotMemberError, SuspendedError, HopReplayError."""
        caller.roster.participant(caller.node, self.clock.now())
        with self.work() as work:
            work.nonces.remember(caller.key_id, caller.nonce, caller.expires)
        return self.again(caller, after=after, limit=limit)

    def again(self, caller: Caller, *, after: int | None, limit: int) -> Page:
        """The next page for a request that was admitted before and waits."""
        with self.reading() as work:
            return work.mailboxes.page(caller.node, after=after, limit=limit)


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Take a member's receipts, pass them on to the senders, and set aside what it discards."""

    work: UnitOfWork
    directory: Directory
    clock: Clock
    wakeups: Wakeups

    def __call__(self, caller: Caller, tokens: Sequence[bytes], discard: Sequence[str]) -> Acknowledgement:
        """Raises: errors of receipts; one bad receipt refuses all of them."""
        now, distinct = self.clock.now(), tuple(dict.fromkeys(tokens))
        caller.roster.participant(caller.node, now)
        keys = self.directory.signing_keys(caller.node, now) if tokens else {}
        claims = [_verified(caller.node, token, keys, now) for token in distinct]
        receipted = tuple(zip(claims, distinct, strict=True))
        try:
            return self._settle(caller, receipted, discard, now, _put_all)
        except TakenError:  # somebody acknowledges the same letters at this moment
            return self._settle(caller, receipted, discard, now, _put_each)

    def _settle(
        self, caller: Caller, receipted: Sequence[Receipted], discard: Sequence[str], now: datetime, put: _Put
    ) -> Acknowledgement:
        named = [*(claim.message for claim, _ in receipted), *discard]
        with self.work() as work:
            work.nonces.remember(caller.key_id, caller.nonce, caller.expires)
            held = {item.id: item for item in work.mailboxes.held(caller.node, sorted(set(named)))}
            items = [_receipt_item(caller.node, claim, token, now) for claim, token in _matching(receipted, held)]
            # Mailboxes are locked in one order by everybody, our own among them.
            stored = put(work.mailboxes, [item for item in items if item.to < caller.node])
            work.mailboxes.acknowledge(caller.node, tuple(held.values()), now)
            stored |= put(work.mailboxes, [item for item in items if item.to >= caller.node])
        self.wakeups.wake(stored)
        return Acknowledgement(
            acknowledged=tuple(dict.fromkeys(name for name in named if name in held)),
            unknown=tuple(dict.fromkeys(name for name in named if name not in held)),
        )


def _put_all(mailboxes: Mailboxes, items: Sequence[NewItem]) -> dict[NodeId, Sequence[Item]]:
    return dict(mailboxes.put_all(items, None))


def _put_each(mailboxes: Mailboxes, items: Sequence[NewItem]) -> dict[NodeId, Sequence[Item]]:
    for item in sorted(items, key=lambda item: item.to):
        earlier = mailboxes.put(item, None)
        if earlier is not None and earlier.digest != item.digest:
            raise TakenError(id=item.id)
    return {item.to: () for item in items}


def _verified(node: NodeId, token: bytes, keys: Mapping[KeyId, VerifyingKey], now: datetime) -> Receipt:
    claims = receipts.read_receipt(token)
    receipts.verify_receipt(token, keys=keys, receiver=node, sender=NodeId(claims.to), now=now)
    return claims


def _matching(receipted: Sequence[Receipted], held: Mapping[str, Held]) -> list[Receipted]:
    """Receipts whose letter is held and not acknowledged yet. Raises: ReceiptError for one that does not fit it."""
    found = []
    for claim, token in receipted:
        item = held.get(claim.message)
        if item is None:
            continue
        expected = (ItemKind.ENVELOPE, item.sender, item.digest)
        if expected != (item.kind, claim.to, claim.envelope):
            raise ReceiptError(message=claim.message)
        if not item.is_acknowledged:
            found.append((claim, token))
    return found


def _receipt_item(owner: NodeId, claim: Receipt, token: bytes, now: datetime) -> NewItem:
    return NewItem(
        to=NodeId(claim.to),
        id=claim.jti,
        kind=ItemKind.RECEIPT,
        sender=owner,
        digest=sha256_hex(token),
        body=token,
        accepted_at=now,
        expires_at=now + LIFETIME,
    )
