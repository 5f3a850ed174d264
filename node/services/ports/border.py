"""The border of this program, in its own words: what is said to other programs and read from them.

It works inside a unit of work, so that a decision and the message that announces it commit together. A program that
belongs to no federation has a border too: every verb of it raises NotJoinedError.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from node.domain.counts import Cells
from node.domain.listing import Availability, Listing
from node.domain.request import End, Move, Need, Said, Stage
from node.services.ports.board import NeedBoard
from protocol.ids import NodeId, ThreadId
from protocol.vocabulary import Publishes, SizeBracket


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that was said; `overtaken` by something said at the same time, it changed nothing.

    `receipted_at`: when the other program signed that it has it, of what we said. `said`: its words, where a story
    was asked for and they are still kept.
    """

    at: datetime
    by: End
    move: Move
    overtaken: bool
    receipted_at: datetime | None = None
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a request stands, whose move it is and until when; `moves` are what our end may say now."""

    stage: Stage
    owner: End | None
    nudge_at: datetime | None
    deadline_at: datetime | None
    timeline: tuple[Step, ...]
    moves: frozenset[Move]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """What this program wrote to itself: the tombstones of whom it erased after `since`, complete to `at`."""

    tombstones: tuple[str, ...]
    since: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What another program said at the moment `at`, already judged; `end` is ours."""

    thread: ThreadId
    peer: NodeId
    end: End
    said: Said
    stage: Stage
    overtaken: bool
    at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that came home after a restore; `ours`: we said it."""

    said: Said
    ours: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a restore had lost of one request, in an order in which it can be read; `stage` is where it stands now."""

    thread: ThreadId
    peer: NodeId
    end: End
    stage: Stage
    told: tuple[Told, ...]
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What the roster says of this program's size."""

    publishes: Publishes
    size: SizeBracket


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """What is to be published: listings, the stored counts where counts are declared, and the name of the policy.

    `cards_posted`: anonymous requests of ours that were shown in the quarter before.
    """

    listings: tuple[Listing, ...]
    cells: Cells | None
    policy: str
    cards_posted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A signed release: its digest, the pseudonyms of its listings in their order, and how many may read it."""

    digest: str
    pseudonyms: tuple[str, ...]
    receivers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message that is not delivered yet; one that `needs_a_person` is not tried again by itself, or in vain."""

    id: str
    program: NodeId
    move: str
    state: str
    written_at: datetime
    attempts: int
    due_at: datetime | None
    reason: str
    needs_a_person: bool


class Border(Protocol):
    """Speaks to other programs within one transaction."""

    def open(self, peer: NodeId, need: Need, at: datetime) -> ThreadId:
        """Ask another program. Raises: NotJoinedError, and the peer's or roster's refusals."""
        ...

    def say(self, thread: ThreadId, said: Said, at: datetime) -> Stage:
        """Say something; returns where the request stands now. Raises: WrongMoveError, UnknownRequestError."""
        ...

    def standing(self, thread: ThreadId) -> Standing:
        """Where a request stands. Raises: UnknownRequestError."""
        ...

    def standings(self, threads: Iterable[ThreadId]) -> Mapping[ThreadId, Standing]:
        """Where several requests stand, as far as they are known here."""
        ...

    def story(self, thread: ThreadId) -> Standing:
        """Where a request stands, with the words of each step that are still kept. Raises: UnknownRequestError."""
        ...

    def overdue(self, at: datetime) -> tuple[ThreadId, ...]:
        """Requests whose deadline has passed on our move."""
        ...

    def name_of(self, program: NodeId) -> str:
        """The display name of a member, or its id where the roster has none."""
        ...

    def names_of(self, programs: Iterable[NodeId]) -> Mapping[NodeId, str]:
        """The display names of several, each as `name_of` says it."""
        ...

    def status_of(self, program: NodeId, at: datetime) -> str:
        """Whether a program is `active`, `suspended` or `left` now; blank where the roster knows nothing of it."""
        ...

    def availability(self, at: datetime) -> tuple[Availability, ...]:
        """What every other active member published."""
        ...

    def declared(self) -> Declared:
        """What the roster says of this program."""
        ...

    def publish(self, offering: Offering, at: datetime) -> Published:
        """Sign a release and put it on its way."""
        ...

    @property
    def board(self) -> NeedBoard:
        """Where anonymous requests are posted."""
        ...

    def waiting(self) -> tuple[Waiting, ...]:
        """What is not delivered yet, oldest first."""
        ...

    def retry(self, message: str, at: datetime) -> None:
        """Try a refused or waiting message again now."""
        ...

    def pause(self, at: datetime) -> None:
        """Send nothing to other programs until a person says so."""
        ...

    def resume(self, at: datetime) -> None:
        """Send again."""
        ...
