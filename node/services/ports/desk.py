"""What the first page looks up: a few rows that need a person, never a whole shelf."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from node.domain.letter import LetterId, LetterState
from node.domain.mentorship import MentorshipId
from node.domain.person import PersonId
from node.domain.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A mentee for whom nothing has happened, since when she waits, and how many like her there are in all."""

    person: PersonId
    since: date
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """A letter and where it is; one that is held back somebody has to send, or look into."""

    letter: LetterId
    person: PersonId
    state: LetterState
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """An agreement whose day to look at it again is near; `person` is one of ours."""

    mentorship: MentorshipId
    person: PersonId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A pair nobody heard of since a day: it began, met or was agreed anew then; `person` is one of ours."""

    mentorship: MentorshipId
    person: PersonId
    since: date


class Desk(Protocol):
    """Reads what waits on a coordinator's desk."""

    def requests(self) -> tuple[Request, ...]:
        """Requests before an introduction, oldest first."""
        ...

    def letters(self) -> tuple[HeldBack, ...]:
        """Letters that do not leave by themselves or were tried in vain for long, oldest first."""
        ...

    def latest_letters(self, before: LetterId | None, limit: int) -> tuple[HeldBack, ...]:
        """So many letters, newest first, from the one behind `before` on; nothing sealed is opened."""
        ...

    def reviews(self, until: date) -> tuple[Review, ...]:
        """Agreements of mentorships that go on, to be looked at again by a day, earliest first."""
        ...

    def quiet(self, before: date) -> tuple[Quiet, ...]:
        """Pairs whose mentee is ours, that go on and gave no sign of life since a day; the longest silence first."""
        ...

    def unanswered(self, before: datetime, limit: int) -> tuple[Unanswered, ...]:
        """Active mentees taken in before a moment, without mentorship, open request or newer request; oldest first."""
        ...

    def waiting(self, limit: int, after: PersonId | None) -> tuple[PersonId, ...]:
        """Active mentees who meet nobody, who has waited longest first; if asked for, only those behind one of them."""
        ...

    def count_waiting(self, without: Collection[PersonId] = ()) -> int:
        """How many active mentees meet nobody."""
        ...

    def names(self, people: Iterable[PersonId]) -> Mapping[PersonId, str]:
        """The names of people."""
        ...
