"""What people read of a request: where it stands, whose move it is, until when, and who of ours could serve it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action, Actor
from node.domain.listing import suggested
from node.domain.person import Candidate, Kind, PersonId
from node.domain.request import End, Need, Offered, Request, Stage
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.ports.border import Standing, Step
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
    standing, name = work.border.standing(request.id), work.border.name_of(request.peer)
    return view_of(request, standing, name, _suggested(request, own_mentors(work, at)) if can_offer(request) else ())


def request_views(work: UnitOfWork, found: Sequence[Request], at: datetime) -> tuple[RequestView, ...]:
    """The views of several, with as many questions to the database as for one."""
    standings = work.border.standings(request.id for request in found)
    names = work.border.names_of({request.peer for request in found})
    mentors = own_mentors(work, at) if any(map(can_offer, found)) else ()
    return tuple(
        view_of(
            request,
            standings[request.id],
            names[request.peer],
            _suggested(request, mentors) if can_offer(request) else (),
        )
        for request in found
    )


def view_of(request: Request, standing: Standing, name: str, suggestions: tuple[PersonId, ...]) -> RequestView:
    """The view of a request with a program of this name."""
    return RequestView(
        id=request.id,
        program=request.peer,
        program_name=name,
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
        suggested=suggestions,
        version=request.version,
    )


def can_offer(request: Request) -> bool:
    """Whether a mentor of ours is awaited."""
    return request.end is End.HOST and request.stage is Stage.ASKED


def own_mentors(work: UnitOfWork, at: datetime) -> tuple[tuple[Candidate, int], ...]:
    """Mentors who take part, with their free seats."""
    seats = work.seats.free(at)
    return tuple((mentor, seats[mentor.id].free) for mentor in work.people.candidates(Kind.MENTOR))


def _suggested(request: Request, mentors: tuple[tuple[Candidate, int], ...]) -> tuple[PersonId, ...]:
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
            return request_views(work, found, now)

    def page(self, actor: Actor, after: ThreadId | None, limit: int, *, open_only: bool) -> tuple[RequestView, ...]:
        """So many, newest first, from the one behind `after` on; the queries are the same for many as for few."""
        actor.may(Action.READ_PEOPLE)
        stages = [stage for stage in Stage if stage.is_open or not open_only]
        with self.reading() as work:
            return request_views(work, work.requests.page(stages, after, limit), self.clock.now())


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
