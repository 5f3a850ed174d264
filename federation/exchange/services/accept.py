"""Letters: accept what members send. What comes at the same moment, by whomever, shares one transaction.

The order of statements in a transaction is fixed (nonces, mailboxes, contacts, counts, each by name), so two of them
never wait for each other.
"""

from __future__ import annotations

from collections import Counter
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
from federation.exchange.domain.mailbox import Acceptance, Held, ItemKind, NewItem
from federation.exchange.domain.quota import DailyLimits, MailboxLimits, Spending
from protocol.documents import from_moment
from protocol.envelope import parse_envelope
from protocol.errors import ProtocolError
from protocol.hop import HopReplayError
from protocol.ids import MessageId, NodeId
from protocol.statements import CLOCK_SKEW

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from federation.exchange.domain.caller import Caller
    from federation.exchange.services.ports.work import UnitOfWork, Wakeups, Work
    from federation.ground.clock import Clock

Answers = tuple[Acceptance | ProtocolError, ...]
_NOT_TOGETHER = (HopReplayError, TakenError, MailboxFullError, QuotaError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One signed request: its letters, and where it says that they go and under which id, if it says so."""

    caller: Caller
    envelopes: Sequence[bytes]
    address: tuple[NodeId, MessageId] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A request that may be served: its letters, or why one of them is refused."""

    caller: Caller
    limits: DailyLimits
    letters: tuple[NewItem | ProtocolError, ...]

    @property
    def items(self) -> list[NewItem]:
        return [letter for letter in self.letters if isinstance(letter, NewItem)]


@dataclass(frozen=True, slots=True)
class Accept:
    """Take sealed letters for other members; the same bytes again get the first answer."""

    work: UnitOfWork
    clock: Clock
    wakeups: Wakeups
    limits: MailboxLimits

    def __call__(self, requests: Sequence[Sent]) -> Sequence[Answers | ProtocolError]:
        """What becomes of each request: refused as a whole, or an answer for each of its letters.

        Whatever is accepted is stored for good. All of it in one transaction; where one of them cannot be taken so,
        each by itself, so that nobody loses by the company he came in.
        """
        now = self.clock.now()
        read = [_read(request, now) for request in requests]
        served = [each for each in read if isinstance(each, _Read)]
        try:
            if served:
                self._together(served)
        except _NOT_TOGETHER:
            return [self._alone(each) if isinstance(each, _Read) else each for each in read]
        return [tuple(map(_answer, each.letters)) if isinstance(each, _Read) else each for each in read]

    def _together(self, served: Sequence[_Read]) -> None:
        """Raises: one of `_NOT_TOGETHER`, and then nothing was taken."""
        items = [item for each in served for item in each.items]
        limits = {each.caller.node: each.limits for each in served}
        with self.work() as work:
            work.nonces.remember_all([each.caller for each in served])
            stored = work.mailboxes.put_all(items, self.limits)
            _spend(work, items, limits)
        self.wakeups.wake(stored)

    def _alone(self, request: _Read) -> Answers | ProtocolError:
        try:
            with self.work() as work:
                work.nonces.remember(request.caller.key_id, request.caller.nonce, request.caller.expires)
        except HopReplayError as error:
            return error
        return tuple(
            self._one(letter, request.limits) if isinstance(letter, NewItem) else letter for letter in request.letters
        )

    def _one(self, item: NewItem, limits: DailyLimits) -> Acceptance | ProtocolError:
        try:
            with self.work() as work:
                earlier = work.mailboxes.put(item, self.limits)
                if earlier is None:
                    _spend(work, [item], {item.sender: limits})
        except (MailboxFullError, QuotaError) as error:
            return error
        if earlier is not None:
            return _again(earlier, item)
        self.wakeups.wake({item.to: ()})
        return _answer(item)


def _spend(work: Work, items: Sequence[NewItem], limits: Mapping[NodeId, DailyLimits]) -> None:
    """Count letters for their senders. Raises: QuotaError."""
    pairs = {(item.sender, item.to): item.accepted_at for item in items}
    ordered = sorted(pairs, key=lambda pair: (sorted(pair), pair))
    first = Counter(pair[0] for pair in ordered if work.counters.meet(*pair, pairs[pair]))
    messages, size = Counter(item.sender for item in items), Counter[NodeId]()
    for item in items:
        size[item.sender] += len(item.body)
    spending = {
        sender: Spending(messages=messages[sender], bytes=size[sender], first_contacts=first[sender])
        for sender in messages
    }
    if spending:
        work.counters.spend(spending, limits, items[0].accepted_at)


def _read(request: Sent, now: datetime) -> _Read | ProtocolError:
    caller = request.caller
    try:
        limits = DailyLimits.of(caller.roster.participant(caller.node, now).quotas)
    except ProtocolError as error:
        return error
    return _Read(caller=caller, limits=limits, letters=tuple(_letters(request, now)))


def _letters(request: Sent, now: datetime) -> Iterable[NewItem | ProtocolError]:
    for raw in request.envelopes:
        try:
            yield _letter(request, raw, now)
        except ProtocolError as error:
            yield error


def _letter(request: Sent, raw: bytes, now: datetime) -> NewItem:
    envelope = parse_envelope(raw)
    header, caller = envelope.header, request.caller
    if header.sender != caller.node:
        raise NotYoursError(node=caller.node)
    to = NodeId(header.to)
    if request.address is not None and request.address != (to, header.id):
        raise MismatchError(id=request.address[1])
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


def _answer(letter: NewItem | ProtocolError) -> Acceptance | ProtocolError:
    if isinstance(letter, ProtocolError):
        return letter
    return Acceptance(id=letter.id, digest=letter.digest, accepted_at=letter.accepted_at, is_new=True)


def _again(earlier: Held, item: NewItem) -> Acceptance | ProtocolError:
    if (earlier.digest, earlier.sender, earlier.kind) != (item.digest, item.sender, item.kind):
        return TakenError(id=item.id)
    return Acceptance(id=item.id, digest=item.digest, accepted_at=earlier.accepted_at, is_new=False)
