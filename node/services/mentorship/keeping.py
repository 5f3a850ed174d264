"""What a pair agrees and does, told to the other program as counts only."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.errors import ChangedMeanwhileError
from node.domain.mentorship import (
    SILENT,
    Agreement,
    GoalState,
    Meeting,
    Mentorship,
    MentorshipId,
    MentorshipState,
)
from node.domain.request import Closing, Reported
from node.services.mentorship.proof import Keeper, kept
from node.services.mentorship.views import MentorshipView, mentorship_view
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.remember import remember
from node.services.request.moves import keep, say
from protocol.vocabulary import Outcome, Progress


@dataclass(frozen=True, slots=True)
class AgreeOnGoals:
    """Write down what the pair agreed, in their own words."""

    work: OpenWork
    clock: Clock

    def __call__(
        self, who: Keeper, mentorship: MentorshipId, agreement: Agreement, version: int | None = None
    ) -> MentorshipView:
        """The mentorship; `version` is the one that was read before it was written anew.

        Raises: UnknownMentorshipError, MentorshipClosedError, ChangedMeanwhileError.
        """
        now = self.clock.now()
        with self.work() as work:
            before = kept(work, who, mentorship)
            if version not in {None, before.version}:
                raise ChangedMeanwhileError(table="mentorships", row=mentorship)
            after = before.agree(agreement)
            if before.agreement is None:
                _tell(work, after, Progress.STARTED, now)
            return _keep(work, who, after, Act.MENTORSHIP_AGREED, now)


@dataclass(frozen=True, slots=True)
class SettleGoal:
    """Write down what became of a goal."""

    work: OpenWork
    clock: Clock

    def __call__(self, who: Keeper, mentorship: MentorshipId, number: int, state: GoalState) -> MentorshipView:
        """The mentorship. Raises: UnknownMentorshipError, MentorshipClosedError, UnknownGoalError."""
        with self.work() as work:
            after = kept(work, who, mentorship).settle(number, state)
            return _keep(work, who, after, Act.GOAL_SETTLED, self.clock.now())


@dataclass(frozen=True, slots=True)
class TickStep:
    """Write down that a step towards a goal was taken, or was not after all."""

    work: OpenWork
    clock: Clock

    def __call__(self, who: Keeper, mentorship: MentorshipId, goal: int, step: int, *, done: bool) -> MentorshipView:
        """The mentorship. Raises: UnknownMentorshipError, MentorshipClosedError, UnknownGoalError."""
        with self.work() as work:
            after = kept(work, who, mentorship).tick(goal, step, done=done)
            return _keep(work, who, after, Act.STEP_TICKED, self.clock.now())


@dataclass(frozen=True, slots=True)
class LogMeeting:
    """Write down that they met."""

    work: OpenWork
    clock: Clock
    time_zone: str

    def __call__(
        self, who: Keeper, mentorship: MentorshipId, minutes: int, held_on: date | None = None
    ) -> MentorshipView:
        """The mentorship; without a day they met today, where the program is.

        Raises: UnknownMentorshipError, MentorshipClosedError, MeetingError.
        """
        now = self.clock.now()
        meeting = Meeting(held_on=held_on or now.astimezone(ZoneInfo(self.time_zone)).date(), minutes=minutes)
        with self.work() as work:
            after = kept(work, who, mentorship).meet(meeting, now.date())
            _tell(work, after, Progress.FIRST_MEETING_HELD, now)
            return _keep(work, who, after, Act.MEETING_LOGGED, now)


@dataclass(frozen=True, slots=True)
class RestMentorship:
    """Write down that they stopped meeting for a while, or meet again; the seat stays theirs."""

    work: OpenWork
    clock: Clock

    def __call__(self, who: Keeper, mentorship: MentorshipId, *, paused: bool) -> MentorshipView:
        """The mentorship. Raises: UnknownMentorshipError, MentorshipClosedError."""
        now = self.clock.now()
        with self.work() as work:
            after = kept(work, who, mentorship).rest(paused=paused)
            _tell(work, after, Progress.PAUSED if paused else Progress.RESUMED, now)
            act = Act.MENTORSHIP_PAUSED if paused else Act.MENTORSHIP_RESUMED
            return _keep(work, who, after, act, now)


@dataclass(frozen=True, slots=True)
class CloseMentorship:
    """Write down how it ended; the seat is free again."""

    work: OpenWork
    clock: Clock

    def __call__(self, who: Keeper, mentorship: MentorshipId, outcome: Outcome) -> MentorshipView:
        """The mentorship. Raises: UnknownMentorshipError, MentorshipClosedError."""
        with self.work() as work:
            return _close(work, who, kept(work, who, mentorship), outcome, self.clock.now())

    def when_silent(self, actor: Actor) -> tuple[MentorshipView, ...]:
        """Pairs that gave no sign of life for a year: their seats are free again."""
        actor.may(Action.KEEP_MENTORSHIPS)
        now = self.clock.now()
        with self.work() as work:
            silent = work.desk.quiet((now - SILENT).date())
            return tuple(
                _close(work, actor, work.mentorships.get(pair.mentorship), Outcome.NO_CONTACT, now) for pair in silent
            )


def _close(work: UnitOfWork, who: Keeper, mentorship: Mentorship, outcome: Outcome, now: datetime) -> MentorshipView:
    closed = mentorship.close(outcome, now)
    if closed.seat is not None:
        work.seats.release(closed.seat)
    view = _keep(work, who, closed, Act.MENTORSHIP_CLOSED, now)
    if closed.thread is not None:
        request = say(work, work.requests.get(closed.thread), Closing(outcome), now)
        keep(work, who, request, Act.MENTORSHIP_CLOSED, now)
    return view


def _tell(work: UnitOfWork, mentorship: Mentorship, progress: Progress, at: datetime) -> None:
    if mentorship.thread is not None and mentorship.state is not MentorshipState.CLOSED:
        work.border.say(mentorship.thread, Reported(progress, mentorship.held), at)


def _keep(work: UnitOfWork, who: Keeper, mentorship: Mentorship, act: Act, at: datetime) -> MentorshipView:
    work.mentorships.replace(mentorship)
    remember(work, who, act, mentorship.id, at)
    return mentorship_view(work.mentorships.get(mentorship.id))
