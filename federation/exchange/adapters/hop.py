"""Who signed a request: the hop signature checked against the keys in force. Nonces are remembered by the verbs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from federation.exchange.adapters.sql.directory import SqlDirectory
from federation.exchange.domain.caller import Caller
from federation.exchange.domain.errors import KeyUseError
from federation.exchange.domain.roster import Roster
from federation.ground.clock import Clock
from federation.ground.hop import target_uri, verify_request
from protocol.hop import VerifiedHop
from protocol.ids import KeyId, NodeId
from protocol.keys import VerifyingKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A request as its bytes came, whatever host it named."""

    method: str
    raw_path: bytes
    query: bytes
    headers: Mapping[str, str]
    body: bytes


class Gate:
    """Makes a `Caller` of a signed request; the address it must have been sent to is the configured one."""

    def __init__(self, directory: SqlDirectory, clock: Clock, public_url: str) -> None:
        self._directory = directory
        self._clock = clock
        self._public_url = public_url

    def member(self, request: Received) -> Caller:
        """A member that signed with a signing key in force. Raises: HopSignatureError, KeyUseError."""
        caller = self.owner(request)
        if caller.by_identity:
            raise KeyUseError(expected="signing")
        return caller

    def owner(self, request: Received) -> Caller:
        """A member that signed with a signing key in force, or with its identity key. Raises: HopSignatureError."""
        found: list[tuple[Roster, NodeId]] = []

        def resolve(key_id: KeyId) -> Ed25519PublicKey | None:
            roster, known = self._directory.resolve(key_id, self._clock.now())
            node = roster.identities.get(key_id)
            if node is not None:
                found.append((roster, node))
                return _public(roster.identity(node))
            if known is None:
                return None
            found.append((roster, known.node))
            return _public(known.key)

        hop = self._verify(request, resolve)
        roster, node = found[-1]
        return _caller(hop, node, roster)

    def asker(self, request: Received, node: NodeId, identity: VerifyingKey) -> Caller:
        """Somebody at the door who signed with the identity key it shows. Raises: HopSignatureError."""
        expected = identity.key_id
        hop = self._verify(request, lambda key_id: _public(identity) if key_id == expected else None)
        return _caller(hop, node, self._directory.roster())

    def _verify(self, request: Received, resolve: Callable[[KeyId], Ed25519PublicKey | None]) -> VerifiedHop:
        uri = target_uri(self._public_url, request.raw_path, request.query)
        return verify_request(
            request.method, uri, request.headers, request.body, resolve_key=resolve, now=self._clock.now()
        )


class LinkGate:
    """Lets in the one relay of a board alone; the address it must have been sent to is the configured one."""

    def __init__(self, relay: VerifyingKey, clock: Clock, public_url: str) -> None:
        self._relay = relay
        self._clock = clock
        self._public_url = public_url

    def __call__(self, request: Received) -> VerifiedHop:
        """The relay's signature, which holds. Raises: HopSignatureError, HopTimeError."""
        uri = target_uri(self._public_url, request.raw_path, request.query)
        known = {self._relay.key_id: _public(self._relay)}
        return verify_request(
            request.method, uri, request.headers, request.body, resolve_key=known.get, now=self._clock.now()
        )


def _caller(hop: VerifiedHop, node: NodeId, roster: Roster) -> Caller:
    return Caller(node=node, key_id=hop.key_id, nonce=hop.nonce, expires=hop.expires, roster=roster)


@lru_cache(maxsize=4_096)
def _public(key: VerifyingKey) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(key.raw)
