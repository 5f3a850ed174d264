"""The smaller shelves of a unit of work: program, staff, consents, seats, audit trail, erasures, data keys."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from node.domain.actor import UserId
from node.domain.audit import AuditEntry
from node.domain.community import Community
from node.domain.consent import Grant, GrantId
from node.domain.person import PersonId
from node.domain.program import Program
from node.domain.retention import Kept
from node.domain.seat import SeatClaim, SeatId, Seats
from node.domain.user import User
from node.services.ports.texts import TextShelf


class Programs(Protocol):
    """The one program of this node."""

    def get(self) -> Program:
        """The program. Raises: NoProgramError."""
        ...

    def add(self, program: Program) -> None:
        """Found the program. Raises: ProgramExistsError."""
        ...

    def replace(self, program: Program) -> None:
        """Store a changed program. Raises: ChangedMeanwhileError."""
        ...

    @property
    def texts(self) -> TextShelf:
        """What it says in letters in its own words."""
        ...

    def kept(self) -> Mapping[Kept, int]:
        """How many days it chose to keep kinds of record, where it chose."""
        ...

    def keep(self, days: Mapping[Kept, int]) -> None:
        """Store how long it keeps these kinds."""
        ...


class Communities(Protocol):
    """The town and the communities around it."""

    def add(self, community: Community) -> None:
        """Keep a new community."""
        ...

    def all(self) -> tuple[Community, ...]:
        """Every community, the first one added first."""
        ...


class Users(Protocol):
    """Members of staff."""

    def add(self, user: User) -> None:
        """Keep a new user, under a data key of her own. Raises: UserExistsError."""
        ...

    def all(self) -> tuple[User, ...]:
        """Every user, the first one added first."""
        ...

    def get(self, user: UserId) -> User:
        """One user. Raises: UnknownUserError."""
        ...

    def replace(self, user: User) -> None:
        """Store a changed user. Raises: UserExistsError, ChangedMeanwhileError."""
        ...

    def by_email(self, email: str) -> User | None:
        """The user with this e-mail address, if there is one."""
        ...

    def operator(self) -> UserId:
        """The first active administrator: on whose behalf the command line acts. Raises: NoProgramError."""
        ...


class Consents(Protocol):
    """Grants and their history."""

    def add(self, grant: Grant) -> None:
        """Keep a new grant."""
        ...

    def get(self, grant: GrantId) -> Grant:
        """One grant. Raises: UnknownConsentError."""
        ...

    def of(self, person: PersonId) -> tuple[Grant, ...]:
        """Every grant of a person, withdrawn and lapsed ones too, oldest first."""
        ...

    def replace(self, grant: Grant) -> None:
        """Store a withdrawn grant. Raises: ChangedMeanwhileError."""
        ...


class SeatBook(Protocol):
    """Which seats of which mentor are promised or taken; nothing is promised twice."""

    def free(self, at: datetime, among: Collection[PersonId] | None = None) -> dict[PersonId, Seats]:
        """Seats of these mentors, or of all, at the moment `at`."""
        ...

    def taken(self, at: datetime) -> dict[PersonId, int]:
        """How many seats are promised or taken at the moment `at`, of mentors who have any."""
        ...

    def of(self, mentor: PersonId, at: datetime) -> Seats:
        """Seats of one mentor at the moment `at`. Raises: UnknownPersonError."""
        ...

    def claim(self, claim: SeatClaim, at: datetime) -> None:
        """Take a free seat under the lock of its mentor. Raises: NoFreeSeatError, UnknownPersonError."""
        ...

    def get(self, seat: SeatId) -> SeatClaim:
        """One claim. Raises: UnknownSeatError."""
        ...

    def replace(self, claim: SeatClaim) -> None:
        """Store a changed claim. Raises: ChangedMeanwhileError."""
        ...

    def release(self, seat: SeatId) -> None:
        """Give the seat back. Raises: UnknownSeatError."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """Who read of somebody, how often, and when last."""

    actor: UserId
    times: int
    last_at: datetime


class AuditTrail(Protocol):
    """Every act, added to and never edited; what is older than its clock of retention goes."""

    def add(self, *entries: AuditEntry) -> None:
        """Remember acts."""
        ...

    def since(self, at: datetime) -> tuple[AuditEntry, ...]:
        """Acts at or after a moment, oldest first."""
        ...

    def about(self, subjects: Iterable[str], limit: int) -> tuple[AuditEntry, ...]:
        """Acts on any of these, newest first, without those by which somebody only read."""
        ...

    def readings(self, subjects: Iterable[str]) -> tuple[Reading, ...]:
        """Who read of any of these, who read last first."""
        ...

    def older(self, before: datetime) -> int:
        """How many acts were done before a moment."""
        ...

    def tidy(self, before: datetime) -> None:
        """Forget acts done before a moment; what the ledger witnesses of them stays."""
        ...


@dataclass(frozen=True, slots=True)
class Erasure:
    """One tombstone, and when it was written here."""

    tombstone: str
    at: datetime


class Erasures(Protocol):
    """The list of erasures: keyed tombstones that tell a restored node whom to forget again."""

    def add(self, person: PersonId, at: datetime) -> None:
        """Write a tombstone."""
        ...

    def merge(self, tombstones: Sequence[str], at: datetime) -> None:
        """Take over tombstones of another copy of the list."""
        ...

    def newest(self, limit: int) -> tuple[Erasure, ...]:
        """The newest tombstones, newest first."""
        ...

    def all(self) -> tuple[str, ...]:
        """Every tombstone."""
        ...

    def condemned(self) -> tuple[PersonId, ...]:
        """People who are here although a tombstone names them."""
        ...


class DataKeys(Protocol):
    """The wrapped data keys of people and staff."""

    def rewrap(self) -> int:
        """Wrap every data key under the newest master key; returns how many."""
        ...

    def count(self) -> int:
        """How many data keys there are."""
        ...
