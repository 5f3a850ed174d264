"""What happens when nobody moved: requests lapse at their deadline, after we looked whether an answer had come."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.person import PersonId
from node.domain.request import Move, Plain, Request, Stage, UnknownRequestError
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.request.moves import keep, say
from protocol.ids import NodeId, ThreadId


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseView:
    """A request that lapsed: who of ours waited for it, and which program it was with."""

    request: ThreadId
    program: NodeId
    program_name: str
    person: PersonId | None
    stage: Stage


@dataclass(frozen=True, slots=True)
class LapseRequests:
    """Let every request lapse whose deadline passed on our move; only after a round that reached the exchange."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor) -> tuple[LapseView, ...]:
        """What lapsed, so that a person can write to those who waited."""
        actor.may(Action.ASK_OUTSIDE)
        now = self.clock.now()
        with self.work() as work:
            due = [_due(work, thread, now) for thread in work.border.overdue(now)]
            return tuple(_lapse(work, actor, request, now) for request in due if request is not None)


def _due(work: UnitOfWork, thread: ThreadId, now: datetime) -> Request | None:
    try:
        return work.requests.get(thread)
    except UnknownRequestError:
        # Over budget, and never shown to anybody here: from outside it lapses like every other.
        work.border.say(thread, Plain(Move.EXPIRE), now)
        return None


def _lapse(work: UnitOfWork, actor: Actor, request: Request, now: datetime) -> LapseView:
    ended = say(work, request, Plain(Move.EXPIRE), now)
    keep(work, actor, ended, Act.REQUEST_LAPSED, now)
    return LapseView(
        request=request.id,
        program=request.peer,
        program_name=work.border.name_of(request.peer),
        person=request.person,
        stage=ended.stage,
    )
