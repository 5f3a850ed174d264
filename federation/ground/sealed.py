"""Sealing bytes at rest under a symmetric key; whose key it is and where it is kept belongs to the caller.

AES-256-GCM with a random nonce (NIST SP 800-38D section 8.2.2: at most 2^32 seals under one key), never a
counter, because a counter restored from a backup would repeat.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from federation.ground.refusal import Refusal

KEY_BYTES = 32
_VERSION = b"\x01"
_NONCE_BYTES = 12
_WRAPPING = b"key\x00"
_SEALING = b"text\x00"


class UnsealError(Refusal):
    """The bytes were not sealed with this key for this place, or they were changed."""

    code = "unseal-failed"
    title = "Sealed data could not be opened with this key."
    remedy = "Check that the keys folder belongs to this data folder; restore both from the same backup."


def new_key() -> bytes:
    """Return a fresh key of 32 random bytes."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, plaintext: bytes, context: bytes) -> bytes:
    """Seal `plaintext`; `context` names its place (table, column, row) so that it opens nowhere else.

    Returns a version byte, 12 bytes of nonce, then ciphertext and tag.
    """
    return _seal(key, plaintext, _SEALING + context)


def unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """Open what `seal` made.

    Raises: UnsealError for another key, another context, or changed bytes.
    """
    return _unseal(key, sealed, _SEALING + context)


def wrap_key(wrapping: bytes, key: bytes, context: bytes) -> bytes:
    """Seal one key under another; a wrapped key never opens as text, nor the other way round."""
    return _seal(wrapping, key, _WRAPPING + context)


def unwrap_key(wrapping: bytes, wrapped: bytes, context: bytes) -> bytes:
    """Open what `wrap_key` made.

    Raises: UnsealError.
    """
    return _unseal(wrapping, wrapped, _WRAPPING + context)


def _seal(key: bytes, plaintext: bytes, associated: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + _cipher(key).encrypt(nonce, plaintext, _VERSION + associated)


def _unseal(key: bytes, sealed: bytes, associated: bytes) -> bytes:
    start = len(_VERSION) + _NONCE_BYTES
    nonce, ciphertext = sealed[len(_VERSION) : start], sealed[start:]
    if sealed[: len(_VERSION)] != _VERSION or len(nonce) != _NONCE_BYTES:
        raise UnsealError
    try:
        return _cipher(key).decrypt(nonce, ciphertext, _VERSION + associated)
    except InvalidTag as error:
        raise UnsealError from error


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return AESGCM(key)
