"""The short way through a hop signature: how our own signer writes it, and reading what is written exactly so.

Reading says yes or nothing: what is written in another way, or does not hold, is left to the library in `hop`, which
decides and words the refusal. Nothing is accepted here that the library would refuse (decision record 0011).
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from protocol.hop import BODY_COMPONENTS, COMPONENTS, LABEL, LIFETIME, MAX_NONCE, SKEW, TAG
from protocol.ids import KEY_ID_PATTERN, KeyId

_FIELDS = frozenset({"signature", "signature-input", "content-type", "content-digest"})
_KEY_ID = KEY_ID_PATTERN.removeprefix("^").removesuffix("$")
_MOMENT = "[1-9][0-9]{0,9}"  # a leading zero would be signed without it
_INPUT = re.compile(
    rf'{LABEL}=(?P<signed>\((?P<cover>["@a-z -]+)\);created=(?P<created>{_MOMENT});keyid="(?P<key>{_KEY_ID})"'
    rf';alg="ed25519";expires=(?P<expires>{_MOMENT});nonce="(?P<nonce>[A-Za-z0-9_-]{{16,{MAX_NONCE}}})";tag="{TAG}")'
)
_SIGNATURE = re.compile(rf"{LABEL}=:(?P<signature>[A-Za-z0-9+/]{{86}}==):")
_NONCE = re.compile(rf"[A-Za-z0-9_-]{{16,{MAX_NONCE}}}")
_METHOD = re.compile(r"[A-Z]+")
_URI = re.compile(r"https?://[a-z0-9.-]+(?::(?!443/|80/)[1-9][0-9]*)?/[A-Za-z0-9/_.~&=-]*(?:\?[A-Za-z0-9/_.~&=-]+)?")
_MEDIA = re.compile(r"[a-z0-9/+.-]+")


@dataclass(frozen=True, slots=True)
class Unsigned:
    """What of a request is signed; without a body neither its type nor its digest."""

    method: str
    target_uri: str
    media: str
    body: bytes


def sign_plain(
    request: Unsigned, *, key_id: KeyId, private_key: Ed25519PrivateKey, now: datetime, nonce: str
) -> dict[str, str] | None:
    """The fields to be added to a request; None for one that is not plain, which is the library's to sign."""
    is_plain = _NONCE.fullmatch(nonce) and (not request.body or _MEDIA.fullmatch(request.media))
    if not is_plain or not _is_plain(request.method, request.target_uri):
        return None
    covered = dict(zip(COMPONENTS, (request.method, request.target_uri), strict=True))
    fields: dict[str, str] = {}
    if request.body:
        fields["content-digest"] = _digest(request.body)
        covered |= dict(zip(BODY_COMPONENTS, (request.media, fields["content-digest"]), strict=True))
    created = int(now.timestamp())
    names = " ".join(f'"{name}"' for name in covered)
    signed = (
        f'({names});created={created};keyid="{key_id}";alg="ed25519"'
        f';expires={created + int(LIFETIME.total_seconds())};nonce="{nonce}";tag="{TAG}"'
    )
    signature = base64.b64encode(private_key.sign(_base(covered, signed))).decode()
    return fields | {"signature-input": f"{LABEL}={signed}", "signature": f"{LABEL}=:{signature}:"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainSignature:
    """A signature in the form of our own signer; whether it holds is not known yet."""

    key_id: KeyId
    nonce: str
    created: datetime
    expires: datetime
    base: bytes
    signature: bytes

    def holds(self, key: Ed25519PublicKey, now: datetime) -> bool:
        """Whether `key` made it for this request, and `now` is within its time."""
        if not (self.created <= now + SKEW and now <= self.expires and self._lifetime_is_allowed):
            return False
        try:
            key.verify(self.signature, self.base)
        except InvalidSignature:
            return False
        return True

    @property
    def _lifetime_is_allowed(self) -> bool:
        return self.created < self.expires <= self.created + LIFETIME


def read_plain(method: str, target_uri: str, headers: Mapping[str, str], body: bytes) -> PlainSignature | None:
    """The signature of a request that is written in the plain form, with what it must have signed; else None."""
    fields = _fields(headers)
    if fields is None or not _is_plain(method, target_uri):
        return None
    stated, signature = (
        _INPUT.fullmatch(fields.get("signature-input", "")),
        _SIGNATURE.fullmatch(fields.get("signature", "")),
    )
    covered = _covered(method, target_uri, fields, body)
    if stated is None or signature is None or covered is None:
        return None
    if stated["cover"] != " ".join(f'"{name}"' for name in covered):
        return None
    return PlainSignature(
        key_id=KeyId(stated["key"]),
        nonce=stated["nonce"],
        created=datetime.fromtimestamp(int(stated["created"]), UTC),
        expires=datetime.fromtimestamp(int(stated["expires"]), UTC),
        base=_base(covered, stated["signed"]),
        signature=base64.b64decode(signature["signature"]),
    )


def _is_plain(method: str, target_uri: str) -> bool:
    # A segment that begins with a dot, and a port that goes without saying, would be written otherwise by the library.
    named = _METHOD.fullmatch(method) and _URI.fullmatch(target_uri)
    return bool(named) and "/." not in target_uri


def _fields(headers: Mapping[str, str]) -> dict[str, str] | None:
    """The fields that matter here, each written once."""
    found: dict[str, str] = {}
    for key, value in headers.items():
        name = key.lower()
        if name in _FIELDS:
            if name in found:
                return None
            found[name] = value
    return found


def _covered(method: str, target_uri: str, fields: Mapping[str, str], body: bytes) -> dict[str, str] | None:
    """What the signature must cover, with the values it must have had."""
    digest = fields.get("content-digest")
    covered = dict(zip(COMPONENTS, (method, target_uri), strict=True))
    if not body:
        return covered if digest is None else None
    media = fields.get("content-type", "")
    if not _MEDIA.fullmatch(media) or digest != _digest(body):
        return None
    return covered | dict(zip(BODY_COMPONENTS, (media, digest), strict=True))


def _base(covered: Mapping[str, str], signed: str) -> bytes:
    """The signature base (RFC 9421, section 2.5)."""
    lines = [f'"{name}": {value}' for name, value in covered.items()]
    return "\n".join([*lines, f'"@signature-params": {signed}']).encode("ascii")


def _digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(sha256(body).digest()).decode()}:"
