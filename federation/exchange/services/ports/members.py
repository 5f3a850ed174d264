"""What members and askers publish: key statements, joinings, summaries, attestations; and the published roster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from federation.exchange.domain.join import Joining
    from federation.exchange.domain.publication import Bundle, OnlineFiles, Publication, Standing
    from federation.exchange.domain.roster import Roster
    from federation.exchange.domain.summary import StoredSummary
    from protocol.ids import Digest, JoinId, KeyId, NodeId
    from protocol.keys import VerifyingKey
    from protocol.roster import Suspension
    from protocol.statements import VerifiedStatement


class RosterFiles(Protocol):
    """Published files under the names a roster client asks for."""

    def standing(self) -> Standing | None:
        """What is published; None before the founding."""
        ...

    def sticky(self) -> frozenset[Suspension]:
        """The suspensions that hold."""
        ...

    def publish(self, publication: Publication, sticky: frozenset[Suspension]) -> None:
        """Store all of a publication, and replace the sticky suspensions."""
        ...

    def renew(self, online: OnlineFiles) -> None:
        """Store a new snapshot or timestamp."""
        ...

    def file(self, name: str) -> tuple[bytes, str] | None:
        """One published file and its digest."""
        ...

    def expiries(self) -> tuple[datetime, datetime] | None:
        """When snapshot and timestamp expire, or None before the founding."""
        ...


class RosterKeeper(Protocol):
    """Checks staged files against the trusted root, and signs snapshot and timestamp."""

    def check(self, standing: Standing | None, bundle: Bundle, now: datetime) -> Publication:
        """The publication that `bundle` makes on top of `standing`. Raises: RosterError and its kinds."""
        ...

    def renew(self, standing: Standing, now: datetime) -> OnlineFiles:
        """Snapshot and timestamp, signed anew."""
        ...


class Directory(Protocol):
    """The roster and the keys in force, as fresh as the database."""

    def roster(self) -> Roster:
        """The published roster. Raises: UnfoundedError."""
        ...

    def signing_keys(self, node: NodeId, now: datetime) -> Mapping[KeyId, VerifyingKey]:
        """The signing keys of `node` in force at `now`."""
        ...


class Statements(Protocol):
    """Key statements by member and version; none is ever changed."""

    def token(self, node: NodeId, version: int | None = None) -> bytes | None:
        """One version, or the newest."""
        ...

    def newest(self, node: NodeId) -> tuple[int, Digest] | None:
        """Version and digest of the newest."""
        ...

    def owners(self, keys: Sequence[KeyId]) -> frozenset[NodeId]:
        """Members under whose name any of these signing keys was published."""
        ...

    def add(self, statement: VerifiedStatement, identity: KeyId, now: datetime) -> None:
        """Store a statement and its signing keys; older ones retire."""
        ...


class Joinings(Protocol):
    """Requests to join, by the id of their code."""

    def get(self, join: JoinId) -> Joining | None:
        """One of them."""
        ...

    def save(self, joining: Joining) -> None:
        """Store or replace one."""
        ...

    def waiting(self) -> int:
        """How many are stored."""
        ...

    def expire(self, before: datetime) -> None:
        """Remove those asked before `before`."""
        ...


class Summaries(Protocol):
    """Published summaries; the newest of each member is in the index."""

    def newest(self, node: NodeId) -> StoredSummary | None:
        """The newest of `node`."""
        ...

    def add(self, summary: StoredSummary, token: bytes) -> None:
        """Store one as the newest."""
        ...

    def token(self, node: NodeId, digest: Digest) -> bytes | None:
        """One summary."""
        ...

    def index(self, now: datetime) -> Sequence[StoredSummary]:
        """The newest of every member that is not past its end."""
        ...

    def expire(self, now: datetime) -> None:
        """Remove those past their end."""
        ...


class Attestations(Protocol):
    """How many mentees wait, as a named coordinator attested."""

    def get(self, node: NodeId, quarter: str) -> tuple[int, int] | None:
        """Number, and the moment it was signed in Unix seconds."""
        ...

    def put(self, node: NodeId, quarter: str, waiting: int, iat: int) -> None:
        """Store or replace one."""
        ...

    def forget(self, before: str) -> None:
        """Drop those of quarters before this one."""
        ...
