"""A federation's stewards with real keys, writing real TUF files with python-tuf."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from securesystemslib.signer._crypto_signer import CryptoSigner
from securesystemslib.signer._key import SSlibKey
from tuf.api._payload import DelegatedRole, Delegations, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp
from tuf.api.metadata import Metadata

from protocol.documents import Document, to_moment
from protocol.ids import NodeId, sha256_hex
from protocol.keys import OpeningKey, SigningKey, VerifyingKey
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
    Standing,
    Suspension,
    Suspensions,
)
from protocol.vocabulary import Publishes, SizeBracket, vocabulary_hash

URL = "https://exchange.example"
YEAR = timedelta(days=365)


def tuf_key(key: VerifyingKey) -> SSlibKey:
    return SSlibKey(key.key_id, "ed25519", "ed25519", {"public": key.raw.hex()})


def sign(metadata: Metadata, *keys: SigningKey) -> bytes:  # type: ignore[type-arg]
    """Sign what was not signed before."""
    for key in keys:
        metadata.sign(CryptoSigner(key.private, tuf_key(key.public)), append=True)
    return metadata.to_bytes()


@dataclass
class Stewards:
    """The stewards, and everything they published so far under `files`."""

    now: datetime
    url: str = URL
    members: list[Member] = field(default_factory=list)
    cleared: list[Cleared] = field(default_factory=list)
    stopped: list[Suspension] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root_keys = [SigningKey.generate() for _ in range(3)]
        self.admissions = [SigningKey.generate() for _ in range(2)]
        self.duty = SigningKey.generate()
        self.snapshot_key, self.timestamp_key = SigningKey.generate(), SigningKey.generate()
        self.board_sign, self.board_seal = SigningKey.generate(), OpeningKey.generate()
        self.versions = dict.fromkeys(("root", "targets", "suspensions", "snapshot", "timestamp"), 0)
        self.serial = 0

    # -- what stewards decide

    def admit(self, node: NodeId, identity: VerifyingKey, name: str, *, min_key_version: int = 1) -> Member:
        member = Member(
            id=node,
            name=name,
            region="Alberta",
            identity=identity.jwk,
            status=Standing.ACTIVE,
            valid_from=to_moment(self.now - timedelta(days=1)),
            relay=self.url,
            min_key_version=min_key_version,
            publishes=Publishes.BRACKET,
            size=SizeBracket.UNDER_25,
        )
        self.members = [other for other in self.members if other.id != node] + [member]
        return member

    def change(self, node: NodeId, **fields: object) -> None:
        self.members = [member.model_copy(update=fields) if member.id == node else member for member in self.members]

    def suspend(self, node: NodeId) -> Suspension:
        self.serial += 1
        entry = Suspension(key=self.duty.key_id, serial=self.serial, subject=node, since=to_moment(self.now))
        self.stopped.append(entry)
        return entry

    # -- what they sign

    def publish(self) -> None:
        """Sign everything anew."""
        if not self.versions["root"]:
            self.publish_root()
        self.publish_targets()
        self.publish_suspensions()
        self.publish_online()

    def publish_root(self, *also: SigningKey, expires: timedelta = YEAR) -> bytes:
        self.versions["root"] += 1
        root = Root(version=self.versions["root"], expires=self._end(expires), consistent_snapshot=True)
        roles = {
            "root": (self.root_keys, 2),
            "targets": (self.admissions, 2),
            "snapshot": ([self.snapshot_key], 1),
            "timestamp": ([self.timestamp_key], 1),
        }
        for role, (keys, threshold) in roles.items():
            for key in keys:
                root.add_key(tuf_key(key.public), role)
            root.roles[role].threshold = threshold
        raw = sign(Metadata(root), *self.root_keys, *also)
        self.files[f"{root.version}.root.json"] = raw
        return raw

    def publish_targets(self, *, expires: timedelta = timedelta(days=90)) -> bytes:
        self.versions["targets"] += 1
        members = Members(signed_at=to_moment(self.now), members=tuple(self.members), cleared=tuple(self.cleared))
        policy = Policy(
            signed_at=to_moment(self.now),
            board=BoardKeys(sign=self.board_sign.public.jwk, seal=self.board_seal.public.jwk),
            vocabulary=vocabulary_hash(),
        )
        role = DelegatedRole(SUSPENSIONS_ROLE, [], 1, terminating=True, paths=[SUSPENSIONS])
        targets = Targets(
            version=self.versions["targets"],
            expires=self._end(expires),
            targets={MEMBERS: self._target(MEMBERS, members), POLICY: self._target(POLICY, policy)},
            delegations=Delegations(keys={}, roles={SUSPENSIONS_ROLE: role}),
        )
        targets.add_key(tuf_key(self.duty.public), SUSPENSIONS_ROLE)
        raw = sign(Metadata(targets), *self.admissions)
        self.files[f"{targets.version}.targets.json"] = raw
        return raw

    def publish_suspensions(self, *, signed_at: datetime | None = None, expires: timedelta | None = None) -> bytes:
        self.versions["suspensions"] += 1
        content = Suspensions(signed_at=to_moment(signed_at or self.now), entries=tuple(self.stopped))
        targets = Targets(
            version=self.versions["suspensions"],
            expires=self._end(expires or timedelta(hours=72)),
            targets={SUSPENSIONS: self._target(SUSPENSIONS, content)},
        )
        raw = sign(Metadata(targets), self.duty)
        self.files[f"{targets.version}.{SUSPENSIONS_ROLE}.json"] = raw
        return raw

    def publish_online(self, **named: int) -> None:
        """What the exchange signs by itself; `named` may name older versions than the newest."""
        self.versions["snapshot"] += 1
        self.versions["timestamp"] += 1
        meta = {
            f"{role}.json": MetaFile(named.get(role, self.versions[role])) for role in ("targets", SUSPENSIONS_ROLE)
        }
        snapshot = Snapshot(version=self.versions["snapshot"], expires=self._end(timedelta(days=7)), meta=meta)
        raw = sign(Metadata(snapshot), self.snapshot_key)
        self.files[f"{snapshot.version}.snapshot.json"] = raw
        timestamp = Timestamp(
            version=self.versions["timestamp"],
            expires=self._end(timedelta(hours=26)),
            snapshot_meta=MetaFile(snapshot.version, len(raw), {"sha256": sha256_hex(raw)}),
        )
        self.files["timestamp.json"] = sign(Metadata(timestamp), self.timestamp_key)

    def copy_of_files(self) -> dict[str, bytes]:
        return deepcopy(self.files)

    def _target(self, name: str, document: Document) -> TargetFile:
        raw = document.encode()
        self.files[f"targets/{sha256_hex(raw)}.{name}"] = raw
        return TargetFile.from_data(name, raw, ["sha256"])

    def _end(self, after: timedelta) -> datetime:
        return (self.now + after).replace(microsecond=0)
