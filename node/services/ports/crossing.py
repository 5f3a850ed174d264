"""The shelves of what crosses between people and programs: requests, mentorships, releases."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from node.domain.mentorship import Mentorship, MentorshipId, MentorshipState
from node.domain.person import PersonId
from node.domain.release import Release
from node.domain.request import Request, Stage
from protocol.ids import NodeId, ThreadId


class Requests(Protocol):
    """Requests to and from other programs."""

    def add(self, request: Request) -> None:
        """Keep a new request."""
        ...

    def get(self, request: ThreadId) -> Request:
        """One request, locked until the work ends. Raises: UnknownRequestError."""
        ...

    def all(self) -> tuple[Request, ...]:
        """Every request, oldest first."""
        ...

    def page(self, stages: Collection[Stage], after: ThreadId | None, limit: int) -> tuple[Request, ...]:
        """So many at these stages, newest first, from the one behind `after` on."""
        ...

    def of(self, person: PersonId) -> tuple[Request, ...]:
        """Requests about one of our people, oldest first."""
        ...

    def with_peer(self, peer: NodeId, since: datetime) -> tuple[Request, ...]:
        """Requests to and from one program that were opened at or after a moment, oldest first."""
        ...

    def replace(self, request: Request) -> None:
        """Store a changed request. Raises: ChangedMeanwhileError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A mentee of ours who meets somebody, or did; `mentor` is ours, or nobody of ours."""

    mentee: PersonId
    mentor: PersonId | None
    active: bool
    until: datetime


class Mentorships(Protocol):
    """Mentorships; the words of an agreement are sealed."""

    def add(self, mentorship: Mentorship) -> None:
        """Keep a new mentorship."""
        ...

    def get(self, mentorship: MentorshipId) -> Mentorship:
        """One mentorship. Raises: UnknownMentorshipError."""
        ...

    def on(self, thread: ThreadId) -> Mentorship | None:
        """The mentorship that a request led to, if it did."""
        ...

    def threads(self) -> frozenset[ThreadId]:
        """The requests that led to a mentorship."""
        ...

    def met(self, mentee: PersonId) -> frozenset[PersonId]:
        """Our mentors with whom a mentee meets, or met before."""
        ...

    def meetings(self, among: Collection[PersonId] | None = None) -> tuple[Met, ...]:
        """Who of these, or of all, meets or met whom; no sealed value is opened.

        `until` is the end, of one that goes on its beginning.
        """
        ...

    def busy(self) -> frozenset[PersonId]:
        """Everybody who meets a mentor."""
        ...

    def all(self) -> tuple[Mentorship, ...]:
        """Every mentorship, oldest first."""
        ...

    def in_words(self, closed_before: datetime) -> tuple[Mentorship, ...]:
        """Those that were over before a moment and have an agreement still."""
        ...

    def of(self, person: PersonId) -> tuple[Mentorship, ...]:
        """Those of one of our people, oldest first."""
        ...

    def page(
        self, states: Collection[MentorshipState], after: MentorshipId | None, limit: int
    ) -> tuple[Mentorship, ...]:
        """So many in these states, newest first, from the one behind `after` on."""
        ...

    def replace(self, mentorship: Mentorship) -> None:
        """Store a changed mentorship. Raises: ChangedMeanwhileError."""
        ...


class Releases(Protocol):
    """What was published."""

    def add(self, release: Release) -> None:
        """Remember a release."""
        ...

    def all(self) -> tuple[Release, ...]:
        """Every release, newest first."""
        ...
