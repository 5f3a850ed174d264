"""Passkeys: adding and removing one's own, and signing in with one. The only pages that ask something of a script."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from federation.ground.refusal import Refusal
from node.domain.passkey import PasskeyId, PasskeyRefusedError, Site, UnknownPasskeyError
from node.domain.signin import TooManyAttemptsError, WrongPasswordError
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.forms import field_refused
from node.web.routes.signin import let_in
from node.web.stranger import page_of_stranger
from node.web.visit import CookiesOf, ServicesOf, arrival_of, begin_visit, place_of, site_of, stranger_form

router = APIRouter()
SiteOf = Annotated[Site, Depends(site_of)]


@router.get("/account/passkeys", name="passkeys")
def passkeys(desk: AtDesk, site: SiteOf) -> Response:
    """One's own passkeys."""
    return _own(desk, site)


@router.post("/account/passkeys")
def begin(desk: OwnDesk, site: SiteOf, password: Annotated[str, Form()] = "") -> Response:
    """Ask the device for a key, if the password is right."""
    try:
        question = desk.services.account.begin_passkey(desk.actor, desk.here.secret, password, site)
    except (WrongPasswordError, TooManyAttemptsError) as refusal:
        return _own(desk, site, "password", refusal)
    return _own(desk, site, question=question)


@router.post("/account/passkeys/add")
def add(desk: OwnDesk, site: SiteOf, answer: Annotated[str, Form()] = "") -> Response:
    """Keep the key the device made."""
    arrival = arrival_of(desk.request)
    try:
        desk.services.account.add_passkey(desk.actor, desk.here.secret, answer, arrival, site)
    except PasskeyRefusedError as refusal:
        return _own(desk, site, "password", refusal)
    return desk.go("passkeys", done="passkey-added")


@router.post("/account/passkeys/remove")
def remove(desk: OwnDesk, passkey: Annotated[str, Form()] = "") -> Response:
    """Take one away; one that is gone already is as good."""
    try:
        desk.services.account.remove_passkey(desk.actor, PasskeyId(passkey))
    except UnknownPasskeyError:
        return desk.go("passkeys")
    return desk.go("passkeys", done="passkey-removed")


@router.get("/sign-in/passkey", name="sign_in_passkey")
def look(request: Request) -> Response:
    """Somebody came back to this address: the question is asked anew from the page of signing in."""
    return page_of_stranger(request, "signin/passkey.html", question="")


@router.post("/sign-in/passkey/ask", dependencies=[Depends(stranger_form)])
def ask(request: Request, services: ServicesOf, site: SiteOf) -> Response:
    """Ask the device for a signature."""
    try:
        services.participants.admit("passkey", place_of(request))
    except TooManyAttemptsError as refusal:
        error = field_refused(request, "device", refusal)
        return page_of_stranger(request, "signin/passkey.html", error, question="")
    question = services.entrance.ask_passkey(begin_visit(request), site)
    return page_of_stranger(request, "signin/passkey.html", question=question)


@router.post("/sign-in/passkey", dependencies=[Depends(stranger_form)])
def enter(
    request: Request, services: ServicesOf, cookies: CookiesOf, site: SiteOf, answer: Annotated[str, Form()] = ""
) -> Response:
    """Begin a session, or say that the device's answer does not fit."""
    visit = cookies.read(request, "visit")
    try:
        return let_in(request, services.entrance.sign_in_with_passkey(visit, answer, arrival_of(request), site))
    except PasskeyRefusedError as refusal:
        return page_of_stranger(request, "signin/passkey.html", field_refused(request, "device", refusal), question="")


def _own(desk: Desk, site: Site, field: str = "", refusal: Refusal | None = None, *, question: str = "") -> Response:
    return desk.page(
        "account/passkeys.html",
        passkeys=desk.services.account.passkeys(desk.actor),
        site=site,
        question=question,
        errors=desk.refused(field, refusal) if refusal else (),
    )
