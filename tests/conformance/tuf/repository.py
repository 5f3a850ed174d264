"""A repository of signed files that a test may bend in every way, served over real HTTP on the loopback.

Written from the TUF specification; it publishes whatever it is told to, right or wrong.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeAlias
from urllib.parse import unquote

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from securesystemslib.signer._crypto_signer import CryptoSigner
from tuf.api._payload import (
    DelegatedRole,
    Delegations,
    MetaFile,
    Root,
    Signed,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.metadata import Metadata

from federation.ground.clock import SystemClock
from tests.support.site import Answer, Asked, Site, serving

TOP = ("root", "timestamp", "snapshot", "targets")
DAY = timedelta(days=1)
Signers: TypeAlias = dict[str, CryptoSigner]


def signer(kind: str = "ed25519") -> CryptoSigner:
    """A new key of a kind."""
    if kind == "rsa":
        return CryptoSigner(rsa.generate_private_key(public_exponent=65_537, key_size=2_048))
    if kind == "ecdsa":
        return CryptoSigner(ec.generate_private_key(ec.SECP256R1()))
    return CryptoSigner(ed25519.Ed25519PrivateKey.generate())


def in_days(days: float) -> datetime:
    return (SystemClock().now() + timedelta(days=days)).replace(microsecond=0)


@dataclass
class Repository:
    """Four top-level roles with one key each; delegations are added. Roots stand once published, the rest is signed
    when it is asked for."""

    roots: list[bytes] = field(default_factory=list)
    signers: dict[str, Signers] = field(default_factory=dict)
    delegated: dict[str, Targets] = field(default_factory=dict)
    content: dict[str, bytes] = field(default_factory=dict)
    hashes_meta: bool = False
    asked: list[str] = field(default_factory=list)
    instead: dict[str, Answer] = field(default_factory=dict)
    folder: str = ""

    def __post_init__(self) -> None:
        end = in_days(30)
        self.root = Root(expires=end, consistent_snapshot=True)
        self.timestamp, self.snapshot, self.targets = (
            Timestamp(expires=end),
            Snapshot(expires=end),
            Targets(expires=end),
        )
        for role in TOP:
            self.add_key(role)
        self.publish_root()

    # -- keys

    def add_key(self, role: str, key: CryptoSigner | None = None) -> CryptoSigner:
        made = key or signer()
        self.root.add_key(made.public_key, role)
        self.signers.setdefault(role, {})[made.public_key.keyid] = made
        return made

    def rotate(self, role: str) -> None:
        for key_id in list(self.root.roles[role].keyids):
            self.root.revoke_key(key_id, role)
        self.signers[role].clear()
        self.add_key(role)

    # -- publishing

    def publish_root(self, *also: CryptoSigner, bump: bool = False) -> None:
        if bump:
            self.root.version += 1
        self.roots.append(self.sign("root", self.root, *also))

    def update_timestamp(self) -> None:
        self.timestamp.snapshot_meta.version = self.snapshot.version
        if self.hashes_meta:
            self.timestamp.snapshot_meta = self._described(self.snapshot.version, self.sign("snapshot", self.snapshot))
        self.timestamp.version += 1

    def update_snapshot(self) -> None:
        for role, held in {"targets": self.targets, **self.delegated}.items():
            described = MetaFile(held.version)
            if self.hashes_meta:
                described = self._described(held.version, self.sign(role, held))
            self.snapshot.meta[f"{role}.json"] = described
        self.snapshot.version += 1
        self.update_timestamp()

    def add_target(self, path: str, content: bytes, role: str = "targets") -> None:
        self.content[path] = content
        self.role(role).targets[path] = TargetFile.from_data(path, content, ["sha256"])

    def delegate(
        self, parent: str, name: str, *patterns: str, terminating: bool = False, prefixes: list[str] | None = None
    ) -> Targets:
        made, held = signer(), Targets(expires=in_days(30))
        over = self.role(parent)
        if over.delegations is None:
            over.delegations = Delegations({}, roles={})
        assert over.delegations.roles is not None
        over.delegations.roles[name] = DelegatedRole(
            name, [], 1, terminating, list(patterns) or None, None if prefixes is None else prefixes
        )
        over.add_key(made.public_key, name)
        self.signers[name] = {made.public_key.keyid: made}
        self.delegated[name] = held
        return held

    def role(self, name: str) -> Targets:
        return self.targets if name == "targets" else self.delegated[name]

    def sign(self, role: str, signed: Signed, *also: CryptoSigner) -> bytes:
        held = Metadata(signed)  # type: ignore[type-var] # any of the four kinds
        for key in (*self.signers[role].values(), *also):
            held.sign(key, append=True)
        return held.to_bytes()

    @staticmethod
    def _described(version: int, raw: bytes) -> MetaFile:
        return MetaFile(version, len(raw), {"sha256": sha256(raw).hexdigest()})

    # -- serving

    def answer(self, asked: Asked) -> Answer:
        path = asked.path
        self.asked.append(path)
        if path in self.instead:
            return self.instead[path]
        found = self._target(path) if path.startswith("/targets/") else self._metadata(path.removeprefix("/metadata/"))
        return Answer(404) if found is None else Answer(200, found)

    def _metadata(self, name: str) -> bytes | None:
        role, version = name.removesuffix(".json"), None
        if role != "timestamp":
            number, dot, rest = role.partition(".")
            if dot and number.isdigit():
                role, version = rest, int(number)
        role = unquote(role)
        if role == "root":
            return self.roots[version - 1] if version and version <= len(self.roots) else None
        held = {"timestamp": self.timestamp, "snapshot": self.snapshot, "targets": self.targets, **self.delegated}
        if role not in held or (version is not None) is not (self.root.consistent_snapshot and role != "timestamp"):
            return None
        return self.sign(role, held[role]) if version in {None, held[role].version} else None

    def _target(self, path: str) -> bytes | None:
        name = unquote(path.removeprefix("/targets/"))
        if self.root.consistent_snapshot:
            folder, slash, base = name.rpartition("/")
            digest, _, base = base.partition(".")
            name = f"{folder}{slash}{base}"
            if sha256(self.content.get(name, b"")).hexdigest() != digest:
                return None
        return self.content.get(name)


@contextmanager
def served(repository: Repository) -> Iterator[Site]:
    with serving(repository.answer) as site:
        yield site
