"""How a participant gets to her page and leaves it: a link from a letter, and a page to ask for one.

Opening the link changes nothing, because mail programs open links, too; its button does.
"""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from node.domain.participant import ParticipantSignedOutError
from node.domain.signin import TooManyAttemptsError
from node.web.forms import blanks, field_refused
from node.web.stranger import page_of_stranger
from node.web.visit import (
    CookiesOf,
    ParticipantForm,
    ServicesOf,
    hosted,
    place_of,
    stranger_form,
)

router = APIRouter(prefix="/me", dependencies=[Depends(hosted)])
HOME = "/me"


@router.get("/link/{link}", name="participant_link")
def look(request: Request, services: ServicesOf, link: str) -> Response:
    """A page with one button, if the link still works."""
    services.participants.check_link(link)
    return page_of_stranger(request, "me/link.html")


@router.post("/link/{link}", dependencies=[Depends(stranger_form)])
def enter(services: ServicesOf, cookies: CookiesOf, link: str) -> Response:
    """Sign in, and spend the link."""
    response = RedirectResponse(HOME, HTTPStatus.SEE_OTHER)
    cookies.give(response, "me", services.participants.open(link))
    cookies.take(response, "visit")
    return response


@router.get("/sign-in", name="participant_sign_in")
def ask(request: Request, services: ServicesOf, cookies: CookiesOf, sent: str = "") -> Response:
    """The form, or what follows it; who is signed in already goes on."""
    try:
        services.participants.recognize(cookies.read(request, "me"))
    except ParticipantSignedOutError:
        return page_of_stranger(request, "me/sign_in.html", email="", sent=bool(sent))
    return RedirectResponse(HOME, HTTPStatus.SEE_OTHER)


@router.post("/sign-in", dependencies=[Depends(stranger_form)])
def send(request: Request, services: ServicesOf, email: Annotated[str, Form()] = "") -> Response:
    """Send a link to whoever has this address, and say the same to everybody."""
    if errors := blanks(request, "me.signin", email=email):
        return page_of_stranger(request, "me/sign_in.html", *errors, email=email, sent=False)
    try:
        services.participants.admit("link", place_of(request))
    except TooManyAttemptsError as refusal:
        error = field_refused(request, "email", refusal)
        return page_of_stranger(
            request, "me/sign_in.html", error, email=email, sent=False, status=HTTPStatus.TOO_MANY_REQUESTS
        )
    url = f"{request.app.url_path_for('participant_sign_in')}?sent=1"
    # Looked up once the answer is out, so that the time it took tells nothing either.
    return RedirectResponse(url, HTTPStatus.SEE_OTHER, background=BackgroundTask(services.participants.ask, email))


@router.post("/sign-out", name="participant_sign_out")
def leave(request: Request, services: ServicesOf, cookies: CookiesOf, here: ParticipantForm) -> Response:
    """End this session."""
    services.participants.sign_out(here.participant, here.secret)
    response = RedirectResponse(request.app.url_path_for("participant_sign_in"), HTTPStatus.SEE_OTHER)
    cookies.take(response, "me")
    return response
