"""A whole federation in memory for tests of the exchange: stewards with real keys, members that sign real requests."""

import base64
import json
import os
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from fastapi import FastAPI
from securesystemslib.signer._crypto_signer import CryptoSigner
from securesystemslib.signer._key import SSlibKey
from tuf.api._payload import DelegatedRole, Delegations, Role, Root, TargetFile, Targets
from tuf.api.metadata import Metadata

from federation.exchange.app import create_app
from federation.exchange.founding import ExchangePublic, init_exchange
from federation.exchange.settings import ExchangeSettings, load_settings
from federation.ground.clock import Clock
from federation.ground.hop import sign_request
from protocol.documents import to_moment
from protocol.envelope import LIFETIME, MEDIA_TYPE, EnvelopeHeader, seal_envelope
from protocol.ids import Digest, MessageId, NodeId, node_id, sha256_hex, uuid7
from protocol.keys import Jwk, OpeningKey, SigningKey
from protocol.receipts import Receipt, ReceiptOutcome, sign_receipt
from protocol.roster import (
    MEMBERS,
    POLICY,
    SUSPENSIONS,
    SUSPENSIONS_ROLE,
    BoardKeys,
    Cleared,
    Member,
    Members,
    Policy,
    Quotas,
    Standing,
    Suspension,
    Suspensions,
)
from protocol.statements import KeyStatement, StatementRef, sign_statement
from protocol.vocabulary import Publishes, SizeBracket, vocabulary_hash
from tests.support.clock import FakeClock
from tests.support.migrated import bring_exchange_to_head

URL = "https://exchange.example"
JOSE = "application/jose"
JSON = "application/json"


@dataclass(slots=True, kw_only=True)
class Peer:
    """A member, or somebody who would like to be one, with every key it needs."""

    clock: Clock
    node: NodeId = field(default_factory=lambda: node_id(os.urandom(10)))
    identity: SigningKey = field(default_factory=SigningKey.generate)
    signing: SigningKey = field(default_factory=SigningKey.generate)
    opening: OpeningKey = field(default_factory=OpeningKey.generate)
    version: int = 1
    status: Standing = Standing.ACTIVE
    quotas: Quotas = field(default_factory=lambda: Quotas(cards=100))
    min_key_version: int = 1

    def member(self) -> Member:
        """How the roster names it."""
        return Member(
            id=self.node,
            name="A program",
            region="AB",
            identity=self.identity.public.jwk,
            status=self.status,
            valid_from=0,
            relay=URL,
            min_key_version=self.min_key_version,
            quotas=self.quotas,
            publishes=Publishes.BRACKET,
            size=SizeBracket.UNDER_25,
        )

    def statement(self) -> bytes:
        """Its current key statement."""
        now = to_moment(self.clock.now())
        claims = KeyStatement(
            iss=self.node,
            version=self.version,
            iat=now,
            exp=now + 80 * 86_400,
            sign=(self.signing.public.jwk,),
            seal=(self.opening.public.jwk,),
            prev=None,
        )
        return sign_statement(claims, self.identity)

    def rotate(self) -> None:
        """Take new keys, under the next version."""
        self.version += 1
        self.signing = SigningKey.generate()

    def message_id(self) -> MessageId:
        """A new message id."""
        return MessageId(uuid7(self.clock.now(), os.urandom(10)))

    def envelope(
        self, to: "Peer", message: MessageId, *, inner: bytes = b"sealed words", lifetime: timedelta = LIFETIME
    ) -> bytes:
        """A sealed letter."""
        now = self.clock.now()
        header = EnvelopeHeader(
            to=to.node,
            sender=self.node,
            id=message,
            sent_at=to_moment(now),
            expires_at=to_moment(now + lifetime),
            kid=to.opening.key_id,
        )
        return seal_envelope(header, inner, to.opening.public).raw

    def receipt(self, sender: "Peer", message: str, envelope: bytes, *, jti: str | None = None) -> bytes:
        """A receipt for a letter it fetched."""
        claims = Receipt(
            iss=self.node,
            to=sender.node,
            jti=jti or self.message_id(),
            message=message,
            envelope=sha256_hex(envelope),
            outcome=ReceiptOutcome.STORED,
            iat=to_moment(self.clock.now()),
            keys=StatementRef(version=self.version, hash=Digest("0" * 64)),
        )
        return sign_receipt(claims, self.signing)


@dataclass(frozen=True, slots=True, kw_only=True)
class StewardKeys:
    """Keys of the stewards: two of three decide, one duty key denies."""

    root: tuple[SigningKey, ...]
    admissions: tuple[SigningKey, ...]
    duty: tuple[SigningKey, ...]


def steward_keys() -> StewardKeys:
    """Fresh keys for three stewards."""

    def three() -> tuple[SigningKey, ...]:
        return tuple(SigningKey.generate() for _ in range(3))

    return StewardKeys(root=three(), admissions=three(), duty=(SigningKey.generate(),))


@dataclass(slots=True, kw_only=True)
class Stewards:
    """Writes and signs rosters. Every field may be bent to make a roster that must be refused."""

    public: ExchangePublic
    clock: FakeClock
    keys: StewardKeys = field(default_factory=steward_keys)
    members: list[Peer] = field(default_factory=list)
    suspended: list[Suspension] = field(default_factory=list)
    cleared: list[Cleared] = field(default_factory=list)
    board_interval: int = 604_800
    root_version: int = 1
    targets_version: int = 1
    suspensions_version: int = 1

    def root(self, signers: tuple[SigningKey, ...] | None = None, **bent: object) -> bytes:
        """A root naming these stewards and the exchange's online keys."""
        root = Root(version=self.root_version, expires=self._in(days=365), consistent_snapshot=True)
        roles: dict[str, tuple[tuple[Jwk, ...], int]] = {
            "root": (_jwks(self.keys.root), 2),
            "targets": (_jwks(self.keys.admissions), 2),
            "snapshot": ((self.public.snapshot,), 1),
            "timestamp": ((self.public.timestamp,), 1),
        }
        for name, (keys, threshold) in roles.items():
            root.roles[name] = Role([], threshold)
            for key in keys:
                root.add_key(_tuf_key(key), name)
        for name, value in bent.items():
            setattr(root, name, value)
        return signed(Metadata(root), signers or self.keys.root[:2])

    def members_json(self) -> bytes:
        """The members."""
        return Members(
            signed_at=to_moment(self.clock.now()),
            members=tuple(peer.member() for peer in self.members),
            cleared=tuple(self.cleared),
        ).encode()

    def policy_json(self, board: BoardKeys | None = None) -> bytes:
        """The policy."""
        return Policy(
            signed_at=to_moment(self.clock.now()),
            board=board or self.public.board,
            vocabulary=vocabulary_hash(),
            board_interval=self.board_interval,
        ).encode()

    def suspensions_json(self) -> bytes:
        """The suspensions."""
        return Suspensions(signed_at=to_moment(self.clock.now()), entries=tuple(self.suspended)).encode()

    def targets(
        self, contents: Mapping[str, bytes], signers: tuple[SigningKey, ...] | None = None, **bent: object
    ) -> bytes:
        """Targets describing members and policy, with the delegation of suspensions."""
        role = DelegatedRole(SUSPENSIONS_ROLE, [], 1, terminating=True, paths=[SUSPENSIONS])
        targets = Targets(
            version=self.targets_version,
            expires=self._in(days=90),
            targets={name: TargetFile.from_data(name, content, ["sha256"]) for name, content in contents.items()},
            delegations=Delegations(keys={}, roles={SUSPENSIONS_ROLE: role}),
        )
        for key in self.keys.duty:
            targets.add_key(_tuf_key(key.public.jwk), SUSPENSIONS_ROLE)
        for name, value in bent.items():
            setattr(targets, name, value)
        return signed(Metadata(targets), signers or self.keys.admissions[:2])

    def suspensions(self, content: bytes, signers: tuple[SigningKey, ...] | None = None, **bent: object) -> bytes:
        """Suspensions metadata."""
        targets = Targets(
            version=self.suspensions_version,
            expires=self._in(hours=72),
            targets={SUSPENSIONS: TargetFile.from_data(SUSPENSIONS, content, ["sha256"])},
        )
        for name, value in bent.items():
            setattr(targets, name, value)
        return signed(Metadata(targets), signers or self.keys.duty)

    def founding(self) -> bytes:
        """The whole first roster."""
        return bundle(
            [self.root(), *self._targets_files(), *self._suspensions_files()],
            {**self._members(), SUSPENSIONS: self.suspensions_json()},
        )

    def admission(self) -> bytes:
        """The next targets, with the members as they are now."""
        self.targets_version += 1
        return bundle(self._targets_files(), self._members())

    def denial(self) -> bytes:
        """The next suspensions."""
        self.suspensions_version += 1
        return bundle(self._suspensions_files(), {SUSPENSIONS: self.suspensions_json()})

    def suspend(self, peer: Peer, serial: int = 1) -> None:
        """Put a suspension on the next list."""
        since = to_moment(self.clock.now())
        key = self.keys.duty[0].key_id
        self.suspended.append(Suspension(key=key, serial=serial, subject=peer.node, since=since))

    def _members(self) -> dict[str, bytes]:
        return {MEMBERS: self.members_json(), POLICY: self.policy_json()}

    def _targets_files(self) -> list[bytes]:
        return [self.targets(self._members())]

    def _suspensions_files(self) -> list[bytes]:
        return [self.suspensions(self.suspensions_json())]

    def _in(self, **time: int) -> datetime:
        return self.clock.now().replace(microsecond=0) + timedelta(**time)


def signed(metadata: Metadata[Root] | Metadata[Targets], signers: tuple[SigningKey, ...]) -> bytes:
    """Metadata with these signatures."""
    for key in signers:
        metadata.sign(CryptoSigner(key.private, _tuf_key(key.public.jwk)), append=True)
    return metadata.to_bytes()


def bundle(metadata: list[bytes], targets: Mapping[str, bytes]) -> bytes:
    """The body of a staged roster."""
    return json.dumps(
        {
            "metadata": [base64.b64encode(raw).decode() for raw in metadata],
            "targets": {name: base64.b64encode(raw).decode() for name, raw in targets.items()},
        }
    ).encode()


def _jwks(keys: tuple[SigningKey, ...]) -> tuple[Jwk, ...]:
    return tuple(key.public.jwk for key in keys)


def _tuf_key(key: Jwk) -> SSlibKey:
    raw = base64.urlsafe_b64decode(key.x + "=")
    return SSlibKey(key.key_id, "ed25519", "ed25519", {"public": raw.hex()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Federation:
    """One exchange in process, its stewards and a client that speaks to it."""

    app: FastAPI
    settings: ExchangeSettings
    clock: FakeClock
    stewards: Stewards
    client: httpx.AsyncClient

    def request(
        self,
        method: str,
        path: str,
        *,
        peer: Peer | None = None,
        key: SigningKey | None = None,
        body: bytes = b"",
        media: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Request:
        """A request, signed by the peer's signing key or by `key`."""
        sent = {"content-type": media, **(headers or {})} if media else dict(headers or {})
        request = self.client.build_request(method, URL + path, content=body or None, headers=sent)
        signer = key or (peer.signing if peer else None)
        if signer is not None:
            sign(request, signer, self.clock.now())
        return request

    async def send(
        self,
        method: str,
        path: str,
        *,
        peer: Peer | None = None,
        key: SigningKey | None = None,
        body: bytes = b"",
        media: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send such a request."""
        request = self.request(method, path, peer=peer, key=key, body=body, media=media, headers=headers)
        return await self.client.send(request)

    async def publish(self, body: bytes, *, token: str | None = None) -> httpx.Response:
        """Stage a roster."""
        headers = {"mentorweave-founding": token} if token is not None else {}
        return await self.send("PUT", "/v1/roster/staged", body=body, media=JSON, headers=headers)

    async def found(self, *peers: Peer) -> None:
        """Found the federation with these members and publish their keys."""
        self.stewards.members.extend(peers)
        response = await self.publish(self.stewards.founding(), token=self.stewards.public.founding_token)
        assert response.status_code == 200, response.text
        for peer in peers:
            await self.publish_keys(peer)

    async def admit(self, *peers: Peer) -> None:
        """Publish the next members."""
        self.stewards.members.extend(peers)
        response = await self.publish(self.stewards.admission())
        assert response.status_code == 200, response.text

    async def suspend(self, peer: Peer, serial: int = 1) -> None:
        """Publish a suspension."""
        self.stewards.suspend(peer, serial)
        response = await self.publish(self.stewards.denial())
        assert response.status_code == 200, response.text

    async def publish_keys(self, peer: Peer) -> None:
        """Publish a peer's statement."""
        response = await self.put_keys(peer, peer.statement())
        assert response.status_code == 201, response.text

    async def put_keys(self, peer: Peer, token: bytes, *, version: int | None = None) -> httpx.Response:
        """Send a statement."""
        path = f"/v1/keys/{peer.node}/{version or peer.version}"
        return await self.send("PUT", path, peer=peer, key=peer.identity, body=token, media=JOSE)

    async def put(
        self, sender: Peer, to: Peer, message: MessageId | None = None, envelope: bytes | None = None
    ) -> httpx.Response:
        """Send a letter."""
        name = message or sender.message_id()
        body = envelope if envelope is not None else sender.envelope(to, name)
        return await self.send("PUT", f"/v1/mailbox/{to.node}/{name}", peer=sender, body=body, media=MEDIA_TYPE)

    async def poll(self, peer: Peer, query: str = "") -> httpx.Response:
        """Read a mailbox."""
        return await self.send("GET", f"/v1/mailbox{query}", peer=peer)

    async def acknowledge(
        self, peer: Peer, *receipts: bytes, discard: tuple[str, ...] = (), query: str = ""
    ) -> httpx.Response:
        """Acknowledge."""
        content = {"receipts": [receipt.decode() for receipt in receipts], "discard": list(discard)}
        body = json.dumps(content).encode()
        return await self.send("POST", f"/v1/mailbox/ack{query}", peer=peer, body=body, media=JSON)


def sign(request: httpx.Request, key: SigningKey, now: datetime) -> None:
    """Sign a request the way a member does."""
    sign_request(request, key_id=key.key_id, private_key=key.private, now=now, nonce=secrets.token_urlsafe(18))


@asynccontextmanager
async def federation(
    folder: Path, database_url: str, *, clock: FakeClock | None = None, live: bool = False, **settings: object
) -> AsyncIterator[Federation]:
    """A fresh exchange; `live` also runs what ticks and listens behind it."""
    clock = clock or FakeClock()
    data_dir = folder / "exchange"
    public = init_exchange(data_dir, URL, database_url)
    loaded = load_settings(data_dir).model_copy(update=settings)
    bring_exchange_to_head(loaded.url)
    stewards = Stewards(public=public, clock=clock)
    async with serving(loaded, clock, stewards, live=live) as found:
        yield found


@asynccontextmanager
async def serving(
    settings: ExchangeSettings, clock: FakeClock, stewards: Stewards, *, live: bool = False
) -> AsyncIterator[Federation]:
    """One replica over these settings."""
    app = create_app(settings, clock)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
        found = Federation(app=app, settings=settings, clock=clock, stewards=stewards, client=client)
        if live:
            async with app.router.lifespan_context(app):
                yield found
        else:
            try:
                yield found
            finally:
                app.state.edge.services.engine.dispose()


def bent_policy(keys: StewardKeys) -> BoardKeys:
    """Board keys that are not the exchange's."""
    return BoardKeys(sign=keys.duty[0].public.jwk, seal=OpeningKey.generate().public.jwk)


__all__ = ["Federation", "Peer", "StewardKeys", "Stewards", "federation", "replace", "serving"]
