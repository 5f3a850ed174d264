"""RFC 9180, base mode, suite 1, written from the text with primitives only: an oracle for the seals of the language.

It seals with a given ephemeral key, so that test vectors come out the same every time. Nothing but tests may do that.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

_KEM = b"KEM" + (0x0020).to_bytes(2, "big")
_SUITE = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (0x0020, 0x0001, 0x0003))
_BASE = b"\x00"


def _extract(salt: bytes, suite: bytes, label: bytes, ikm: bytes) -> bytes:
    """LabeledExtract (section 4)."""
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + ikm, "sha256")


def _expand(prk: bytes, suite: bytes, label: bytes, context: bytes, length: int) -> bytes:
    """LabeledExpand (section 4) over HKDF-Expand (RFC 5869)."""
    about = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context
    found, block = b"", b""
    for number in range(1, -(-length // 32) + 1):
        block = hmac.digest(prk, block + about + bytes([number]), "sha256")
        found += block
    return found[:length]


@dataclass(frozen=True, slots=True)
class Schedule:
    """What both ends derive (section 5.1)."""

    shared_secret: bytes
    key: bytes
    base_nonce: bytes

    def nonce(self, sequence: int) -> bytes:
        """The nonce of message `sequence` (section 5.2)."""
        return (int.from_bytes(self.base_nonce, "big") ^ sequence).to_bytes(12, "big")


def _schedule(agreed: bytes, encapsulated: bytes, recipient: bytes, info: bytes) -> Schedule:
    secret = _extract(b"", _KEM, b"eae_prk", agreed)
    shared = _expand(secret, _KEM, b"shared_secret", encapsulated + recipient, 32)
    context = _BASE + _extract(b"", _SUITE, b"psk_id_hash", b"") + _extract(b"", _SUITE, b"info_hash", info)
    secret = _extract(shared, _SUITE, b"secret", b"")
    return Schedule(
        shared,
        _expand(secret, _SUITE, b"key", context, 32),
        _expand(secret, _SUITE, b"base_nonce", context, 12),
    )


def sender(ephemeral: bytes, recipient: bytes, info: bytes) -> tuple[bytes, Schedule]:
    """The encapsulation, and what follows from it, for the ephemeral private key `ephemeral`."""
    private = X25519PrivateKey.from_private_bytes(ephemeral)
    encapsulated = private.public_key().public_bytes_raw()
    agreed = private.exchange(X25519PublicKey.from_public_bytes(recipient))
    return encapsulated, _schedule(agreed, encapsulated, recipient, info)


def receiver(encapsulated: bytes, private: bytes, info: bytes) -> Schedule:
    """What the recipient derives."""
    key = X25519PrivateKey.from_private_bytes(private)
    agreed = key.exchange(X25519PublicKey.from_public_bytes(encapsulated))
    return _schedule(agreed, encapsulated, key.public_key().public_bytes_raw(), info)


def seal(plaintext: bytes, *, ephemeral: bytes, recipient: bytes, label: str, context: bytes) -> bytes:
    """The seal that `protocol.sealing.seal` would make if it were told its random key."""
    info = label.encode() + b"\0" + hashlib.sha256(context).digest()
    encapsulated, schedule = sender(ephemeral, recipient, info)
    return encapsulated + ChaCha20Poly1305(schedule.key).encrypt(schedule.nonce(0), plaintext, b"")


def unseal(sealed: bytes, *, private: bytes, label: str, context: bytes) -> bytes:
    """The plaintext of such a seal."""
    info = label.encode() + b"\0" + hashlib.sha256(context).digest()
    schedule = receiver(sealed[:32], private, info)
    return ChaCha20Poly1305(schedule.key).decrypt(schedule.nonce(0), sealed[32:], b"")
