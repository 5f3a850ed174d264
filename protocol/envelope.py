"""The envelope that the exchange carries: framing, header and seal. Specification: docs/protocol/04-envelopes.md.

    "MW1" 0x00 | u16 header length | header | HPKE encapsulation | ciphertext      exactly 1, 4, 16 or 64 KiB

The header is hashed as received. What lies inside is left to `protocol.messages`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from protocol.documents import Document, KeyIdText, Moment, NodeIdText, One, UuidText
from protocol.errors import ProtocolError
from protocol.ids import Digest, KeyId, sha256_hex
from protocol.sealing import OVERHEAD, SealLabel, pad, seal, unpad, unseal

if TYPE_CHECKING:
    from protocol.keys import OpeningKey, SealingKey

MEDIA_TYPE = "application/mentorweave-envelope"
MAGIC = b"MW1\0"
SIZES = (1_024, 4_096, 16_384, 65_536)
MAX_HEADER = 768
LIFETIME = timedelta(days=14)
_PREFIX = len(MAGIC) + 2


class FramingError(ProtocolError):
    """The bytes are not framed as an envelope."""

    code = "envelope-framing"
    title = "A letter is not framed as agreed."
    remedy = "Send it again as it was made; do not edit or re-encode it."


class SizeError(FramingError):
    """The envelope is not exactly of one of the allowed sizes."""

    code = "envelope-size"
    status = 413
    title = "A letter is not of one of the agreed sizes."


class LifetimeError(FramingError):
    """The envelope expires before it was sent, or lives longer than allowed."""

    code = "envelope-lifetime"
    title = "A letter's dates are not allowed."
    remedy = "Check the date and time of the machine that made it."


class EnvelopeHeader(Document):
    """What the exchange sees of a message."""

    v: One = 1
    to: NodeIdText
    sender: Annotated[NodeIdText, Field(alias="from")]
    id: UuidText
    sent_at: Moment
    expires_at: Moment
    suite: One = 1
    kid: KeyIdText


@dataclass(frozen=True, slots=True)
class Envelope:
    """A framed envelope. Its seal was not looked at."""

    raw: bytes
    header: EnvelopeHeader
    header_bytes: bytes
    sealed: bytes

    @property
    def digest(self) -> Digest:
        """SHA-256 of the whole envelope."""
        return sha256_hex(self.raw)


def parse_envelope(raw: bytes) -> Envelope:
    """`raw` taken apart (04-envelopes 4.3).

    Raises: SizeError, FramingError, the errors of `Document.parse`, LifetimeError: in this order.
    """
    if len(raw) not in SIZES:
        raise SizeError(size=len(raw))
    length = int.from_bytes(raw[len(MAGIC) : _PREFIX], "big")
    if not raw.startswith(MAGIC) or length > MAX_HEADER:
        raise FramingError
    header_bytes = raw[_PREFIX : _PREFIX + length]
    header = EnvelopeHeader.parse(header_bytes, limit=MAX_HEADER)
    lifetime = timedelta(seconds=header.expires_at - header.sent_at)
    if not timedelta(0) < lifetime <= LIFETIME:
        raise LifetimeError(id=header.id)
    return Envelope(raw, header, header_bytes, raw[_PREFIX + length :])


def seal_envelope(header: EnvelopeHeader, inner: bytes, to: SealingKey, *, at_least: int = 0) -> Envelope:
    """The smallest envelope that holds `inner`, of `at_least` bytes, sealed to `to`. Raises: SizeError if none does."""
    header_bytes = header.encode()
    overhead = _PREFIX + len(header_bytes) + OVERHEAD
    size = next((size for size in SIZES if size >= max(at_least, overhead + len(inner) + 1)), None)
    if size is None or len(header_bytes) > MAX_HEADER:
        raise SizeError(size=overhead + len(inner) + 1)
    padded = pad(inner, size - overhead)
    sealed = seal(padded, to=to, label=SealLabel.ENVELOPE, context=header_bytes)
    prefix = MAGIC + len(header_bytes).to_bytes(2, "big") + header_bytes
    return Envelope(prefix + sealed, header, header_bytes, sealed)


def unseal_envelope(envelope: Envelope, key: OpeningKey) -> bytes:
    """The inner signed message. Raises: UnsealError, PaddingError."""
    padded = unseal(envelope.sealed, key=key, label=SealLabel.ENVELOPE, context=envelope.header_bytes)
    return unpad(padded)


def sealed_to(envelope: Envelope) -> KeyId:
    """The thumbprint of the key the envelope names as its recipient's."""
    return KeyId(envelope.header.kid)
