"""Taking part in a federation: joining it, and one round of letters with the exchange. Outside any unit of work."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from federation.ground.stop import Stop
from protocol.ids import NodeId
from protocol.vocabulary import Publishes, SizeBracket


class Freshness(StrEnum):
    """How old the list of member programs is, and what that still allows."""

    FRESH = "fresh"
    WARN = "warn"
    NO_NEW = "no_new"
    SILENT = "silent"


class Admission(StrEnum):
    """How far joining has come."""

    WAITING = "waiting"
    ANSWERED = "answered"
    ADMITTED = "admitted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What a program says of itself when it asks to join."""

    name: str
    region: str
    publishes: Publishes
    size: SizeBracket


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinView:
    """Where joining stands, and the six words that are read over the phone."""

    node: NodeId
    state: Admission
    words: tuple[str, ...]
    exchange: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """The six words of a program's key, from the English and from the French list: read aloud to compare."""

    english: tuple[str, ...]
    french: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipView:
    """This program's own place in a federation, as far as it has come.

    `paused_by_exchange`: not a person of ours stopped sending. `keys_since`: when the keys that sign and open letters
    were made; they are renewed by themselves before `keys_until`.
    """

    node: NodeId
    state: Admission
    words: Fingerprint
    exchange: str
    paused: bool
    paused_by_exchange: bool
    read_at: datetime | None
    keys_since: datetime
    keys_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """One member program as the roster says; `heard_at` is when its last letter came."""

    id: NodeId
    name: str
    region: str
    status: str
    publishes: Publishes
    size: SizeBracket
    ours: bool
    words: Fingerprint
    suspended_at: datetime | None
    heard_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterView:
    """The verified list of member programs, and how old it is."""

    signed_at: datetime | None
    freshness: Freshness
    members: tuple[MemberView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """Something a person must know of; `subject` is an id, or the name of a rule."""

    code: str
    subject: str
    last_at: datetime
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StillAsking:
    """A restored program waits for so many requests to be answered by these programs, and sends nothing else."""

    restored_to: datetime
    requests: int
    programs: tuple[NodeId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round with the exchange did; `reached` only if everything that waited for us was read."""

    joined: bool
    reached: bool
    paused: bool
    freshness: Freshness | None
    received: int
    sent: int
    waiting: int
    summaries: int
    warnings: tuple[Warned, ...]
    still_asking: StillAsking | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """By how many seconds the exchange's clock is ahead of ours; None where the exchange did not answer."""

    clock_ahead: int | None


class Federation(Protocol):
    """A member's side of a federation."""

    def join(self, code: str, applicant: Applicant) -> JoinView:
        """Ask to join, or go on with it. Raises: the refusals of the join code and the exchange."""
        ...

    def attend(self, stop: Stop) -> None:
        """Take in letters and send what waits, for about a minute or until `stop`. Raises: NotJoinedError."""
        ...

    def sync(self) -> Round:
        """One round: the roster, then what came, then what goes. Raises: NotJoinedError."""
        ...

    def go_on(self) -> None:
        """Wait no longer for programs that have not answered a restored one. Raises: NotJoinedError."""
        ...

    def roster(self) -> RosterView:
        """The last verified roster. Raises: NotJoinedError."""
        ...

    def membership(self) -> MembershipView | None:
        """Our own place in it; None for a program that never asked to join."""
        ...

    def freshness(self) -> Freshness | None:
        """How old the list of members is; None for a program that has not joined."""
        ...

    def warnings(self) -> tuple[Warned, ...]:
        """What a person must know of, newest first."""
        ...

    def probe(self) -> Probe | None:
        """Ask the exchange for the time; None for a program that has not joined."""
        ...
