"""Signing in through an account elsewhere: out to the provider by a link, and back by its redirection."""

from http import HTTPStatus

from fastapi import APIRouter, Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from node.domain.provider import AccountUnknownError, AccountWaitsError, ProviderAwayError, ProviderRefusedError
from node.domain.signin import TooManyAttemptsError
from node.web.forms import field_refused
from node.web.routes.signin import form_of_stranger, let_in
from node.web.visit import CookiesOf, ServicesOf, arrival_of, begin_visit, place_of, site_of


def configured(services: ServicesOf) -> None:
    """Pass where the program has a provider. Raises: HTTPException."""
    if not services.entrance.go_to_provider.name:
        raise HTTPException(HTTPStatus.NOT_FOUND)


router = APIRouter(prefix="/sign-in/provider", dependencies=[Depends(configured)])
_REFUSED = (ProviderAwayError, ProviderRefusedError, AccountUnknownError, AccountWaitsError, TooManyAttemptsError)
"""What the page of signing in says; everything but a session ends there."""


@router.get("", name="provider")
def go(request: Request, services: ServicesOf, cookies: CookiesOf) -> Response:
    """On to the provider."""
    secret = begin_visit(request)
    try:
        services.participants.admit("provider", place_of(request))
        address = services.entrance.go_to_provider(secret, site_of(request))
    except _REFUSED as refusal:
        return form_of_stranger(request, field_refused(request, "email", refusal))
    response = RedirectResponse(address, HTTPStatus.SEE_OTHER)
    cookies.give(response, "visit", secret)
    return response


@router.get("/back")
def back(request: Request, services: ServicesOf, cookies: CookiesOf, state: str = "", code: str = "") -> Response:
    """Begin a session, or say why not; a second look at the same address finds nothing any more."""
    visit = cookies.read(request, "visit")
    try:
        return let_in(request, services.entrance.come_back(visit, state, code, arrival_of(request), site_of(request)))
    except _REFUSED as refusal:
        return form_of_stranger(request, field_refused(request, "email", refusal))
