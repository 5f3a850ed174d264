"""Requests to and from other programs: found, opened, answered, ended. The yeses of people are recorded elsewhere."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Request
from pydantic import Field
from starlette.responses import Response

from node.api.answering import RepeatOf, listed, shown
from node.api.asking import (
    AS_NUMBER,
    PERSON,
    PROGRAM,
    Body,
    Moment,
    PersonPath,
    PersonRef,
    ProgramRef,
    RequestPath,
    TurnOf,
    example,
)
from node.api.bearer import RequestsReader, RequestsWriter, ServicesOf
from node.api.routes import resource
from node.domain.request import Move
from node.services.request.opening import USUAL_HOURS, SearchView
from node.services.request.views import RequestView
from protocol.ids import ThreadId

router = resource("requests")


class NewRequest(Body):
    """For whom a program is asked, and how many hours a month she hopes for."""

    model_config = example(mentee=PERSON, program=PROGRAM, hours=4)
    mentee: PersonRef
    program: ProgramRef
    hours: Annotated[int, Field(ge=1, le=40), AS_NUMBER] = USUAL_HOURS


class Offer(Body):
    """Whose seat is held, and until when; 14 days where it is left out."""

    model_config = example(mentor=PERSON, until="2027-03-14T18:00:00Z")
    mentor: PersonRef
    until: Moment | None = None


@router.get("/requests", response_model=list[RequestView])
def list_requests(
    request: Request, who: RequestsReader, services: ServicesOf, page: TurnOf, *, open_only: bool = False
) -> Response:
    """List requests to and from other programs, newest first."""
    after = None if page.after is None else ThreadId(page.after)
    return listed(request, *page.cut(services.requests.list.page(who.actor, after, page.one_more, open_only=open_only)))


@router.post("/requests", status_code=HTTPStatus.CREATED, response_model=RequestView)
def open_request(body: NewRequest, who: RequestsWriter, services: ServicesOf, once: RepeatOf) -> Response:
    """Ask one program for a mentee who said yes to being asked for; no name travels."""

    def ask() -> Response:
        view = services.requests.open(who.actor, body.mentee, body.program, body.hours)
        return shown(view, version=view.version, status=HTTPStatus.CREATED, at=f"/api/v1/requests/{view.id}")

    return once(who, ask)


@router.get("/people/{person}/leads", response_model=SearchView)
def find_leads(person: PersonPath, who: RequestsReader, services: ServicesOf) -> Response:
    """Search what other programs offer for a mentee; the search itself never leaves this program."""
    return shown(services.requests.search(who.actor, person))


@router.get("/requests/{request}", response_model=RequestView)
def show_request(request: RequestPath, who: RequestsReader, services: ServicesOf) -> Response:
    """Show one request: where it stands, whose move it is, until when."""
    view = services.requests.show(who.actor, request)
    return shown(view, version=view.version)


@router.post("/requests/{request}/offer", response_model=RequestView)
def offer_seat(
    request: RequestPath, body: Offer, who: RequestsWriter, services: ServicesOf, once: RepeatOf
) -> Response:
    """Hold a seat of a mentor who agreed, and offer it."""
    return once(who, lambda: shown(services.requests.offer(who.actor, request, body.mentor, body.until)))


@router.post("/requests/{request}/accept", response_model=RequestView)
def accept_offer(request: RequestPath, who: RequestsWriter, services: ServicesOf, once: RepeatOf) -> Response:
    """Accept the offer for our mentee, who agreed."""
    return once(who, lambda: shown(services.requests.accept(who.actor, request)))


@router.post("/requests/{request}/refuse", response_model=RequestView)
def refuse_offer(request: RequestPath, who: RequestsWriter, services: ServicesOf, once: RepeatOf) -> Response:
    """Refuse the offer; no reason travels."""
    return once(who, lambda: shown(services.requests.end(who.actor, request, Move.REFUSE)))


@router.post("/requests/{request}/withdraw", response_model=RequestView)
def withdraw_request(request: RequestPath, who: RequestsWriter, services: ServicesOf, once: RepeatOf) -> Response:
    """Take our request back."""
    return once(who, lambda: shown(services.requests.end(who.actor, request, Move.WITHDRAW)))


@router.post("/requests/{request}/recall", response_model=RequestView)
def recall_offer(request: RequestPath, who: RequestsWriter, services: ServicesOf, once: RepeatOf) -> Response:
    """Take our offer back; the seat is free again."""
    return once(who, lambda: shown(services.requests.end(who.actor, request, Move.RECALL)))


@router.post("/requests/{request}/decline", response_model=RequestView)
def decline_request(request: RequestPath, who: RequestsWriter, services: ServicesOf, once: RepeatOf) -> Response:
    """Say no to a request about a listed mentor; no reason travels."""
    return once(who, lambda: shown(services.requests.end(who.actor, request, Move.DECLINE)))
