"""Letters: accept one, read one's own mailbox, acknowledge what was fetched.

The order of statements in one transaction is fixed (mailbox, then counts), so two of them never wait for each other.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from federation.exchange.domain.errors import (
    EnvelopeDateError,
    MailboxFullError,
    MismatchError,
    NotYoursError,
    QuotaError,
    TakenError,
)
from federation.exchange.domain.mailbox import Acceptance, Acknowledgement, Held, ItemKind, NewItem, Page
from federation.exchange.domain.quota import DailyLimits, MailboxLimits, Spending
from protocol import receipts
from protocol.documents import from_moment
from protocol.envelope import LIFETIME, parse_envelope
from protocol.errors import ProtocolError
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
        limits = _limits(caller, now)
        item = _item(caller, raw, now, (to, message))
        with self.work() as work:
            work.nonces.remember(caller.key_id, caller.nonce, caller.expires)
            earlier = self._put(work, item, limits)
        return self._answer(item, earlier)

    def unasked(self, item: NewItem, limits: DailyLimits) -> Acceptance:
        """Take one letter of a request that was remembered before. Raises: TakenError, and the errors of quotas."""
        with self.work() as work:
            earlier = self._put(work, item, limits)
        return self._answer(item, earlier)

    def _put(self, work: Work, item: NewItem, limits: DailyLimits) -> Held | None:
        earlier = work.mailboxes.put(item, self.limits)
        if earlier is None:
            _spend(work, [item], limits)
        return earlier

    def _answer(self, item: NewItem, earlier: Held | None) -> Acceptance:
        if earlier is not None:
            return _again(earlier, item)
        self.wakeups.wake([item.to])
        return _accepted(item)


@dataclass(frozen=True, slots=True)
class AcceptEnvelopes:
    """Take several sealed letters of one member: in one transaction, or each alone where not all of them can be."""

    alone: AcceptEnvelope

    def __call__(self, caller: Caller, raws: Sequence[bytes]) -> Sequence[Acceptance | ProtocolError]:
        """What each of them would have been answered alone, in their order. Raises: HopReplayError, and of members."""
        accept, now = self.alone, self.alone.clock.now()
        limits = _limits(caller, now)
        letters = [_item_or_error(caller, raw, now) for raw in raws]
        by_recipient: dict[NodeId, list[NewItem]] = defaultdict(list)
        for letter in letters:
            if isinstance(letter, NewItem):
                by_recipient[letter.to].append(letter)
        try:
            with accept.work() as work:
                work.nonces.remember(caller.key_id, caller.nonce, caller.expires)
                for to in sorted(by_recipient):
                    work.mailboxes.put_all(to, by_recipient[to], accept.limits)
                _spend(work, [item for items in by_recipient.values() for item in items], limits)
        except (TakenError, MailboxFullError, QuotaError):
            return self._each(caller, letters, limits)
        accept.wakeups.wake(sorted(by_recipient))
        return [_accepted(letter) if isinstance(letter, NewItem) else letter for letter in letters]

    def _each(
        self, caller: Caller, letters: Sequence[NewItem | ProtocolError], limits: DailyLimits
    ) -> Sequence[Acceptance | ProtocolError]:
        with self.alone.work() as work:
            work.nonces.remember(caller.key_id, caller.nonce, caller.expires)
        return [self._one(letter, limits) if isinstance(letter, NewItem) else letter for letter in letters]

    def _one(self, item: NewItem, limits: DailyLimits) -> Acceptance | ProtocolError:
        try:
            return self.alone.unasked(item, limits)
        except ProtocolError as error:
            return error


def _limits(caller: Caller, now: datetime) -> DailyLimits:
    return DailyLimits.of(caller.roster.participant(caller.node, now).quotas)


def _spend(work: Work, items: Sequence[NewItem], limits: DailyLimits) -> None:
    """Count letters of one sender. Raises: QuotaError."""
    if not items:
        return
    sender, now = items[0].sender, items[0].accepted_at
    first = sum(work.counters.meet(sender, to, now) for to in sorted({item.to for item in items}))
    size = sum(len(item.body) for item in items)
    work.counters.spend(sender, Spending(messages=len(items), bytes=size, first_contacts=first), limits, now)


def _item_or_error(caller: Caller, raw: bytes, now: datetime) -> NewItem | ProtocolError:
    try:
        return _item(caller, raw, now)
    except ProtocolError as error:
        return error


def _item(caller: Caller, raw: bytes, now: datetime, address: tuple[NodeId, MessageId] | None = None) -> NewItem:
    """A letter of the caller that may be taken; `address`: where it must go, and under which id."""
    envelope = parse_envelope(raw)
    header = envelope.header
    if header.sender != caller.node:
        raise NotYoursError(node=caller.node)
    to = NodeId(header.to)
    if address is not None and (to, header.id) != address:
        raise MismatchError(id=address[1])
    caller.roster.recipient(to)
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


def _accepted(item: NewItem) -> Acceptance:
    return Acceptance(id=item.id, digest=item.digest, accepted_at=item.accepted_at, is_new=True)


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
