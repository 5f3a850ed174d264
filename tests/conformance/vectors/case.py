"""One test vector: an operation of the language, its input, and the output or the error code that must follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocol.documents import from_moment
from protocol.ids import Digest, KeyId, NodeId
from protocol.jws import by_id
from protocol.keys import Jwk, VerifyingKey
from protocol.parsing import Json, unb64u

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Fields = dict[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Exactly one of `output` and `error` is set; an output is computed when the file is made."""

    name: str
    operation: str
    given: Fields
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """The input of a case, read by the types that its operation expects."""

    fields: Mapping[str, Json]

    def text(self, name: str) -> str:
        """A text field."""
        found = self.fields[name]
        assert isinstance(found, str), name
        return found

    def number(self, name: str) -> int:
        """A whole number."""
        found = self.fields[name]
        assert isinstance(found, int), name
        return found

    def raw(self, name: str) -> bytes:
        """Bytes written in hexadecimal."""
        return bytes.fromhex(self.text(name))

    def binary(self, name: str) -> bytes:
        """Bytes written in base64url."""
        return unb64u(self.text(name))

    def token(self, name: str = "token") -> bytes:
        """A compact JWS."""
        return self.text(name).encode()

    def moment(self, name: str = "now") -> datetime:
        """Unix seconds."""
        return from_moment(self.number(name))

    def node(self, name: str) -> NodeId:
        """A member id."""
        return NodeId(self.text(name))

    def digest(self, name: str) -> Digest:
        """A SHA-256 digest."""
        return Digest(self.text(name))

    def inside(self, name: str) -> Given:
        """An object."""
        found = self.fields[name]
        assert isinstance(found, dict), name
        return Given(found)

    def each(self, name: str) -> tuple[Given, ...]:
        """A list of objects."""
        found = self.fields[name]
        assert isinstance(found, list), name
        return tuple(Given(item) for item in found if isinstance(item, dict))

    def jwk(self, name: str) -> Jwk:
        """A public key."""
        return self.inside(name).as_jwk()

    def as_jwk(self) -> Jwk:
        """This object as a public key."""
        return Jwk.model_validate(dict(self.fields))

    def key(self, name: str) -> VerifyingKey:
        """An Ed25519 public key."""
        return VerifyingKey.from_jwk(self.jwk(name))

    def keys(self, name: str = "keys") -> dict[KeyId, VerifyingKey]:
        """Ed25519 public keys under their thumbprints."""
        return by_id(*(VerifyingKey.from_jwk(item.as_jwk()) for item in self.each(name)))

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self.fields.get(name) is not None
