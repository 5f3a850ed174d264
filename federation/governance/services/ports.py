"""What the stewards' verbs need from the world."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from federation.governance.domain.acts import Act, Verb
from federation.governance.domain.cards import StewardCard
from federation.governance.domain.content import Bundle, Content, Published
from federation.governance.domain.proposal import Proposal
from federation.governance.domain.trust import RoleName
from protocol.documents import DigestText, Document, UuidText
from protocol.ids import Digest, JoinId
from protocol.keys import Jwk, SigningKey


class JoinState(StrEnum):
    """How far a join request got, as the exchange tells it."""

    PENDING = "pending"
    CHALLENGED = "challenged"
    ANSWERED = "answered"
    ADMITTED = "admitted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinProgress:
    """What the exchange holds for one join id."""

    state: JoinState
    request: bytes
    answer: bytes | None


class IssuedCode(Document):
    """What a steward remembers of a join code, and of the challenge she set."""

    join: UuidText
    program: str
    secret: str
    root_version: int
    root_sha256: DigestText
    expires: int
    opened: str | None = None


class PinKind(StrEnum):
    """What a pinned hash covers: a whole file, or only what was signed, where signatures were still to come."""

    FILE = "file"
    SIGNED = "signed"


class Pin(Document):
    """Which federation this folder belongs to, and by what its first root is recognised."""

    exchange: str
    root_version: int
    sha256: DigestText
    of: PinKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCheck:
    """Whose signatures a file has, measured against one role that must have signed it."""

    role: RoleName
    by_new_root: bool
    signed: tuple[str, ...]
    unsigned: tuple[str, ...]
    threshold: int

    @property
    def missing(self) -> int:
        """How many signatures are still needed."""
        return max(0, self.threshold - len(self.signed))


class Engine(Protocol):
    """Writes, signs and checks the files of a roster."""

    def write(self, content: Content, base: Bundle | None) -> Bundle:
        """The unsigned files by which `content` differs in version from `base`."""
        ...

    def read(self, bundle: Bundle) -> Content:
        """What a whole bundle says, its hashes checked. Raises: ProposalDamagedError, FalseKeyIdError."""
        ...

    def sign(self, metadata: bytes | None, key: SigningKey) -> bytes:
        """The file with this key's signature added or made anew. Raises: ProposalDamagedError for none."""
        ...

    def is_signed_by(self, metadata: bytes, key: Jwk) -> bool:
        """Whether this key's signature is there and holds."""
        ...

    def merge(self, one: bytes, other: bytes) -> bytes:
        """The file with the signatures of both. Raises: ProposalsDifferError."""
        ...

    def check(self, bundle: Bundle, base: Bundle | None) -> tuple[RoleCheck, ...]:
        """Every signature that counts, for each file that `bundle` brings. Raises: ProposalDamagedError."""
        ...

    def signed_digest(self, metadata: bytes | None) -> Digest:
        """SHA-256 of what the signatures cover. Raises: ProposalDamagedError for none."""
        ...


class Reader(Protocol):
    """Reads and verifies the published roster."""

    def read(self, pin: Pin | None = None) -> Published:
        """Fetch and verify, from the root that `pin` or the folder names.

        Raises: FederationUnknownError, RosterRefusedError, RootDiffersError, ExchangeUnreachableError.
        """
        ...

    def last(self) -> Published:
        """The copy verified last. Raises: NoCopyError."""
        ...

    def root_file(self, version: int) -> bytes | None:
        """A root this machine verified, or None."""
        ...


class Exchange(Protocol):
    """What stewards ask of the exchange."""

    def publish(self, bundle: Bundle, founding_token: str | None) -> None:
        """Stage threshold-signed files. Raises: ExchangeRefusedError, ExchangeUnreachableError."""
        ...

    def join(self, join: JoinId) -> JoinProgress:
        """The state of a join request. Raises: JoinAbsentError and as above."""
        ...

    def challenge(self, join: JoinId, challenge: bytes) -> None:
        """Upload a signed challenge."""
        ...

    def refuse(self, join: JoinId, refusal: bytes) -> None:
        """Upload a signed refusal."""
        ...


class StewardFolder(Protocol):
    """One steward's folder: her keys, what she remembers, and the record of her acts."""

    @property
    def card(self) -> StewardCard:
        """Her public card. Raises: StewardMissingError."""
        ...

    def found(self, card: StewardCard, *, root: SigningKey, admissions: SigningKey, duty: SigningKey | None) -> None:
        """Make the folder. Raises: FolderTakenError."""
        ...

    def root_key(self) -> SigningKey:
        """Her root key. Raises: the errors of the key file."""
        ...

    def admissions_key(self) -> SigningKey:
        """Her admissions key."""
        ...

    def duty_key(self) -> SigningKey:
        """Her duty key. Raises: DutyKeyMissingError."""
        ...

    def pin(self) -> Pin | None:
        """Which federation she trusts, if she knows one."""
        ...

    def keep_pin(self, pin: Pin) -> None:
        """Remember the federation she trusts."""
        ...

    def issued(self, join: JoinId) -> IssuedCode:
        """What she remembers of a code. Raises: JoinUnknownError."""
        ...

    def all_issued(self) -> tuple[JoinId, ...]:
        """The join ids of her codes."""
        ...

    def keep_issued(self, code: IssuedCode) -> None:
        """Remember a code, sealed."""
        ...

    def keep_proposal(self, proposal: Proposal, name: str) -> Path:
        """Write a proposal file and say where."""
        ...

    def acts(self) -> tuple[Act, ...]:
        """The record. Raises: RecordBrokenError."""
        ...

    def head(self) -> Digest:
        """The hash of the record's last line."""
        ...

    def record(self, verb: Verb, what: str, subject: str = "") -> None:
        """Add a line to the record. Raises: RecordBrokenError."""
        ...


class Pause(Protocol):
    """Waits."""

    def __call__(self, seconds: float) -> None:
        """Wait that long."""
        ...
