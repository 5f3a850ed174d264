"""The files of a roster as TUF metadata: written, signed, read and checked with python-tuf.

Every key id is the RFC 7638 thumbprint of its key, so that one key can never count as two. Fetching belongs to
`tuf_reader`, and what a state of the roster may say to the domain.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Self, TypeVar

from securesystemslib.exceptions import UnverifiedSignatureError
from securesystemslib.signer._crypto_signer import CryptoSigner
from securesystemslib.signer._key import Key, SSlibKey

# Both libraries offer these names in public modules too, but re-export them there implicitly, which strict typing
# refuses; so they are taken from where they are defined.
from tuf.api._payload import DelegatedRole, Delegations, Root, TargetFile, Targets
from tuf.api._payload import Role as TufRole
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata
from tuf.api.serialization import DeserializationError

from federation.governance.domain.content import Bundle, Content, Expiry, Versions
from federation.governance.domain.errors import FalseKeyIdError, ProposalDamagedError, ProposalsDifferError
from federation.governance.domain.trust import EXCHANGE_NAME, Holder, Role, RoleName, Trust
from federation.governance.services.ports import Engine, RoleCheck
from protocol.documents import Document
from protocol.errors import ProtocolError
from protocol.ids import Digest, sha256_hex
from protocol.keys import Jwk, SigningKey, VerifyingKey
from protocol.roster import LIMIT, MEMBERS, POLICY, SUSPENSIONS, SUSPENSIONS_ROLE, Members, Policy, Suspensions

NAME_FIELD = "x-mentorweave-name"
_ED25519 = "ed25519"
_Doc = TypeVar("_Doc", bound=Document)
_Signed = Metadata[Root] | Metadata[Targets]


class TufEngine(Engine):
    """The one place that knows how the roster looks in TUF metadata."""

    def write(self, content: Content, base: Bundle | None) -> Bundle:
        """See the port. A policy that is unchanged keeps its very bytes."""
        before = _Before.of(base, self)
        brings_targets = content.versions.targets > before.versions.targets
        brings_suspensions = content.versions.suspensions > before.versions.suspensions
        members = content.members.encode()
        policy = before.policy_file if content.policy == before.policy else content.policy.encode()
        stops = content.suspensions.encode()
        return Bundle(
            root=_root(content).to_bytes() if content.versions.root > before.versions.root else None,
            targets=_targets(content, members, policy).to_bytes() if brings_targets else None,
            suspensions=_suspensions(content, stops).to_bytes() if brings_suspensions else None,
            members_file=members if brings_targets else None,
            policy_file=policy if brings_targets else None,
            suspensions_file=stops if brings_suspensions else None,
        )

    def read(self, bundle: Bundle) -> Content:
        """See the port."""
        root = _load_root(bundle.root).signed
        targets = _load_targets(bundle.targets).signed
        suspensions = _load_targets(bundle.suspensions).signed
        return Content(
            trust=_trust(root, targets),
            versions=Versions(root=root.version, targets=targets.version, suspensions=suspensions.version),
            expires=Expiry(root=root.expires, targets=targets.expires, suspensions=suspensions.expires),
            members=_document(Members, targets, MEMBERS, bundle.members_file),
            policy=_document(Policy, targets, POLICY, bundle.policy_file),
            suspensions=_document(Suspensions, suspensions, SUSPENSIONS, bundle.suspensions_file),
        )

    def sign(self, metadata: bytes | None, key: SigningKey) -> bytes:
        """See the port."""
        loaded = _parse(metadata)
        loaded.sign(CryptoSigner(key.private, _tuf_key(Holder("", key.public))), append=True)
        return loaded.to_bytes()

    def is_signed_by(self, metadata: bytes, key: Jwk) -> bool:
        """See the port."""
        loaded = _parse(metadata)
        signature = loaded.signatures.get(key.key_id)
        if signature is None:
            return False
        try:
            _tuf_key(Holder("", VerifyingKey.from_jwk(key))).verify_signature(signature, loaded.signed_bytes)
        except UnverifiedSignatureError:
            return False
        return True

    def merge(self, one: bytes, other: bytes) -> bytes:
        """See the port."""
        first, second = _parse(one), _parse(other)
        if first.signed_bytes != second.signed_bytes:
            raise ProposalsDifferError
        first.signatures.update(second.signatures)
        return first.to_bytes()

    def check(self, bundle: Bundle, base: Bundle | None) -> tuple[RoleCheck, ...]:
        """See the port. A root needs the old root's threshold as well as its own (TUF specification 5.3.4)."""
        whole = bundle.over(base)
        root, targets = _load_root(whole.root), _load_targets(whole.targets)
        checks: list[RoleCheck] = []
        if bundle.root is not None and base is not None:
            checks.append(_checked(RoleName.ROOT, _load_root(base.root).signed, root, by_new_root=False))
        if bundle.root is not None:
            checks.append(_checked(RoleName.ROOT, root.signed, root, by_new_root=True))
        # Whatever a new root or new delegations would leave unsigned is checked as well, though its file stays.
        checks.append(_checked(RoleName.TARGETS, root.signed, targets, by_new_root=True))
        suspensions = _load_targets(whole.suspensions)
        checks.append(_checked(RoleName.SUSPENSIONS, targets.signed, suspensions, by_new_root=True))
        return tuple(checks)

    def signed_digest(self, metadata: bytes | None) -> Digest:
        """See the port."""
        return sha256_hex(_parse(metadata).signed_bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """What is published, as far as writing the next files depends on it."""

    versions: Versions
    policy: Policy | None = None
    policy_file: bytes = b""

    @classmethod
    def of(cls, base: Bundle | None, engine: Engine) -> Self:
        if base is None:
            return cls(versions=Versions())
        old = engine.read(base)
        return cls(versions=old.versions, policy=old.policy, policy_file=base.policy_file or b"")


def _root(content: Content) -> Metadata[Root]:
    root = Root(version=content.versions.root, expires=_tuf_time(content.expires.root), consistent_snapshot=True)
    for name in (RoleName.ROOT, RoleName.TARGETS, RoleName.SNAPSHOT, RoleName.TIMESTAMP):
        role = content.trust.role(name)
        root.roles[name.value] = TufRole([], role.threshold)
        for holder in role.holders:
            root.add_key(_tuf_key(holder), name.value)
    return Metadata(root)


def _targets(content: Content, members: bytes, policy: bytes) -> Metadata[Targets]:
    duty = content.trust.suspensions
    role = DelegatedRole(SUSPENSIONS_ROLE, [], duty.threshold, terminating=True, paths=[SUSPENSIONS])
    targets = Targets(
        version=content.versions.targets,
        expires=_tuf_time(content.expires.targets),
        targets={MEMBERS: _target(MEMBERS, members), POLICY: _target(POLICY, policy)},
        delegations=Delegations(keys={}, roles={SUSPENSIONS_ROLE: role}),
    )
    for holder in duty.holders:
        targets.add_key(_tuf_key(holder), SUSPENSIONS_ROLE)
    return Metadata(targets)


def _suspensions(content: Content, stops: bytes) -> Metadata[Targets]:
    return Metadata(
        Targets(
            version=content.versions.suspensions,
            expires=_tuf_time(content.expires.suspensions),
            targets={SUSPENSIONS: _target(SUSPENSIONS, stops)},
        )
    )


def _target(name: str, content: bytes) -> TargetFile:
    return TargetFile.from_data(name, content, ["sha256"])


def _tuf_time(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _tuf_key(holder: Holder) -> SSlibKey:
    # The exchange compares its keys with those it made, so they carry nothing more.
    fields = {} if holder.name in {"", EXCHANGE_NAME} else {NAME_FIELD: holder.name}
    return SSlibKey(holder.key_id, _ED25519, _ED25519, {"public": holder.key.raw.hex()}, fields)


def _trust(root: Root, targets: Targets) -> Trust:
    delegations = targets.delegations
    if delegations is None or delegations.roles is None or set(delegations.roles) != {SUSPENSIONS_ROLE}:
        raise ProposalDamagedError(role=RoleName.TARGETS.value)
    duty = delegations.roles[SUSPENSIONS_ROLE]
    if duty.paths != [SUSPENSIONS]:
        raise ProposalDamagedError(role=RoleName.SUSPENSIONS.value)

    def of(name: RoleName) -> Role:
        return _role(root.roles[name.value], root.get_key)

    return Trust(
        root=of(RoleName.ROOT),
        targets=of(RoleName.TARGETS),
        suspensions=_role(duty, targets.get_key),
        snapshot=of(RoleName.SNAPSHOT),
        timestamp=of(RoleName.TIMESTAMP),
    )


def _role(role: TufRole, key_of: Callable[[str], Key]) -> Role:
    return Role(role.threshold, tuple(_holder(key_of(key_id)) for key_id in role.keyids))


def _holder(key: Key) -> Holder:
    if (key.keytype, key.scheme) != (_ED25519, _ED25519):
        raise ProposalDamagedError
    try:
        holder = Holder(
            str(key.unrecognized_fields.get(NAME_FIELD, EXCHANGE_NAME)),
            VerifyingKey(bytes.fromhex(str(key.keyval["public"]))),
        )
    except (KeyError, ValueError, ProtocolError) as error:
        raise ProposalDamagedError from error
    if holder.key_id != key.keyid:
        raise FalseKeyIdError
    return holder


def _parse(metadata: bytes | None) -> Metadata[Targets]:
    """Metadata of any kind, for what all kinds share; `_load_root` and `_load_targets` check which kind it is."""
    if metadata is None or len(metadata) > LIMIT:
        raise ProposalDamagedError
    try:
        return Metadata[Targets].from_bytes(metadata)
    except DeserializationError as error:
        raise ProposalDamagedError from error


def _load_root(metadata: bytes | None) -> Metadata[Root]:
    loaded = _parse(metadata)
    signed: object = loaded.signed
    if not isinstance(signed, Root):
        raise ProposalDamagedError(role=RoleName.ROOT.value)
    return Metadata(signed, loaded.signatures)


def _load_targets(metadata: bytes | None) -> Metadata[Targets]:
    loaded = _parse(metadata)
    signed: object = loaded.signed
    if not isinstance(signed, Targets):
        raise ProposalDamagedError(role=RoleName.TARGETS.value)
    return loaded


def _document(kind: type[_Doc], targets: Targets, name: str, content: bytes | None) -> _Doc:
    described = targets.targets.get(name)
    if described is None or content is None:
        raise ProposalDamagedError(file=name)
    try:
        described.verify_length_and_hashes(content)
        return kind.parse(content, limit=LIMIT)
    except (RepositoryError, ProtocolError) as error:
        raise ProposalDamagedError(file=name) from error


def _checked(role: RoleName, delegator: Root | Targets, signed: _Signed, *, by_new_root: bool) -> RoleCheck:
    result = delegator.get_verification_result(role.value, signed.signed_bytes, signed.signatures)
    return RoleCheck(
        role=role,
        by_new_root=by_new_root,
        signed=tuple(sorted(_holder(key).name for key in result.signed.values())),
        unsigned=tuple(sorted(_holder(key).name for key in result.unsigned.values())),
        threshold=result.threshold,
    )
