"""What people read of a request: where it stands, whose move it is, until when, and who of ours could serve it."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action, Actor
from node.domain.listing import suggested
from node.domain.person import Kind, PersonId
from node.domain.request import End, Need, Offered, Request, Stage
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.ports.border import Step
from protocol.ids import NodeId, ThreadId


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """One request."""

    id: ThreadId
    program: NodeId
    program_name: str
    end: End
    stage: Stage
    person: PersonId | None
    need: Need
    offer: Offered | None
    opened_at: datetime
    our_move: bool
    nudge_at: datetime | None
    deadline_at: datetime | None
    timeline: tuple[Step, ...]
    suggested: tuple[PersonId, ...]
    version: int


def request_view(work: UnitOfWork, request: Request, at: datetime) -> RequestView:
    """The view of a request; own mentors are suggested while an offer can be made."""
    standing = work.border.standing(request.id)
    return RequestView(
        id=request.id,
        program=request.peer,
        program_name=work.border.name_of(request.peer),
        end=request.end,
        stage=standing.stage,
        person=request.person,
        need=request.need,
        offer=request.offer,
        opened_at=request.opened_at,
        our_move=standing.owner is request.end,
        nudge_at=standing.nudge_at,
        deadline_at=standing.deadline_at,
        timeline=standing.timeline,
        suggested=_suggested(work, request, at) if _can_offer(request) else (),
        version=request.version,
    )


def _can_offer(request: Request) -> bool:
    return request.end is End.HOST and request.stage is Stage.ASKED


def _suggested(work: UnitOfWork, request: Request, at: datetime) -> tuple[PersonId, ...]:
    seats = work.seats.free(at)
    mentors = ((mentor, seats[mentor.id].free) for mentor in work.people.candidates(Kind.MENTOR))
    return suggested(request.need, mentors)


@dataclass(frozen=True, slots=True)
class ListRequests:
    """Every request, the open ones first."""

    reading: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, *, open_only: bool = False) -> tuple[RequestView, ...]:
        """Requests to and from other programs, oldest first."""
        actor.may(Action.READ_PEOPLE)
        now = self.clock.now()
        with self.reading() as work:
            found = [request for request in work.requests.all() if request.stage.is_open or not open_only]
            return tuple(request_view(work, request, now) for request in found)


@dataclass(frozen=True, slots=True)
class ShowRequest:
    """One request with everything that was said."""

    reading: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, thread: ThreadId) -> RequestView:
        """The request. Raises: UnknownRequestError."""
        actor.may(Action.READ_PEOPLE)
        with self.reading() as work:
            return request_view(work, work.requests.get(thread), self.clock.now())
