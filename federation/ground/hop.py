"""Signing and verifying one request between two machines of a federation (RFC 9421).

The profile is `protocol.hop`; this module applies it with the library that reads and writes the fields. `hop_plain`
writes plain requests as the library does, to the byte, and recognises that writing; the library decides about the rest.
Whether a key may act, and remembering nonces, belong to the caller.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import http_sf
import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    MappingKeyResolver,
    VerifyResult,
)
from http_message_signatures.algorithms import ED25519
from http_message_signatures.exceptions import HTTPMessageSignaturesException
from http_sf.compat import InnerList

from federation.ground.hop_plain import Unsigned, read_plain, sign_plain
from protocol.hop import (
    BODY_COMPONENTS,
    COMPONENTS,
    LABEL,
    LIFETIME,
    MAX_NONCE,
    SKEW,
    TAG,
    HopSignatureError,
    HopTimeError,
    VerifiedHop,
)
from protocol.ids import KEY_ID_PATTERN, KeyId

_NONCE = re.compile(rf"[A-Za-z0-9_-]{{16,{MAX_NONCE}}}")
_MAX_FIELD = 1024  # one signature of this profile takes about 400 characters


def target_uri(public_url: str, raw_path: bytes, query: bytes) -> str:
    """Return what a request's `@target-uri` must have been, from the configured address and the bytes asked for."""
    asked = raw_path + (b"?" + query if query else b"")
    return public_url.rstrip("/") + asked.decode("latin-1")


def sign_request(
    request: httpx.Request, *, key_id: KeyId, private_key: Ed25519PrivateKey, now: datetime, nonce: str
) -> None:
    """Add Signature, Signature-Input and, with a body, Content-Digest; a request signed before is signed anew.

    Raises: ValueError for a body without a Content-Type.
    """
    body = request.content
    if body and "content-type" not in request.headers:
        raise ValueError("a signed body needs a content type")
    request.headers.pop("content-digest", None)
    media = request.headers.get("content-type", "")
    plain = sign_plain(
        Unsigned(request.method, str(request.url), media, body),
        key_id=key_id,
        private_key=private_key,
        now=now,
        nonce=nonce,
    )
    if plain is not None:
        request.headers.update(plain)
        return
    created = now.astimezone(UTC).replace(microsecond=0)
    keys = MappingKeyResolver(public_keys={}, private_keys={key_id: private_key})
    HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=keys).sign(
        request,
        key_id=key_id,
        created=created,
        expires=created + LIFETIME,
        nonce=nonce,
        label=LABEL,
        tag=TAG,
        covered_component_ids=_components(body),
        body=body or None,
    )


def verify_request(
    method: str,
    target_uri: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    resolve_key: Callable[[KeyId], Ed25519PublicKey | None],
    now: datetime,
) -> VerifiedHop:
    """Check the one signature of a request against the profile: form, key, time, signature, body, cover, nonce.

    Raises: HopTimeError, naming the server's time and how far ahead of it the signature was made, in seconds;
    HopSignatureError for everything else, with the rule as `reason`; whatever `resolve_key` raises passes through.
    """
    plain = read_plain(method, target_uri, headers, body)
    if plain is not None and (known := resolve_key(plain.key_id)) is not None and plain.holds(known, now):
        return VerifiedHop(key_id=plain.key_id, nonce=plain.nonce, created=plain.created, expires=plain.expires)
    return verify_by_library(method, target_uri, headers, body, resolve_key=resolve_key, now=now)


def verify_by_library(
    method: str,
    target_uri: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    resolve_key: Callable[[KeyId], Ed25519PublicKey | None],
    now: datetime,
) -> VerifiedHop:
    """`verify_request` for a signature in whatever form RFC 9421 allows; raises the same."""
    message = _Message(method=method, url=target_uri, headers=headers)
    key_id = _claimed_key(headers)
    # The library would call any failure of a key lookup a bad signature, even a database that is down.
    key = resolve_key(key_id)
    if key is None:
        raise HopSignatureError(reason="unknown-key", key=key_id)
    verifier = _ProfileVerifier(key_id=key_id, key=key, now=now)
    try:
        (result,) = verifier.verify(
            message, max_age=LIFETIME, expect_tag=TAG, require_components=_components(body), body=body
        )
    except HTTPMessageSignaturesException as error:
        raise HopSignatureError(reason="signature") from error
    return _verified(result, body)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    method: str
    url: str
    headers: Mapping[str, str]


class _ProfileVerifier(HTTPMessageVerifier):
    """The library's verifier with this profile's rule of time, and a moment handed in instead of read."""

    def __init__(self, *, key_id: KeyId, key: Ed25519PublicKey, now: datetime) -> None:
        keys = MappingKeyResolver(public_keys={key_id: key}, private_keys={})
        super().__init__(signature_algorithm=ED25519, key_resolver=keys)
        self._now = now

    def validate_created_and_expires(self, sig_input: InnerList, max_age: timedelta | None = None) -> None:
        """Forgive 300 s on `created`, nothing on `expires`, and no lifetime above ten minutes."""
        created, expires = sig_input.params.get("created"), sig_input.params.get("expires")
        if not isinstance(created, int) or not isinstance(expires, int):
            raise HopSignatureError(reason="times-missing")
        # Whole seconds are compared as numbers: a moment far outside the calendar is refused, not a crash.
        now, longest = self._now.timestamp(), (max_age or LIFETIME).total_seconds()
        if created > now + SKEW.total_seconds():
            raise self._refused("created-in-the-future", created)
        if expires < now:
            raise self._refused("expired", created)
        if not 0 < expires - created <= longest:
            raise self._refused("lifetime", created)

    def _refused(self, reason: str, created: int) -> HopTimeError:
        return HopTimeError(
            reason=reason,
            server_time=self._now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            difference=created - round(self._now.timestamp()),
        )


def _components(body: bytes) -> tuple[str, ...]:
    return (*COMPONENTS, *BODY_COMPONENTS) if body else COMPONENTS


def _claimed_key(headers: Mapping[str, str]) -> KeyId:
    """Return the key the one signature names, after both fields were found and are short."""
    _member(headers, "signature")
    match _member(headers, "signature-input"):
        case [list(), {"keyid": str(key_id)}] if re.fullmatch(KEY_ID_PATTERN, key_id):
            return KeyId(key_id)
        case _:
            raise HopSignatureError(reason="key-id")


def _member(headers: Mapping[str, str], name: str) -> object:
    field = ", ".join(value for key, value in headers.items() if key.lower() == name)
    if not field:
        raise HopSignatureError(reason="unsigned")
    if len(field) > _MAX_FIELD:
        raise HopSignatureError(reason="field-too-long")
    try:
        members = http_sf.parse(field.encode(), tltype="dictionary")
    except (ValueError, TypeError) as error:
        raise HopSignatureError(reason="field-malformed") from error
    if not isinstance(members, dict) or len(members) != 1:
        raise HopSignatureError(reason="several-signatures")
    return next(iter(members.values()))


def _verified(result: VerifyResult, body: bytes) -> VerifiedHop:
    covered = {component.strip('"') for component in result.covered_components} - {"@signature-params"}
    if covered != set(_components(body)):
        raise HopSignatureError(reason="components")
    nonce = result.nonce
    if nonce is None or not _NONCE.fullmatch(nonce):
        raise HopSignatureError(reason="nonce")
    created, expires = (datetime.fromtimestamp(int(result.parameters[name]), UTC) for name in ("created", "expires"))
    return VerifiedHop(key_id=KeyId(str(result.parameters["keyid"])), nonce=nonce, created=created, expires=expires)
