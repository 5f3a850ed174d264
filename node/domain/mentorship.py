"""Two or more people who meet: what they agreed, their goals and meetings, and how it ended.

A mentorship may outlive its mentor. Leaves seats to `seat` and what another program is told to `request`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NewType, Self

from node.domain.errors import DomainError
from node.domain.person import PersonId
from node.domain.seat import SeatId
from protocol.ids import NodeId, ThreadId
from protocol.vocabulary import Outcome, Progress

MentorshipId = NewType("MentorshipId", str)
MOST_GOALS = 5
MOST_STEPS = 8
LONGEST_MEETING = 24 * 60
QUIET = timedelta(days=30)
"""After so long without a sign of life, somebody asks how it goes."""
SILENT = timedelta(days=365)
"""After so long it has ended, whatever nobody wrote down (decision record 0005)."""


class UnknownMentorshipError(DomainError):
    """No mentorship has this id."""

    code = "unknown-mentorship"


class MentorshipClosedError(DomainError):
    """It has ended."""

    code = "mentorship-closed"


class GoalsError(DomainError):
    """An agreement has one to five goals."""

    code = "goals-one-to-five"


class StepsError(DomainError):
    """A goal has at most eight steps."""

    code = "steps-too-many"


class UnknownGoalError(DomainError):
    """The agreement has no goal, or the goal no step, of this number."""

    code = "unknown-goal"


class MeetingError(DomainError):
    """A meeting was held on a day that is past, and took some minutes."""

    code = "meeting-invalid"


class MentorshipState(StrEnum):
    """Whether the pair still meets."""

    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"


class GoalState(StrEnum):
    """What became of a goal."""

    OPEN = "open"
    REACHED = "reached"
    DROPPED = "dropped"


class Place(StrEnum):
    """Who serves whom: both are ours, the mentee is ours, or the mentor is ours."""

    LOCAL = "local"
    HOME = "home"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class Step:
    """One step towards a goal, in the pair's own words."""

    words: str
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One goal in the pair's own words."""

    words: str
    due_on: date
    state: GoalState = GoalState.OPEN
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a goal with too many steps: it is more than one."""
        if len(self.steps) > MOST_STEPS:
            raise StepsError(count=len(self.steps))

    def tick(self, number: int, *, done: bool) -> Self:
        """The goal with its step `number`, counted from 1, done or not."""
        return replace(
            self, steps=tuple(replace(s, done=done) if n == number else s for n, s in enumerate(self.steps, 1))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What the pair agreed on, and when they look at it again."""

    words: str
    review_on: date
    goals: tuple[Goal, ...]

    def __post_init__(self) -> None:
        """Refuse an agreement without a goal, or with too many."""
        if not 1 <= len(self.goals) <= MOST_GOALS:
            raise GoalsError(count=len(self.goals))


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One meeting that was held."""

    held_on: date
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentorship:
    """No mentor or one, and our members. `told_meetings` is the count the other program told, last at `heard_at`."""

    id: MentorshipId
    place: Place
    opened_at: datetime
    mentor: PersonId | None
    members: tuple[PersonId, ...]
    thread: ThreadId | None = None
    peer: NodeId | None = None
    seat: SeatId | None = None
    state: MentorshipState = MentorshipState.ACTIVE
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    told_meetings: int = 0
    heard_at: datetime | None = None
    agreement: Agreement | None = None
    meetings: tuple[Meeting, ...] = field(default=())
    version: int = 1

    @property
    def held(self) -> int:
        """How many meetings either end knows of."""
        return max(len(self.meetings), self.told_meetings)

    @property
    def minutes(self) -> int:
        """How long our own record says they met."""
        return sum(meeting.minutes for meeting in self.meetings)

    @property
    def subject(self) -> PersonId | None:
        """Whose words the agreement is kept under: the first mentee of ours, else our mentor."""
        return self.members[0] if self.members else self.mentor

    def kept_under(self) -> PersonId:
        """Whose key new words about the pair are kept under. Raises: UnknownMentorshipError once nobody is left."""
        if self.subject is None:
            raise UnknownMentorshipError(mentorship=self.id)
        return self.subject

    def going(self) -> Self:
        """This mentorship, which has not ended. Raises: MentorshipClosedError."""
        if self.state is MentorshipState.CLOSED:
            raise MentorshipClosedError(mentorship=self.id)
        return self

    def agree(self, agreement: Agreement) -> Self:
        """The pair agreed, or agreed anew."""
        return replace(self.going(), agreement=agreement)

    def settle(self, number: int, state: GoalState) -> Self:
        """What became of goal `number`, counted from 1. Raises: UnknownGoalError."""
        return self._change_goal(number, lambda goal: replace(goal, state=state))

    def tick(self, goal: int, step: int, *, done: bool) -> Self:
        """A step of a goal was taken, or was not after all; both are counted from 1. Raises: UnknownGoalError."""

        def ticked(before: Goal) -> Goal:
            if not 1 <= step <= len(before.steps):
                raise UnknownGoalError(mentorship=self.id, goal=goal)
            return before.tick(step, done=done)

        return self._change_goal(goal, ticked)

    def _change_goal(self, number: int, change: Callable[[Goal], Goal]) -> Self:
        agreement = self.going().agreement
        if agreement is None or not 1 <= number <= len(agreement.goals):
            raise UnknownGoalError(mentorship=self.id, goal=number)
        goals = (*agreement.goals[: number - 1], change(agreement.goals[number - 1]), *agreement.goals[number:])
        return replace(self, agreement=replace(agreement, goals=goals))

    def includes(self, person: PersonId) -> bool:
        """Whether somebody is one of the pair."""
        return person == self.mentor or person in self.members

    def meet(self, meeting: Meeting, today: date) -> Self:
        """They met. Raises: MeetingError."""
        if meeting.held_on > today or not 1 <= meeting.minutes <= LONGEST_MEETING:
            raise MeetingError(mentorship=self.id)
        return replace(self.going(), meetings=(*self.meetings, meeting))

    def told(self, progress: Progress, meetings: int, at: datetime) -> Self:
        """The other program told how it goes."""
        heard = replace(self, told_meetings=max(self.told_meetings, meetings), heard_at=at)
        return heard if self.state is MentorshipState.CLOSED else replace(heard, state=_AFTER[progress])

    def rest(self, *, paused: bool) -> Self:
        """They stopped meeting for a while, or meet again."""
        return replace(self.going(), state=MentorshipState.PAUSED if paused else MentorshipState.ACTIVE)

    def close(self, outcome: Outcome, at: datetime) -> Self:
        """It ended."""
        return replace(self.going(), state=MentorshipState.CLOSED, outcome=outcome, closed_at=at)


_AFTER = {
    Progress.STARTED: MentorshipState.ACTIVE,
    Progress.FIRST_MEETING_HELD: MentorshipState.ACTIVE,
    Progress.RESUMED: MentorshipState.ACTIVE,
    Progress.PAUSED: MentorshipState.PAUSED,
}
