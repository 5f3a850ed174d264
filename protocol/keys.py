"""Keys of this language: Ed25519 for signing, X25519 for sealing, named by their RFC 7638 thumbprint.

Also the six words that two people read to each other over the phone. Where keys are kept is left to the programs.
Specification: docs/protocol/02-keys.md.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from typing import Annotated, Literal, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from mnemonic import Mnemonic
from pydantic import StringConstraints

from protocol.canonical import canonicalise
from protocol.documents import Document
from protocol.errors import ProtocolError
from protocol.ids import Digest, KeyId
from protocol.parsing import b64u, unb64u

KEY_BYTES = 32
FINGERPRINT_LABEL = b"mentorweave/1 fingerprint"
FINGERPRINT_WORDS = 6
_BITS_PER_WORD = 11

KeyText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]


class KeyFormError(ProtocolError):
    """A public key is not a usable key of its kind."""

    code = "key-malformed"
    title = "A public key is not usable."
    remedy = "Ask the other program to rotate its keys and publish them again."


class SignatureError(ProtocolError):
    """A signature does not hold under the key it names."""

    code = "signature-invalid"
    status = 401
    title = "A signature does not hold."
    remedy = "Do not act on the document; report it to the stewards."


class Jwk(Document):
    """A public key as in RFC 8037: `{"kty": "OKP", "crv": ..., "x": ...}`."""

    kty: Literal["OKP"] = "OKP"
    crv: Literal["Ed25519", "X25519"]
    x: KeyText

    @property
    def key_id(self) -> KeyId:
        """RFC 7638 thumbprint (SHA-256, base64url)."""
        return _thumbprint(self.crv, self.x)


@lru_cache(maxsize=4_096)  # with every letter and request somebody asks for the name of the same few keys
def _thumbprint(crv: str, x: str) -> KeyId:
    members = canonicalise({"crv": crv, "kty": "OKP", "x": x})
    return KeyId(b64u(hashlib.sha256(members).digest()))


# Points of small order on either curve (RFC 7748 section 6.1; libraries accept them as keys).
_SMALL_ORDER = frozenset(
    bytes.fromhex(point)
    for point in (
        "00" * 32,
        "01" + "00" * 31,
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    )
)


_PRIME = 2**255 - 19
_LOW_BITS = 2**255 - 1


def _check_point(raw: bytes, number: int) -> None:
    """Refuse what is not the one encoding of a point (02-keys 2.1.3), or belongs to everybody. Raises: KeyFormError."""
    low = int.from_bytes(raw, "little") & _LOW_BITS
    if len(raw) != KEY_BYTES or number >= _PRIME or low.to_bytes(KEY_BYTES, "little") in _SMALL_ORDER:
        raise KeyFormError


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """An Ed25519 public key that was checked for its form."""

    raw: bytes

    def __post_init__(self) -> None:
        """Check the form; the highest bit is the sign of x (RFC 8032 section 5.1.2). Raises: KeyFormError."""
        _check_point(self.raw, int.from_bytes(self.raw, "little") & _LOW_BITS)

    @classmethod
    def from_jwk(cls, jwk: Jwk) -> Self:
        """The key of an Ed25519 `jwk`. Raises: KeyFormError, Base64Error."""
        if jwk.crv != "Ed25519":
            raise KeyFormError(expected="Ed25519")
        return cls(unb64u(jwk.x))

    @property
    def jwk(self) -> Jwk:
        """The key as it travels."""
        return Jwk(crv="Ed25519", x=b64u(self.raw))

    @property
    def key_id(self) -> KeyId:
        """RFC 7638 thumbprint."""
        return self.jwk.key_id

    def verify(self, signature: bytes, data: bytes) -> None:
        """Check an Ed25519 signature (RFC 8032). Raises: SignatureError."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, data)
        except (InvalidSignature, ValueError) as error:
            raise SignatureError(key=self.key_id) from error


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 private key, with what follows from its seed."""

    seed: bytes
    private: Ed25519PrivateKey = field(init=False, repr=False, compare=False)
    """The key as the cryptography library holds it."""
    public: VerifyingKey = field(init=False, repr=False, compare=False)
    """The public half."""

    def __post_init__(self) -> None:
        """Work out once what every signature needs. Raises: ValueError for a seed of another length."""
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        object.__setattr__(self, "private", private)
        object.__setattr__(self, "public", VerifyingKey(private.public_key().public_bytes_raw()))

    @classmethod
    def generate(cls) -> Self:
        """A new random key."""
        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    @property
    def key_id(self) -> KeyId:
        """RFC 7638 thumbprint of the public half."""
        return self.public.key_id

    def __repr__(self) -> str:
        return f"SigningKey({self.key_id})"


@dataclass(frozen=True, slots=True)
class SealingKey:
    """An X25519 public key that was checked for its form: what others seal to."""

    raw: bytes

    def __post_init__(self) -> None:
        """Check the form; here the highest bit must be zero, so that one key has one name. Raises: KeyFormError."""
        _check_point(self.raw, int.from_bytes(self.raw, "little"))

    @classmethod
    def from_jwk(cls, jwk: Jwk) -> Self:
        """The key of an X25519 `jwk`. Raises: KeyFormError, Base64Error."""
        if jwk.crv != "X25519":
            raise KeyFormError(expected="X25519")
        return cls(unb64u(jwk.x))

    @property
    def jwk(self) -> Jwk:
        """The key as it travels."""
        return Jwk(crv="X25519", x=b64u(self.raw))

    @property
    def key_id(self) -> KeyId:
        """RFC 7638 thumbprint."""
        return self.jwk.key_id

    @property
    def public(self) -> X25519PublicKey:
        """The key as the cryptography library holds it."""
        return X25519PublicKey.from_public_bytes(self.raw)


@dataclass(frozen=True, slots=True)
class OpeningKey:
    """An X25519 private key: what opens a seal."""

    raw: bytes
    private: X25519PrivateKey = field(init=False, repr=False, compare=False)
    """The key as the cryptography library holds it."""

    def __post_init__(self) -> None:
        """Work out once what every opening needs. Raises: ValueError for a key of another length."""
        object.__setattr__(self, "private", X25519PrivateKey.from_private_bytes(self.raw))

    @classmethod
    def generate(cls) -> Self:
        """A new random key."""
        return cls(X25519PrivateKey.generate().private_bytes_raw())

    @property
    def public(self) -> SealingKey:
        """The public half."""
        return SealingKey(self.private.public_key().public_bytes_raw())

    @property
    def key_id(self) -> KeyId:
        """RFC 7638 thumbprint of the public half."""
        return self.public.key_id

    def __repr__(self) -> str:
        return f"OpeningKey({self.key_id})"


class WordList(StrEnum):
    """Languages of the six words."""

    ENGLISH = "english"
    FRENCH = "french"


@cache
def _words(language: WordList) -> tuple[str, ...]:
    return tuple(Mnemonic(language.value).wordlist)


def six_words(root: Digest, identity: VerifyingKey, language: WordList = WordList.ENGLISH) -> tuple[str, ...]:
    """Six BIP-39 words: the first 66 bits of SHA-256 over label, root hash and identity key (02-keys 2.4.1)."""
    digest = hashlib.sha256(FINGERPRINT_LABEL + b"\0" + bytes.fromhex(root) + identity.raw).digest()
    bits = int.from_bytes(digest, "big") >> (len(digest) * 8 - FINGERPRINT_WORDS * _BITS_PER_WORD)
    words = _words(language)
    indexes = (bits >> (_BITS_PER_WORD * (FINGERPRINT_WORDS - 1 - i)) & 0x7FF for i in range(FINGERPRINT_WORDS))
    return tuple(words[index] for index in indexes)
