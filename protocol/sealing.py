"""Seals: RFC 9180 base mode, suite 1, bound to its context through `info`.

A seal hides and binds; it does not say who sealed. What is sealed is signed inside by its author.
Specification: docs/protocol/04-envelopes.md.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from protocol.errors import ProtocolError

if TYPE_CHECKING:
    from protocol.keys import OpeningKey, SealingKey

SUITE_1 = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
ENCAPSULATION_BYTES = 32
TAG_BYTES = 16
OVERHEAD = ENCAPSULATION_BYTES + TAG_BYTES
_PAD = b"\x80"


class SealLabel(StrEnum):
    """What is sealed; a seal of one kind never opens as another."""

    ENVELOPE = "mentorweave/1 envelope"
    CARD = "mentorweave/1 card"
    OFFER = "mentorweave/1 offer"
    BOARD = "mentorweave/1 board"
    JOIN = "mentorweave/1 join"


class UnsealError(ProtocolError):
    """The seal does not open: another key, another context, or changed bytes."""

    code = "seal-unopenable"
    title = "A sealed letter cannot be opened here."
    remedy = "Nothing to do: the sender is told and sends it again under the newest keys."


class PaddingError(ProtocolError):
    """The padding inside a seal is not the one canonical form."""

    code = "padding-invalid"
    title = "A sealed letter is not padded as agreed."
    remedy = "Update the program that made it."


def _info(label: SealLabel, context: bytes) -> bytes:
    return label.value.encode() + b"\0" + hashlib.sha256(context).digest()


def seal(plaintext: bytes, *, to: SealingKey, label: SealLabel, context: bytes) -> bytes:
    """Encapsulation followed by ciphertext; `OVERHEAD` bytes longer than `plaintext`."""
    return SUITE_1.encrypt(plaintext, to.public, info=_info(label, context))


def unseal(sealed: bytes, *, key: OpeningKey, label: SealLabel, context: bytes) -> bytes:
    """The plaintext of `sealed` (04-envelopes 4.1). Raises: UnsealError."""
    try:
        return SUITE_1.decrypt(sealed, key.private, info=_info(label, context))
    except (InvalidTag, ValueError) as error:
        raise UnsealError from error


def pad(content: bytes, size: int) -> bytes:
    """`content`, 0x80, zeros, to exactly `size` bytes."""
    return (content + _PAD).ljust(size, b"\0")


def unpad(padded: bytes) -> bytes:
    """The content of `pad` (04-envelopes 4.2.1). Raises: PaddingError."""
    content = padded.rstrip(b"\0")
    if not content.endswith(_PAD):
        raise PaddingError
    return content[:-1]
