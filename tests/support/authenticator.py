"""A device with passkeys in memory: makes real keys and real signatures, and misbehaves when told to.

Written from W3C Web Authentication, level 3, sections 6.1 and 6.5.
"""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import encode_cbor

_PRESENT, _VERIFIED, _NEW_KEY = 0x01, 0x04, 0x40


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(slots=True)
class Device:
    """One key for one site; `asks` is whether it asks its owner, `counts` what it says to have signed."""

    origin: str
    host: str
    asks: bool = True
    counts: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def create(self, question: str) -> str:
        """What a browser hands back for `navigator.credentials.create`."""
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + self._public_key()
        said = encode_cbor({"fmt": "none", "attStmt": {}, "authData": self._data(_NEW_KEY) + attested})
        client = self._client("webauthn.create", question)
        return self._answer({"clientDataJSON": _text(client), "attestationObject": _text(said)})

    def get(self, question: str) -> str:
        """What a browser hands back for `navigator.credentials.get`."""
        data, client = self._data(), self._client("webauthn.get", question)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        said = {"clientDataJSON": _text(client), "authenticatorData": _text(data), "signature": _text(signature)}
        return self._answer(said)

    def _data(self, more: int = 0) -> bytes:
        flags = _PRESENT | (_VERIFIED if self.asks else 0) | more
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.counts.to_bytes(4, "big")

    def _client(self, kind: str, question: str) -> bytes:
        challenge = json.loads(question)["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _public_key(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        return encode_cbor({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})

    def _answer(self, response: dict[str, str]) -> str:
        name = _text(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
