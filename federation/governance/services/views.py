"""What the stewards' verbs return: frozen, and the same for a person, for `--json` and for tests."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from federation.governance.domain.acts import Verb
from federation.governance.domain.deadlines import Deadline
from federation.governance.domain.diff import Change
from federation.governance.domain.proposal import ProposalKind
from federation.governance.services.ports import RoleCheck
from protocol.ids import Digest, JoinId, NodeId
from protocol.roster import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class SixWords:
    """What both ends read to each other over the phone, in both languages."""

    english: tuple[str, ...]
    french: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalView:
    """What a proposal would change, and who signed it. `words` belong to a new identity key."""

    kind: ProposalKind
    by: str
    exchange: str
    changes: tuple[Change, ...]
    checks: tuple[RoleCheck, ...]
    words: SixWords | None
    file: str = ""

    @property
    def missing(self) -> int:
        """How many signatures are still needed, over all files."""
        return sum(check.missing for check in self.checks)

    def at(self, file: Path) -> "ProposalView":
        """The same view of the proposal that lies in `file`."""
        return replace(self, file=str(file))


@dataclass(frozen=True, slots=True, kw_only=True)
class StewardView:
    """A steward's new folder."""

    name: str
    duty: bool
    card: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinCodeView:
    """A join code to hand to one program."""

    code: str
    join: JoinId
    program: str
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """One program as the roster has it; `standing` counts sticky suspensions."""

    id: NodeId
    name: str
    region: str
    standing: Standing
    identity: str
    min_key_version: int
    publishes: str
    size: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleView:
    """Who may sign what."""

    role: str
    threshold: int
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionView:
    """A suspension that holds until admissions clears it by key and serial."""

    subject: NodeId
    key: str
    serial: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterView:
    """The roster as verified."""

    exchange: str
    root_version: int
    root_sha256: Digest
    targets_version: int
    suspensions_version: int
    signed_at: datetime
    read_at: datetime
    live: bool
    roles: tuple[RoleView, ...]
    members: tuple[MemberView, ...]
    suspensions: tuple[SuspensionView, ...]
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActView:
    """One line of the record of acts."""

    n: int
    at: datetime
    by: str
    verb: Verb
    what: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryView:
    """The record, its chain checked; `head` is what an outsider may write down."""

    acts: tuple[ActView, ...]
    head: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusView:
    """Where a steward stands."""

    steward: str
    acts: int
    head: Digest
    codes: tuple[JoinId, ...]
    roster: RosterView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedView:
    """What the exchange serves after a publication, read back and verified."""

    root_version: int
    targets_version: int
    suspensions_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyView:
    """What a turn of duty did. `signed` is False where the suspensions were fresh enough."""

    signed: bool
    suspensions_version: int
    expires: datetime
