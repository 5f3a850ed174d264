"""Accounts elsewhere: signing in through one, and linking one's own. Out by a link, and back by a redirection."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from node.domain.provider import (
    LINKS,
    AccountTakenError,
    AccountUnknownError,
    AccountWaitsError,
    ProviderAwayError,
    ProviderRefusedError,
)
from node.domain.signin import TooManyAttemptsError, WrongPasswordError
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.forms import FieldError, field_refused
from node.web.routes.signin import form_of_stranger, let_in
from node.web.visit import CookiesOf, ServicesOf, arrival_of, begin_visit, place_of, site_of


def configured(services: ServicesOf) -> None:
    """Pass where the program has a provider. Raises: HTTPException."""
    if not services.entrance.go_to_provider.name:
        raise HTTPException(HTTPStatus.NOT_FOUND)


router = APIRouter(prefix="/sign-in/provider", dependencies=[Depends(configured)])
own = APIRouter(prefix="/account/provider")
"""Linking and unlinking one's own."""
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
    """Begin a session, or say why not; a second look at the same address finds nothing any more.

    The provider knows one address of ours: who is signed in and links her account comes back here, too.
    """
    if state.startswith(LINKS):
        return RedirectResponse(f"{request.url_for('link_back').path}?{request.url.query}", HTTPStatus.SEE_OTHER)
    visit = cookies.read(request, "visit")
    try:
        return let_in(request, services.entrance.come_back(visit, state, code, arrival_of(request), site_of(request)))
    except _REFUSED as refusal:
        return form_of_stranger(request, field_refused(request, "email", refusal))


@own.get("", name="own_provider")
def linked(desk: AtDesk) -> Response:
    """Since when an account elsewhere opens one's own pages."""
    return _own(desk)


@own.post("")
def begin(desk: OwnDesk, password: Annotated[str, Form()] = "") -> Response:
    """A link to the provider, if the password is right; the policy of the pages lets no form lead there."""
    configured(desk.services)
    try:
        address = desk.services.account.begin_link(desk.actor, desk.here.secret, password, site_of(desk.request))
    except (WrongPasswordError, TooManyAttemptsError, ProviderAwayError) as refusal:
        return _own(desk, *desk.refused("password", refusal))
    return _own(desk, address=address)


@own.get("/back", name="link_back")
def keep(desk: AtDesk, state: str = "", code: str = "") -> Response:
    """The account she came back with is linked, or why not."""
    try:
        desk.services.account.link(desk.actor, desk.here.secret, state, code, site_of(desk.request))
    except (ProviderAwayError, ProviderRefusedError, AccountTakenError) as refusal:
        return _own(desk, *desk.refused("password", refusal))
    return desk.go("own_provider", done="account-linked")


@own.post("/unlink")
def unlink(desk: OwnDesk) -> Response:
    """No account elsewhere opens her pages any more."""
    desk.services.account.unlink(desk.actor)
    return desk.go("own_provider", done="account-unlinked")


def _own(desk: Desk, *errors: FieldError, address: str = "") -> Response:
    view = desk.services.account.linked(desk.actor)
    return desk.page("account/provider.html", view=view, address=address, errors=errors)
