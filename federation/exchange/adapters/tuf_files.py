"""One TUF metadata file: read, held against a delegation, and its keys as this language names them."""

from collections.abc import Mapping
from dataclasses import dataclass

from securesystemslib.signer._crypto_signer import CryptoSigner
from securesystemslib.signer._key import Key, SSlibKey
from securesystemslib.signer._signature import Signature

# The library offers these names in public modules too, but re-exports them there implicitly, which strict typing
# refuses; so they are taken from where they are defined.
from tuf.api._payload import Root, Targets
from tuf.api.exceptions import RepositoryError, UnsignedMetadataError
from tuf.api.metadata import Metadata
from tuf.api.serialization import DeserializationError

from federation.exchange.domain.errors import RosterError, RosterMixError, RosterSignatureError
from protocol.errors import ProtocolError
from protocol.ids import KeyId
from protocol.keys import Jwk, SigningKey, VerifyingKey
from protocol.parsing import b64u
from protocol.roster import LIMIT

_ED25519 = "ed25519"


@dataclass(frozen=True, slots=True)
class RosterFile:
    """One metadata file: its bytes, and what they say."""

    raw: bytes
    signed: Root | Targets
    signed_bytes: bytes
    signatures: dict[str, Signature]

    @property
    def version(self) -> int:
        """Its version."""
        return self.signed.version


def load_file(raw: bytes) -> RosterFile:
    """Read a root, targets or suspensions file. Raises: RosterError; RosterMixError for a file made here."""
    if len(raw) > LIMIT:
        raise RosterError(reason="size")
    try:
        metadata: Metadata[Root] | Metadata[Targets] = Metadata.from_bytes(raw)
    except DeserializationError as error:
        raise RosterError(reason="form") from error
    if not isinstance(metadata.signed, Root | Targets):
        raise RosterMixError(reason="online-file")  # snapshot and timestamp are signed here and nowhere else
    return RosterFile(raw, metadata.signed, metadata.signed_bytes, metadata.signatures)


def as_root(file: RosterFile) -> Root:
    """What a root says. Raises: RosterMixError."""
    signed = file.signed
    if not isinstance(signed, Root):
        raise RosterMixError(role=Root.type)
    return signed


def as_targets(file: RosterFile) -> Targets:
    """What a targets or suspensions file says. Raises: RosterMixError."""
    signed = file.signed
    if not isinstance(signed, Targets):
        raise RosterMixError(role=Targets.type)
    return signed


def verify_role(delegator: Root | Targets, role: str, file: RosterFile) -> None:
    """Check that `delegator` lets these signatures speak for `role`. Raises: RosterSignatureError, RosterError."""
    try:
        delegator.verify_delegate(role, file.signed_bytes, file.signatures)
    except UnsignedMetadataError as error:
        raise RosterSignatureError(role=role) from error
    except (RepositoryError, ValueError) as error:
        raise RosterError(role=role, reason="delegation") from error


def admissions_keys(root: bytes) -> Mapping[KeyId, VerifyingKey]:
    """The keys that may admit, under the ids this language gives them."""
    signed = as_root(load_file(root))
    keys = [signed.get_key(keyid) for keyid in signed.get_delegated_role(Targets.type).keyids]
    return {key.key_id: key for key in map(verifying_key, keys)}


def online_signer(key: SigningKey) -> CryptoSigner:
    """A signer whose key is named by its thumbprint, as everywhere in this language."""
    return CryptoSigner(key.private, SSlibKey(key.key_id, _ED25519, _ED25519, {"public": key.public.raw.hex()}))


def verifying_key(key: Key) -> VerifyingKey:
    """The key of a role, whose id must be its thumbprint, so that one key never counts as two."""
    public = str(key.keyval.get("public", ""))
    try:
        found = VerifyingKey.from_jwk(Jwk(crv="Ed25519", x=b64u(bytes.fromhex(public))))
    except (ValueError, ProtocolError) as error:
        raise RosterError(reason="key") from error
    if key.keytype != _ED25519 or key.keyid != found.key_id:
        raise RosterError(reason="key")
    return found
