"""Signed objects: compact JWS (RFC 7515) with `alg: Ed25519` (RFC 9864) and a `typ` of their own for every kind.

A signature made for one kind is never accepted for another. What the payload means is left to the documents.
Specification: docs/protocol/03-signatures.md.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from protocol.errors import ProtocolError
from protocol.ids import KEY_ID_PATTERN, Digest, KeyId, sha256_hex
from protocol.parsing import b64u, parse_object, unb64u

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocol.keys import SigningKey, VerifyingKey

ALGORITHM = "Ed25519"
_HEADER_LIMIT = 512
_SIGNATURE_BYTES = 64
_PARTS = 3


class Typ(StrEnum):
    """The `typ` of every kind of signed object."""

    KEYS = "mentorweave-keys+jwt"
    SUMMARY = "mentorweave-summary+jwt"
    MESSAGE = "mentorweave-message+jwt"
    RECEIPT = "mentorweave-receipt+jwt"
    NOTE = "mentorweave-note+jwt"
    OFFER = "mentorweave-offer+jwt"
    BATCH = "mentorweave-batch+jwt"
    ATTESTATION = "mentorweave-attestation+jwt"
    JOIN_CODE = "mentorweave-join-code+jwt"
    JOIN_REQUEST = "mentorweave-join-request+jwt"
    JOIN_CHALLENGE = "mentorweave-join-challenge+jwt"
    JOIN_ANSWER = "mentorweave-join-answer+jwt"
    JOIN_REFUSAL = "mentorweave-join-refusal+jwt"


class JwsFormError(ProtocolError):
    """The text is not a compact JWS of this profile."""

    code = "jws-malformed"
    title = "A signed document is not of the expected form."
    remedy = "Send it again as it was made; do not edit or re-encode it."


class AlgorithmError(JwsFormError):
    """The signature names another algorithm than Ed25519, or asks for an extension."""

    code = "jws-algorithm"
    title = "A signed document uses a kind of signature that is not allowed."


class KindError(JwsFormError):
    """The object is signed as another kind."""

    code = "jws-type"
    title = "A signed document is of another kind than the one expected here."


class UnknownKeyError(ProtocolError):
    """The signature names a key that is not current for its signer."""

    code = "key-unknown"
    status = 401
    title = "A document is signed with a key that is not known or no longer current."
    remedy = "Fetch the signer's newest keys; if it stays, ask the program to publish them."


@dataclass(frozen=True, slots=True)
class Verified:
    """A payload whose signature held. Only `verify` makes one."""

    payload: bytes
    key_id: KeyId
    digest: Digest


@dataclass(frozen=True, slots=True)
class _Parts:
    key_id: KeyId
    payload: bytes
    signed: bytes
    signature: bytes


def sign(payload: bytes, *, typ: Typ, key: SigningKey) -> bytes:
    """`payload` as a compact JWS of kind `typ`."""
    header = json.dumps({"alg": ALGORITHM, "typ": typ.value, "kid": key.key_id}, separators=(",", ":"))
    signed = f"{b64u(header.encode())}.{b64u(payload)}".encode("ascii")
    return signed + b"." + b64u(key.private.sign(signed)).encode("ascii")


def _take_apart(token: bytes, typ: Typ) -> _Parts:
    try:
        parts = token.decode("ascii").split(".")
    except UnicodeDecodeError as error:
        raise JwsFormError from error
    if len(parts) != _PARTS or len(signature := unb64u(parts[2])) != _SIGNATURE_BYTES:
        raise JwsFormError
    header = parse_object(unb64u(parts[0]), limit=_HEADER_LIMIT)
    if header.get("alg") != ALGORITHM or set(header) != {"alg", "typ", "kid"}:
        raise AlgorithmError
    if header["typ"] != typ.value:
        raise KindError(expected=typ.value)
    kid = header["kid"]
    if not isinstance(kid, str) or re.fullmatch(KEY_ID_PATTERN, kid) is None:
        raise JwsFormError
    return _Parts(KeyId(kid), unb64u(parts[1]), token.rpartition(b".")[0], signature)


def claimed_payload(token: bytes, *, typ: Typ) -> bytes:
    """The payload of `token` before any check of its signature: only to find out whose key to fetch."""
    return _take_apart(token, typ).payload


def verify(token: bytes, *, typ: Typ, keys: Mapping[KeyId, VerifyingKey]) -> Verified:
    """Check `token` as a `typ` under one of `keys` (03-signatures 3.1, 3.2.1).

    Raises: JwsFormError and its kinds, Base64Error, JsonError and its kinds, UnknownKeyError, SignatureError.
    """
    parts = _take_apart(token, typ)
    key = keys.get(parts.key_id)
    if key is None or key.key_id != parts.key_id:
        raise UnknownKeyError(key=parts.key_id)
    key.verify(parts.signature, parts.signed)
    return Verified(parts.payload, parts.key_id, sha256_hex(token))


def by_id(*keys: VerifyingKey) -> dict[KeyId, VerifyingKey]:
    """`keys` under their thumbprints, as `verify` takes them."""
    return {key.key_id: key for key in keys}
