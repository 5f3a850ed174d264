"""Letters: read one's own mailbox, acknowledge what was fetched. What is sent comes in by `accept`.

The order of statements in one transaction is fixed (mailbox, then counts), so two of them never wait for each other.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from federation.exchange.domain.mailbox import Acknowledgement, Held, ItemKind, NewItem, Page
from protocol import receipts
from protocol.envelope import LIFETIME
from protocol.ids import NodeId, sha256_hex
from protocol.receipts import Receipt, ReceiptError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from federation.exchange.domain.caller import Caller
    from federation.exchange.services.ports.members import Directory
    from federation.exchange.services.ports.work import UnitOfWork, Wakeups, Work
    from federation.ground.clock import Clock
    from protocol.ids import KeyId
    from protocol.keys import VerifyingKey


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
        named = [*(claim.message for claim in claims), *discard]
        with self.work() as work:
            work.nonces.remember(caller.key_id, caller.nonce, caller.expires)
            held = {item.id: item for item in work.mailboxes.held(caller.node, sorted(set(named)))}
            matching = _matching(claims, distinct, held)
            woken = _settle(work, caller.node, tuple(held.values()), matching, now)
        self.wakeups.wake(woken)
        return Acknowledgement(
            acknowledged=tuple(dict.fromkeys(name for name in named if name in held)),
            unknown=tuple(dict.fromkeys(name for name in named if name not in held)),
        )


def _verified(node: NodeId, token: bytes, keys: Mapping[KeyId, VerifyingKey], now: datetime) -> Receipt:
    claims = receipts.read_receipt(token)
    receipts.verify_receipt(token, keys=keys, receiver=node, sender=NodeId(claims.to), now=now)
    return claims


def _matching(claims: Sequence[Receipt], tokens: Sequence[bytes], held: dict[str, Held]) -> list[tuple[Receipt, bytes]]:
    """Receipts whose letter is held and not acknowledged yet. Raises: ReceiptError for one that does not fit it."""
    found = []
    for claim, token in zip(claims, tokens, strict=True):
        item = held.get(claim.message)
        if item is None:
            continue
        expected = (ItemKind.ENVELOPE, item.sender, item.digest)
        if expected != (item.kind, claim.to, claim.envelope):
            raise ReceiptError(message=claim.message)
        if not item.is_acknowledged:
            found.append((claim, token))
    return found


def _settle(
    work: Work, owner: NodeId, held: Sequence[Held], matching: Sequence[tuple[Receipt, bytes]], now: datetime
) -> Sequence[NodeId]:
    """Acknowledge the owner's items and pass its receipts on; mailboxes are locked in one order by everybody."""
    by_sender: dict[NodeId, list[NewItem]] = defaultdict(list)
    for claim, token in matching:
        by_sender[NodeId(claim.to)].append(_receipt_item(owner, claim, token, now))
    for node in sorted({owner, *by_sender}):
        if node == owner:
            work.mailboxes.acknowledge(owner, held, now)
        if by_sender[node]:
            work.mailboxes.put_all(node, by_sender[node], None)
    return sorted(by_sender)


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
