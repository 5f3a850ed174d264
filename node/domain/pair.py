"""What a pair keeps beside its agreement: notes, private or shared, and meetings they plan.

A note may also be for the coordinator alone: "this is not working". Leaves goals and held meetings to `mentorship`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType, Self

from node.domain.actor import Actor, Participant, UserId
from node.domain.errors import DomainError
from node.domain.mentorship import LONGEST_MEETING, MentorshipId
from node.domain.person import PersonId

NoteId = NewType("NoteId", str)
PlanId = NewType("PlanId", str)
LONGEST_NOTE = 4_000
FARTHEST_PLAN = timedelta(days=366)


class NoteError(DomainError):
    """A note has some words, and is no book."""

    code = "note-length"


class PlanError(DomainError):
    """A meeting is planned for a moment to come, within a year, and takes some minutes."""

    code = "plan-invalid"


class UnknownNoteError(DomainError):
    """No note of this pair has this id."""

    code = "unknown-note"


class UnknownPlanError(DomainError):
    """No planned meeting of this pair has this id."""

    code = "unknown-plan"


class Reach(StrEnum):
    """Who reads a note beside its author: nobody, the pair and its coordinators, or coordinators alone."""

    PRIVATE = "private"
    SHARED = "shared"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Some words about a pair, kept under the key of `subject`; never edited.

    `author` is a person of the pair, or a member of staff. What a participant tells the coordinators waits until one of
    them has seen to it.
    """

    id: NoteId
    mentorship: MentorshipId
    subject: PersonId
    author: UserId
    by_staff: bool
    reach: Reach
    at: datetime
    words: str
    settled_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a note without words, or with too many."""
        if not 1 <= len(self.words.strip()) <= LONGEST_NOTE:
            raise NoteError(most=LONGEST_NOTE)

    def is_open_to(self, who: Actor | Participant) -> bool:
        """Whether somebody who may see the pair reads this note, too."""
        if self.author == who.id or self.reach is Reach.SHARED:
            return True
        return self.reach is Reach.COORDINATOR and isinstance(who, Actor)

    @property
    def waits(self) -> bool:
        """Whether a coordinator has still to see to it."""
        return self.reach is Reach.COORDINATOR and not self.by_staff and self.settled_at is None

    def settle(self, at: datetime) -> Self:
        """A coordinator has seen to it."""
        return replace(self, settled_at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A meeting to come; `where` is a place or a way, in their own words, kept under the key of `subject`."""

    id: PlanId
    mentorship: MentorshipId
    subject: PersonId
    at: datetime
    minutes: int
    where: str

    def check(self, now: datetime) -> None:
        """Pass if it can be planned now. Raises: PlanError."""
        if not (now < self.at <= now + FARTHEST_PLAN and 1 <= self.minutes <= LONGEST_MEETING):
            raise PlanError(mentorship=self.mentorship)
