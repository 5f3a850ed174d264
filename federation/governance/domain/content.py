"""What one state of the roster says, published or proposed, apart from the files that say it.

Signatures and their verification belong to the engine; how one state follows another, to `changes`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from federation.governance.domain.trust import RoleName, Trust
from protocol.documents import Document
from protocol.ids import Digest
from protocol.roster import Members, Policy, Suspension, Suspensions

LIFETIMES = {
    RoleName.ROOT: timedelta(days=365),
    RoleName.TARGETS: timedelta(days=90),
    RoleName.SUSPENSIONS: timedelta(hours=72),
}
SIGNED_OFFLINE = tuple(LIFETIMES)


class Versions(Document):
    """Where the roster stands; all zero before the founding."""

    root: int = 0
    targets: int = 0
    suspensions: int = 0

    def of(self, role: RoleName) -> int:
        """The version of a role that stewards sign."""
        return {RoleName.ROOT: self.root, RoleName.TARGETS: self.targets}.get(role, self.suspensions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """Until when the files that stewards sign may be used."""

    root: datetime
    targets: datetime
    suspensions: datetime

    def of(self, role: RoleName) -> datetime:
        """The end of a role that stewards sign."""
        return {RoleName.ROOT: self.root, RoleName.TARGETS: self.targets}.get(role, self.suspensions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that the stewards' files say together."""

    trust: Trust
    versions: Versions
    expires: Expiry
    members: Members
    policy: Policy
    suspensions: Suspensions


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The files of a roster as bytes; None where a proposal leaves one as it is."""

    root: bytes | None = None
    targets: bytes | None = None
    suspensions: bytes | None = None
    members_file: bytes | None = None
    policy_file: bytes | None = None
    suspensions_file: bytes | None = None

    def over(self, base: "Bundle | None") -> "Bundle":
        """The whole roster once this bundle is published over `base`."""
        if base is None:
            return self
        return Bundle(
            root=self.root or base.root,
            targets=self.targets or base.targets,
            suspensions=self.suspensions or base.suspensions,
            members_file=self.members_file or base.members_file,
            policy_file=self.policy_file or base.policy_file,
            suspensions_file=self.suspensions_file or base.suspensions_file,
        )

    def metadata(self, role: RoleName) -> bytes | None:
        """The signed file of a role that stewards sign."""
        return {RoleName.ROOT: self.root, RoleName.TARGETS: self.targets}.get(role, self.suspensions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The roster as this machine verified it last. Expiry is told, not refused: a lapsed roster must be repairable."""

    exchange: str
    content: Content
    bundle: Bundle
    root_digest: Digest
    snapshot_expires: datetime
    timestamp_expires: datetime
    kept: frozenset[Suspension]
    read_at: datetime
