"""Taking part in a federation: joining, one round of letters, what waits to be sent, who is a member."""

from dataclasses import dataclass, replace
from datetime import datetime

from federation.ground.stop import Stop
from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.program import Standing
from node.domain.request import End, Request
from node.services.forgetting_again import unproven
from node.services.ports import Clock, OpenWork
from node.services.ports.border import Waiting
from node.services.ports.federation import (
    Applicant,
    Federation,
    JoinView,
    MembershipView,
    RosterView,
    Round,
    StillAsking,
    Warned,
)
from node.services.remember import remember
from node.services.request.lapsing import LapseRequests, LapseView
from protocol.ids import ThreadId
from protocol.vocabulary import Publishes, SizeBracket


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchingUpView:
    """A restored program that still waits: for how many requests, and for the answers of which programs."""

    restored_to: datetime
    requests: int
    programs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtUpView:
    """What came home after a restore; `unanswered` requests are as the backup knew them, or as one end tells.

    Erasures between the last two moments cannot be proven to have been repeated.
    """

    restored_to: datetime
    recovered: tuple[ThreadId, ...]
    unnamed: tuple[ThreadId, ...]
    unanswered: int
    unproven_from: datetime
    unproven_to: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncView:
    """What one round did, and which requests lapsed after it."""

    round: Round
    lapsed: tuple[LapseView, ...] = ()
    catching_up: CatchingUpView | None = None
    caught_up: CaughtUpView | None = None


@dataclass(frozen=True, slots=True)
class JoinFederation:
    """Ask to join, or go on with it; the same code may be given again and again."""

    work: OpenWork
    clock: Clock
    federation: Federation

    def __call__(self, actor: Actor, code: str, publishes: Publishes, size: SizeBracket) -> JoinView:
        """Where joining stands. Raises: the refusals of the join code and of the exchange."""
        actor.may(Action.TAKE_PART)
        with self.work() as work:
            program = work.programs.get()
            remember(work, actor, Act.FEDERATION_ASKED, program.id, self.clock.now())
        applicant = Applicant(name=program.name, region=program.region, publishes=publishes, size=size)
        return self.federation.join(code, applicant)


@dataclass(frozen=True, slots=True)
class SyncFederation:
    """One round: first what came, then what goes; only then may something lapse, and word of it leaves as well.

    A restored program only reads and asks, round after round, until it has caught up; nothing lapses meanwhile.
    """

    work: OpenWork
    reading: OpenWork
    clock: Clock
    federation: Federation
    lapse: LapseRequests

    def __call__(self, actor: Actor, *, go_on: bool = False) -> SyncView:
        """What happened; `go_on`: wait no longer for programs that have not answered. Raises: NotJoinedError."""
        actor.may(Action.TAKE_PART)
        with self.reading() as work:
            restored = work.programs.get().standing is Standing.RESTORED
        if restored and go_on:
            self._give_up(actor)
        first = self.federation.sync()
        if first.still_asking is not None:
            return SyncView(round=first, catching_up=self._waits(first.still_asking))
        caught_up = self._caught_up(actor, first) if restored and first.reached else None
        overdue = first.reached and self._is_overdue()
        lapsed = self.lapse(actor) if overdue else ()
        # Also where nobody here is told: a request over budget lapses in the same round as every other.
        if overdue or caught_up:
            self.federation.sync()
        return SyncView(round=first, lapsed=lapsed, caught_up=caught_up)

    def _is_overdue(self) -> bool:
        with self.reading() as work:
            return bool(work.border.overdue(self.clock.now()))

    def _give_up(self, actor: Actor) -> None:
        with self.work() as work:
            remember(work, actor, Act.ANSWERS_GIVEN_UP, work.programs.get().id, self.clock.now())
        self.federation.go_on()

    def _waits(self, asking: StillAsking) -> CatchingUpView:
        with self.reading() as work:
            names = tuple(work.border.name_of(program) for program in asking.programs)
        return CatchingUpView(restored_to=asking.restored_to, requests=asking.requests, programs=names)

    def _caught_up(self, actor: Actor, last: Round) -> CaughtUpView:
        now = self.clock.now()
        with self.work() as work:
            program = work.programs.get()
            acts = [act for act in work.audit.since(program.restored_to or now) if act.act is Act.REQUEST_RECOVERED]
            recovered = tuple(dict.fromkeys(ThreadId(act.subject) for act in acts))
            unknown = unproven(work, program.restored_to or now, now)
            work.programs.replace(replace(program, standing=Standing.NORMAL))
            remember(work, actor, Act.PROGRAM_CAUGHT_UP, program.id, now)
            unnamed = tuple(
                request.id for request in work.requests.all() if request.id in recovered and _is_unnamed(request)
            )
        return CaughtUpView(
            restored_to=program.restored_to or now,
            recovered=recovered,
            unnamed=unnamed,
            unanswered=sum(warned.code == "thread-unanswered" for warned in last.warnings),
            unproven_from=unknown.start,
            unproven_to=unknown.end,
        )


def _is_unnamed(request: Request) -> bool:
    """The backup did not know whom of ours it is about, and something is still expected."""
    about_somebody = request.end is End.HOME or request.offer is not None
    return request.stage.is_open and about_somebody and request.person is None


@dataclass(frozen=True, slots=True)
class AttendPost:
    """Take in letters of other programs as they come, and send what waits, while this program serves."""

    federation: Federation

    def __call__(self, actor: Actor, stop: Stop) -> None:
        """Returns after about a minute, or soon after `stop`. Raises: NotJoinedError."""
        actor.may(Action.TAKE_PART)
        self.federation.attend(stop)


@dataclass(frozen=True, slots=True)
class ShowMembership:
    """Our own place in a federation."""

    federation: Federation

    def __call__(self, actor: Actor) -> MembershipView | None:
        """How far joining came, our words, our keys; None for a program that never asked to join."""
        actor.may(Action.READ_PROGRAM)
        return self.federation.membership()


@dataclass(frozen=True, slots=True)
class ListWarnings:
    """What went wrong between programs and was not seen to."""

    federation: Federation

    def __call__(self, actor: Actor) -> tuple[Warned, ...]:
        """Warnings, newest first."""
        actor.may(Action.READ_PROGRAM)
        return self.federation.warnings()


@dataclass(frozen=True, slots=True)
class ShowRoster:
    """The member programs."""

    federation: Federation

    def __call__(self, actor: Actor) -> RosterView:
        """The last verified roster. Raises: NotJoinedError."""
        actor.may(Action.READ_PROGRAM)
        return self.federation.roster()


@dataclass(frozen=True, slots=True)
class ListWaiting:
    """What waits to be sent to other programs."""

    reading: OpenWork

    def __call__(self, actor: Actor) -> tuple[Waiting, ...]:
        """What is not delivered yet, oldest first."""
        actor.may(Action.READ_PROGRAM)
        with self.reading() as work:
            return work.border.waiting()


@dataclass(frozen=True, slots=True)
class RetryMessage:
    """Try a message again now."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, message: str) -> tuple[Waiting, ...]:
        """What waits now. Raises: UnknownLetterError."""
        actor.may(Action.TAKE_PART)
        now = self.clock.now()
        with self.work() as work:
            work.border.retry(message, now)
            remember(work, actor, Act.OUTBOX_CHANGED, message, now)
            return work.border.waiting()


@dataclass(frozen=True, slots=True)
class PauseSending:
    """Send nothing to other programs, or send again; withdrawals wait like everything else."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, *, paused: bool) -> tuple[Waiting, ...]:
        """What waits now. Raises: NotJoinedError."""
        actor.may(Action.TAKE_PART)
        now = self.clock.now()
        with self.work() as work:
            if paused:
                work.border.pause(now)
            else:
                work.border.resume(now)
            remember(work, actor, Act.OUTBOX_CHANGED, "paused" if paused else "resumed", now)
            return work.border.waiting()
