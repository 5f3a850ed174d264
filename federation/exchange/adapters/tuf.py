"""The roster through python-tuf: staged files are checked against the trusted root, online files are signed here.

The rules are those a client applies (TUF specification 1.0.34, sections 5.3 to 5.6), so nothing is ever published
that a member would refuse. Contents of the targets are read with `protocol.roster`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from securesystemslib.signer._crypto_signer import CryptoSigner

# Both libraries offer these names in public modules too, but re-export them there implicitly, which strict typing
# refuses; so they are taken from where they are defined.
from tuf.api._payload import MetaFile, Root, Snapshot, Targets, Timestamp
from tuf.api.exceptions import LengthOrHashMismatchError
from tuf.api.metadata import Metadata

from federation.exchange.adapters.tuf_files import (
    RosterFile,
    as_root,
    as_targets,
    load_file,
    verify_role,
    verifying_key,
)
from federation.exchange.domain.errors import (
    RosterError,
    RosterExpiredError,
    RosterMixError,
    RosterVersionError,
)
from federation.exchange.domain.publication import Bundle, OnlineFiles, Publication, Standing
from federation.exchange.domain.roster import Versions
from protocol.documents import from_moment
from protocol.keys import Jwk, VerifyingKey
from protocol.roster import LIMIT, MEMBERS, POLICY, SUSPENSIONS, SUSPENSIONS_ROLE, Members, Policy, Suspensions
from protocol.statements import CLOCK_SKEW

SNAPSHOT_LIFETIME = timedelta(days=7)
TIMESTAMP_LIFETIME = timedelta(hours=26)
_ED25519 = "ed25519"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineSigners:
    """The exchange's own two keys of the roster."""

    snapshot: CryptoSigner
    timestamp: CryptoSigner


class TufKeeper:
    """Checks what stewards stage and signs what only the exchange signs."""

    def __init__(self, signers: OnlineSigners, board: tuple[Jwk, Jwk]) -> None:
        self._signers = signers
        self._board = board

    def check(self, standing: Standing | None, bundle: Bundle, now: datetime) -> Publication:
        """The publication that `bundle` makes on top of `standing`. Raises: RosterError and its kinds."""
        staged = _sorted(bundle.metadata)
        roots = staged[Root.type]
        root = self._newest_root(standing, roots, now)
        targets = _next_role(
            staged[Targets.type], standing.targets if standing else None, root.signed, Targets.type, now
        )
        self._check_delegation(root, targets)
        suspensions = _next_role(
            staged[SUSPENSIONS_ROLE],
            standing.suspensions if standing else None,
            as_targets(targets),
            SUSPENSIONS_ROLE,
            now,
        )
        contents = _contents(standing, bundle, targets, suspensions)
        members, policy, denied = self._read(contents, now)
        versions = Versions(
            root=root.version,
            targets=targets.version,
            suspensions=suspensions.version,
            snapshot=standing.versions.snapshot if standing else 0,
            timestamp=standing.versions.timestamp if standing else 0,
        )
        new = Standing(
            versions=versions,
            root=root.raw,
            targets=targets.raw,
            suspensions=suspensions.raw,
            members_json=contents[MEMBERS],
            policy_json=contents[POLICY],
            suspensions_json=contents[SUSPENSIONS],
        )
        online = self.renew(new, now)
        return Publication(
            standing=replace(new, versions=online.versions),
            files=_published(roots, targets, suspensions, contents),
            online=online,
            members=members,
            policy=policy,
            suspensions=denied,
        )

    def renew(self, standing: Standing, now: datetime) -> OnlineFiles:
        """Snapshot and timestamp, signed anew."""
        versions = replace(
            standing.versions, snapshot=standing.versions.snapshot + 1, timestamp=standing.versions.timestamp + 1
        )
        whole = now.replace(microsecond=0)
        snapshot = Metadata(
            Snapshot(
                version=versions.snapshot,
                expires=whole + SNAPSHOT_LIFETIME,
                meta={
                    "targets.json": _meta(versions.targets, standing.targets),
                    f"{SUSPENSIONS_ROLE}.json": _meta(versions.suspensions, standing.suspensions),
                },
            )
        )
        snapshot.sign(self._signers.snapshot)
        snapshot_raw = snapshot.to_bytes()
        timestamp = Metadata(
            Timestamp(
                version=versions.timestamp,
                expires=whole + TIMESTAMP_LIFETIME,
                snapshot_meta=_meta(versions.snapshot, snapshot_raw),
            )
        )
        timestamp.sign(self._signers.timestamp)
        return OnlineFiles(
            versions=versions,
            files={f"{versions.snapshot}.snapshot.json": snapshot_raw, "timestamp.json": timestamp.to_bytes()},
            snapshot_expires=whole + SNAPSHOT_LIFETIME,
            timestamp_expires=whole + TIMESTAMP_LIFETIME,
        )

    def _newest_root(self, standing: Standing | None, staged: list[RosterFile], now: datetime) -> RosterFile:
        """The newest root: each is the next version, signed by the one before it and by itself (5.3.3 to 5.3.5)."""
        trusted = load_file(standing.root) if standing else None
        for file in staged:
            if file.version != (trusted.version + 1 if trusted else 1):
                raise RosterVersionError(role=Root.type, version=file.version)
            if trusted is not None:
                verify_role(as_root(trusted), Root.type, file)
            verify_role(as_root(file), Root.type, file)
            trusted = file
        if trusted is None:
            raise RosterMixError(missing=Root.type)
        if trusted.signed.is_expired(now):
            raise RosterExpiredError(role=Root.type)
        self._check_online_roles(as_root(trusted))
        return trusted

    def _check_online_roles(self, root: Root) -> None:
        """Snapshot and timestamp are this exchange's keys, one signature each, and files carry their versions."""
        for role, signer in ((Snapshot.type, self._signers.snapshot), (Timestamp.type, self._signers.timestamp)):
            delegated = root.get_delegated_role(role)
            if signer.public_key.keyid not in delegated.keyids or delegated.threshold != 1:
                raise RosterError(role=role, reason="online-key")
        for key in root.keys.values():
            verifying_key(key)
        if not root.consistent_snapshot:
            raise RosterError(role=Root.type, reason="consistent-snapshot")

    def _check_delegation(self, root: RosterFile, targets: RosterFile) -> None:
        """One delegation: suspensions, for its one file and nothing after it, by keys used for nothing else."""
        delegations = as_targets(targets).delegations
        roles = delegations.roles if delegations is not None else None
        role = roles.get(SUSPENSIONS_ROLE) if roles is not None and len(roles) == 1 else None
        if role is None or role.paths != [SUSPENSIONS] or not role.terminating:
            raise RosterError(role=SUSPENSIONS_ROLE, reason="delegation")
        for keyid in role.keyids:
            verifying_key(as_targets(targets).get_key(keyid))
        others = {keyid for other in as_root(root).roles.values() for keyid in other.keyids}
        if others & set(role.keyids):
            raise RosterError(role=SUSPENSIONS_ROLE, reason="key-reused")

    def _read(self, contents: Mapping[str, bytes], now: datetime) -> tuple[Members, Policy, Suspensions]:
        members = Members.parse(contents[MEMBERS], limit=LIMIT)
        policy = Policy.parse(contents[POLICY], limit=LIMIT)
        suspensions = Suspensions.parse(contents[SUSPENSIONS], limit=LIMIT)
        for document in (members, policy, suspensions):
            if from_moment(document.signed_at) > now + CLOCK_SKEW:
                raise RosterError(reason="signed-in-the-future")
        if (policy.board.sign.x, policy.board.seal.x) != tuple(key.x for key in self._board):
            raise RosterError(file=POLICY, reason="board-keys")
        for member in members.members:
            VerifyingKey.from_jwk(member.identity)
        return members, policy, suspensions


def _sorted(metadata: tuple[bytes, ...]) -> dict[str, list[RosterFile]]:
    """Staged files by role, roots by version; more than one of another role says nothing about which is meant."""
    found: dict[str, list[RosterFile]] = {Root.type: [], Targets.type: [], SUSPENSIONS_ROLE: []}
    for raw in metadata:
        file = load_file(raw)
        signed = file.signed
        # Only the admissions role delegates; a deny-only file never does.
        role = SUSPENSIONS_ROLE if isinstance(signed, Targets) and signed.delegations is None else signed.type
        found[role].append(file)
    found[Root.type].sort(key=lambda file: file.version)
    for role in (Targets.type, SUSPENSIONS_ROLE):
        if len(found[role]) > 1:
            raise RosterMixError(role=role)
    if not any(found.values()):
        raise RosterMixError(missing="metadata")
    return found


def _next_role(
    staged: list[RosterFile], standing: bytes | None, delegator: Root | Targets, role: str, now: datetime
) -> RosterFile:
    """The staged file if it is the next version, else the standing one; either holds under the newest delegator."""
    trusted = load_file(standing) if standing is not None else None
    if not staged:
        if trusted is None:
            raise RosterMixError(missing=role)
        verify_role(delegator, role, trusted)
        return trusted
    (file,) = staged
    if file.version != (trusted.version + 1 if trusted else 1):
        raise RosterVersionError(role=role, version=file.version)
    verify_role(delegator, role, file)
    if file.signed.is_expired(now):
        raise RosterExpiredError(role=role)
    return file


def _contents(
    standing: Standing | None, bundle: Bundle, targets: RosterFile, suspensions: RosterFile
) -> dict[str, bytes]:
    """Every described file, staged or standing, with the length and hash its signers gave it; nothing else."""
    described = {**as_targets(targets).targets, **as_targets(suspensions).targets}
    if set(as_targets(targets).targets) != {MEMBERS, POLICY} or set(as_targets(suspensions).targets) != {SUSPENSIONS}:
        raise RosterMixError(reason="described-files")
    if not set(bundle.targets) <= set(described):
        raise RosterMixError(reason="stray-file")
    kept: dict[str, bytes] = {}
    if standing is not None:
        kept = {
            MEMBERS: standing.members_json,
            POLICY: standing.policy_json,
            SUSPENSIONS: standing.suspensions_json,
        }
    contents = {**kept, **bundle.targets}
    for name, target in described.items():
        if name not in contents:
            raise RosterMixError(missing=name)
        if "sha256" not in target.hashes:
            raise RosterMixError(file=name, reason="hash")
        try:
            target.verify_length_and_hashes(contents[name])
        except LengthOrHashMismatchError as error:
            raise RosterMixError(file=name, reason="hash") from error
    return contents


def _published(
    roots: list[RosterFile], targets: RosterFile, suspensions: RosterFile, contents: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Files under the names a client with consistent snapshots asks for."""
    files = {f"{file.version}.root.json": file.raw for file in roots}
    files[f"{targets.version}.targets.json"] = targets.raw
    files[f"{suspensions.version}.{SUSPENSIONS_ROLE}.json"] = suspensions.raw
    described = {**as_targets(targets).targets, **as_targets(suspensions).targets}
    for name, target in described.items():
        for prefixed in target.get_prefixed_paths():
            files[f"targets/{prefixed}"] = contents[name]
    return files


def _meta(version: int, raw: bytes) -> MetaFile:
    return MetaFile.from_data(version, raw, ["sha256"])
