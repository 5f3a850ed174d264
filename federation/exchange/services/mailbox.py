"""Letters: accept one, read one's own mailbox, acknowledge what was fetched.

The order of statements in one transaction is fixed (mailbox, then counts), so two of them never wait for each other.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from federation.exchange.domain.errors import EnvelopeDateError, MismatchError, NotYoursError, TakenError
from federation.exchange.domain.mailbox import Acceptance, Acknowledgement, Held, ItemKind, NewItem, Page
from federation.exchange.domain.quota import DailyLimits, MailboxLimits, Spending
from protocol import receipts
from protocol.documents import from_moment
from protocol.envelope import LIFETIME, Envelope, parse_envelope
from protocol.ids import NodeId, sha256_hex
from protocol.receipts import Receipt, ReceiptError
from protocol.statements import CLOCK_SKEW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from federation.exchange.domain.caller import Caller
    from federation.exchange.services.ports.members import Directory
    from federation.exchange.services.ports.work import UnitOfWork, Wakeups, Work
    from federation.ground.clock import Clock
    from protocol.ids import KeyId, MessageId
    from protocol.keys import VerifyingKey


@dataclass(frozen=True, slots=True)
class AcceptEnvelope:
    """Take a sealed letter for another member; the same bytes again get the first answer."""

    work: UnitOfWork
    clock: Clock
    wakeups: Wakeups
    limits: MailboxLimits

    def __call__(self, caller: Caller, to: NodeId, message: MessageId, raw: bytes) -> Acceptance:
        """Raises: errors of envelopes and of quotas, MismatchError, EnvelopeDateError, RecipientUnknownError ..."""
        now = self.clock.now()
        roster = caller.roster
        limits = DailyLimits.of(roster.participant(caller.node, now).quotas)
        envelope = parse_envelope(raw)
        _check_address(caller, to, message, envelope)
        roster.recipient(to)
        item = _item(envelope, caller, to, now)
        with self.work() as work:
            work.nonces.remember(caller.key_id, caller.nonce, caller.expires)
            earlier = work.mailboxes.put(item, self.limits)
            if earlier is None:
                first = work.counters.meet(caller.node, to, now)
                spending = Spending(messages=1, bytes=len(raw), first_contacts=int(first))
                work.counters.spend(caller.node, spending, limits, now)
        if earlier is not None:
            return _again(earlier, item)
        self.wakeups.wake([to])
        return Acceptance(id=item.id, digest=item.digest, accepted_at=now, is_new=True)


def _check_address(caller: Caller, to: NodeId, message: MessageId, envelope: Envelope) -> None:
    header = envelope.header
    if header.sender != caller.node:
        raise NotYoursError(node=caller.node)
    if header.to != to or header.id != message:
        raise MismatchError(id=message)


def _item(envelope: Envelope, caller: Caller, to: NodeId, now: datetime) -> NewItem:
    header = envelope.header
    expires_at = from_moment(header.expires_at)
    if expires_at <= now or from_moment(header.sent_at) > now + CLOCK_SKEW:
        raise EnvelopeDateError(id=header.id)
    return NewItem(
        to=to,
        id=header.id,
        kind=ItemKind.ENVELOPE,
        sender=caller.node,
        digest=envelope.digest,
        body=envelope.raw,
        accepted_at=now,
        expires_at=expires_at,
    )


def _again(earlier: Held, item: NewItem) -> Acceptance:
    if (earlier.digest, earlier.sender, earlier.kind) != (item.digest, item.sender, item.kind):
        raise TakenError(id=item.id)
    return Acceptance(id=item.id, digest=item.digest, accepted_at=earlier.accepted_at, is_new=False)


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
        now = self.clock.now()
        caller.roster.participant(caller.node, now)
        keys = self.directory.signing_keys(caller.node, now) if tokens else {}
        claims = [_verified(caller.node, token, keys, now) for token in tokens]
        named = [*(claim.message for claim in claims), *discard]
        with self.work() as work:
            work.nonces.remember(caller.key_id, caller.nonce, caller.expires)
            held = {item.id: item for item in work.mailboxes.held(caller.node, sorted(set(named)))}
            matching = _matching(claims, tokens, held)
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
        for item in by_sender[node]:
            earlier = work.mailboxes.put(item, None)
            if earlier is not None and earlier.digest != item.digest:
                raise TakenError(id=item.id)
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
