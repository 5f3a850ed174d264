"""Messages: signed by their author, naming their recipient, and only then sealed.

`open_envelope` is the one way from an envelope to a `VerifiedMessage`; who has to look up the sender's keys on the way
goes it in two steps. Whether the sender is a member, whether it was seen before, and what its thread makes of it are
asked by the receiver around it.
Specification: docs/protocol/05-messages.md.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from protocol import jws
from protocol.bodies import BODIES, CONTROL, Body, Kind
from protocol.documents import Count, Crit, DigestText, Document, Moment, NodeIdText, UuidText, Version, from_moment
from protocol.envelope import Envelope, unseal_envelope
from protocol.errors import ProtocolError
from protocol.ids import Digest, KeyId, MessageId, NodeId, ThreadId
from protocol.seen import Seen
from protocol.statements import CLOCK_SKEW, StatementRef

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocol.keys import OpeningKey, SigningKey, VerifyingKey

LIMIT = 65_536
LIFETIME = timedelta(days=14)


class MessageError(ProtocolError):
    """A message does not say what it must."""

    code = "message-invalid"
    title = "A letter from another program is not acceptable."
    remedy = "Ask the program to update; nothing was changed here."


class WrongRecipientError(MessageError):
    """The signature is meant for another member: somebody passed a letter on."""

    code = "message-recipient"
    status = 403
    title = "A letter was written to another program and passed on to us."


class HeaderMismatchError(MessageError):
    """The envelope's header differs from what was signed inside."""

    code = "message-header"
    title = "The outside of a letter differs from what its author signed."


class StaleError(MessageError):
    """The message expired before it was read."""

    code = "message-stale"
    title = "A letter is past its date."
    remedy = "Nothing to do: its author is told and may send it again."


class FutureError(MessageError):
    """The message is from the future, beyond the forgiven skew."""

    code = "message-future"
    title = "A letter is dated in the future."
    remedy = "Check the clock of both machines."


class MessageTypeError(MessageError):
    """A type of message that this release does not know."""

    code = "message-type"
    status = 422
    title = "A letter is of a kind that this release does not know."
    remedy = "Update Mentorweave on this machine."


class SeenPeer(Document):
    """The last message accepted from the other end when this one was signed."""

    n: Version
    hash: DigestText


class MessageClaims(Document):
    """`mentorweave-message+jwt`, without its body."""

    iss: NodeIdText
    to: NodeIdText
    id: UuidText
    thread: UuidText
    n: Count
    prev: DigestText | None
    seen_peer: SeenPeer | None
    type: str
    iat: Moment
    exp: Moment
    seen: Seen
    keys: StatementRef
    crit: Crit = ()


class _Whole(MessageClaims):
    body: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedMessage:
    """A message whose signature held under one of its sender's keys. Only `verify_message` makes one."""

    claims: MessageClaims
    kind: Kind
    body: Body
    inner: bytes
    digest: Digest

    @property
    def sender(self) -> NodeId:
        """Who signed it."""
        return NodeId(self.claims.iss)

    @property
    def message_id(self) -> MessageId:
        """Its id, the same on the envelope."""
        return MessageId(self.claims.id)

    @property
    def thread(self) -> ThreadId:
        """The thread it belongs to."""
        return ThreadId(self.claims.thread)

    @property
    def issued_at(self) -> datetime:
        """When its author signed it."""
        return from_moment(self.claims.iat)


def sign_message(claims: MessageClaims, body: Body, key: SigningKey) -> bytes:
    """The inner JWS of `claims` with `body`. Raises: MessageTypeError when the body is not of the claimed type."""
    if BODIES.get(_kind(claims.type)) is not type(body):
        raise MessageTypeError(type=claims.type[:40])
    payload = claims.model_dump(mode="json") | {"body": body.model_dump(mode="json")}
    return jws.sign(json.dumps(payload, separators=(",", ":")).encode(), typ=jws.Typ.MESSAGE, key=key)


def _kind(text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError as error:
        raise MessageTypeError from error


def claimed_statement(inner: bytes) -> StatementRef:
    """The key statement a not yet verified message names: only to find out which keys to fetch."""
    return _Whole.parse(jws.claimed_payload(inner, typ=jws.Typ.MESSAGE), limit=LIMIT).keys


def verify_message(inner: bytes, *, keys: Mapping[KeyId, VerifyingKey], sender: NodeId) -> VerifiedMessage:
    """Check the signature and form of `inner` (05-messages 5.2), whatever its age.

    Raises: JWS and field errors, MessageError and its kinds.
    """
    verified = jws.verify(inner, typ=jws.Typ.MESSAGE, keys=keys)
    whole = _Whole.parse(verified.payload, limit=LIMIT)
    if whole.iss != sender:
        raise HeaderMismatchError(field="iss")
    kind = _kind(whole.type)
    if (whole.n == 0) != (kind in CONTROL) or (whole.prev is None) != (whole.n <= 1):
        raise MessageError(field="n")
    body = BODIES[kind].parse(json.dumps(whole.body).encode(), limit=LIMIT)
    claims = MessageClaims.model_validate(whole.model_dump(exclude={"body"}))
    return VerifiedMessage(claims=claims, kind=kind, body=body, inner=inner, digest=verified.digest)


def read_kept(inner: bytes) -> tuple[Kind, Body]:
    """What a message says that was verified when it was taken in, or is our own: not to be asked of any other."""
    whole = _Whole.parse(jws.claimed_payload(inner, typ=jws.Typ.MESSAGE), limit=LIMIT)
    kind = _kind(whole.type)
    return kind, BODIES[kind].parse(json.dumps(whole.body).encode(), limit=LIMIT)


def check_freshness(claims: MessageClaims, now: datetime) -> None:
    """Forgive `CLOCK_SKEW` at the start, nothing at the end (05-messages 5.1.4). Raises: MessageError and its kinds."""
    if not 0 < claims.exp - claims.iat <= LIFETIME.total_seconds():
        raise MessageError(field="exp")
    if from_moment(claims.iat) > now + CLOCK_SKEW:
        raise FutureError(message=claims.id)
    if from_moment(claims.exp) <= now:
        raise StaleError(message=claims.id)


def open_envelope(
    envelope: Envelope, *, key: OpeningKey, sender_keys: Mapping[KeyId, VerifyingKey], node: NodeId, now: datetime
) -> VerifiedMessage:
    """Open, check the inner signature, compare inner and outer, check freshness: in this order (05-messages 5.1).

    Raises: UnsealError, PaddingError, then those of `verify_message`, HeaderMismatchError, WrongRecipientError,
    then those of `check_freshness`.
    """
    inner = unseal_envelope(envelope, key)
    return verify_opened(envelope, inner, sender_keys=sender_keys, node=node, now=now)


def verify_opened(
    envelope: Envelope, inner: bytes, *, sender_keys: Mapping[KeyId, VerifyingKey], node: NodeId, now: datetime
) -> VerifiedMessage:
    """What `open_envelope` does with `inner` once `envelope` was unsealed: for who reads in it whose keys to take.

    Raises: those of `verify_message`, HeaderMismatchError, WrongRecipientError, then those of `check_freshness`.
    """
    header = envelope.header
    message = verify_message(inner, keys=sender_keys, sender=NodeId(header.sender))
    claims = message.claims
    if claims.to != node:
        raise WrongRecipientError(message=header.id)
    if (claims.id, claims.exp) != (header.id, header.expires_at) or header.to != node or header.sent_at < claims.iat:
        raise HeaderMismatchError(message=header.id)
    check_freshness(claims, now)
    return message
