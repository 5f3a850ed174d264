"""A member that signs as the profile says, and a forger with a true key that signs whatever it likes."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519

from federation.ground.hop import sign_request, verify_request
from protocol.hop import HopSignatureError, VerifiedHop
from protocol.ids import KeyId

NOW = datetime(2027, 3, 1, 12, 0, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
KEY_ID = KeyId("A" * 43)
NONCE = "nonce-0123456789"
URL = "https://exchange.example/v1/mailbox?after=4&wait=25"
BODY = b'{"receipts":[]}'
TAG = "mentorweave-exchange"


def known(key_id: KeyId) -> Ed25519PublicKey | None:
    return KEY.public_key() if key_id == KEY_ID else None


def get() -> httpx.Request:
    return httpx.Request("GET", URL)


def post(body: bytes = BODY) -> httpx.Request:
    return httpx.Request("POST", URL, content=body, headers={"Content-Type": "application/json"})


def signed(request: httpx.Request, *, now: datetime = NOW) -> httpx.Request:
    sign_request(request, key_id=KEY_ID, private_key=KEY, now=now, nonce=NONCE)
    return request


def verify(request: httpx.Request, *, now: datetime = NOW, url: str = URL, body: bytes | None = None) -> VerifiedHop:
    content = request.content if body is None else body
    return verify_request(request.method, url, request.headers, content, resolve_key=known, now=now)


def reason(request: httpx.Request, *, now: datetime = NOW, url: str = URL, body: bytes | None = None) -> str | int:
    with pytest.raises(HopSignatureError) as caught:
        verify(request, now=now, url=url, body=body)
    return caught.value.params["reason"]


class Forger:
    """Signs with the true key whatever a careless or hostile peer might ask of the library."""

    def __init__(self, *, key: Ed25519PrivateKey = KEY, key_id: str = KEY_ID) -> None:
        self.signer = HTTPMessageSigner(
            signature_algorithm=ED25519,
            key_resolver=MappingKeyResolver(public_keys={}, private_keys={key_id: key}),
        )
        self.key_id = key_id
        self.tag: str | None = TAG
        self.nonce: str | None = NONCE
        self.created: datetime | None = NOW
        self.expires: datetime | None = NOW + timedelta(minutes=10)
        self.components: tuple[str, ...] = ("@method", "@target-uri")
        self.label = "mentorweave"

    def sign(self, request: httpx.Request, *, body: bytes | None = None, append: bool = False) -> httpx.Request:
        self.signer.sign(
            request,
            key_id=self.key_id,
            created=self.created,
            expires=self.expires,
            nonce=self.nonce,
            tag=self.tag,
            label=self.label,
            covered_component_ids=self.components,
            body=body,
            append_if_signature_exists=append,
        )
        return request
