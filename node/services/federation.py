"""Taking part in a federation: joining, one round of letters, what waits to be sent, who is a member."""

from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.errors import DomainError
from node.domain.program import Standing
from node.services.ports import Clock, OpenWork
from node.services.ports.border import Waiting
from node.services.ports.federation import Applicant, Federation, JoinView, RosterView, Round
from node.services.remember import remember
from node.services.request.lapsing import LapseRequests, LapseView
from protocol.vocabulary import Publishes, SizeBracket


class RestoredError(DomainError):
    """The node came back from a backup; what it would send could contradict what it sent before."""

    code = "restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncView:
    """What one round did, and which requests lapsed after it."""

    round: Round
    lapsed: tuple[LapseView, ...]


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
    """One round: first what came, then what goes; only then may something lapse, and word of it leaves as well."""

    reading: OpenWork
    federation: Federation
    lapse: LapseRequests

    def __call__(self, actor: Actor) -> SyncView:
        """What happened. Raises: NotJoinedError, RestoredError."""
        actor.may(Action.TAKE_PART)
        with self.reading() as work:
            if work.programs.get().standing is Standing.RESTORED:
                raise RestoredError
        first = self.federation.sync()
        lapsed = self.lapse(actor) if first.reached else ()
        if lapsed:
            self.federation.sync()
        return SyncView(round=first, lapsed=lapsed)


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
