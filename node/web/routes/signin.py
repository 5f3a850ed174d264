"""Signing in and out."""

from http import HTTPStatus
from typing import Annotated

import anyio
from fastapi import APIRouter, Depends, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from federation.ground.refusal import Refusal
from node.domain.factor import HALF_OPEN, CodeRefusedError, HalfOpenError
from node.domain.signin import SignedOutError, SignInRefusedError, TooManyAttemptsError
from node.services.sessions import Opened
from node.services.signin import Attempt, CodeWanted
from node.web.forms import FieldError, blanks, field_refused, words_of
from node.web.stranger import page_of_stranger
from node.web.visit import (
    Cookies,
    CookiesOf,
    OwnForm,
    ServicesOf,
    arrival_of,
    cookies_of,
    remember_browser,
    services_of,
    site_of,
    stranger_form,
)

router = APIRouter()
CODE = "signin/code.html"
_DONE = frozenset({"password", "out"})


@router.get("/sign-in", name="sign_in")
def ask(request: Request, services: ServicesOf, cookies: CookiesOf, done: str = "") -> Response:
    """The form; who is signed in already goes on."""
    try:
        services.entrance.recognize(cookies.read(request, "session"))
    except SignedOutError:
        return form_of_stranger(request, done=done if done in _DONE else "")
    return RedirectResponse(request.app.url_path_for("today"), HTTPStatus.SEE_OTHER)


@router.post("/sign-in", dependencies=[Depends(stranger_form)])
async def sign_in(
    request: Request,
    cookies: CookiesOf,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    """Begin a session, or say that the two do not belong together."""
    if errors := blanks(request, "signin", email=email, password=password):
        return form_of_stranger(request, *errors, email=email)
    try:
        opened = await _judge(request, Attempt(email=email, arrival=arrival_of(request)), password)
    except (SignInRefusedError, TooManyAttemptsError) as refusal:
        return form_of_stranger(request, field_refused(request, "email", refusal), status=_status(refusal), email=email)
    if isinstance(opened, CodeWanted):
        response = RedirectResponse(request.app.url_path_for("code"), HTTPStatus.SEE_OTHER)
        cookies.give(response, "half", opened.token, seconds=int(HALF_OPEN.total_seconds()))
        return response
    return let_in(request, opened)


def let_in(request: Request, opened: Opened) -> Response:
    """On to the first page, signed in."""
    cookies = cookies_of(request)
    response = RedirectResponse(request.app.url_path_for("today"), HTTPStatus.SEE_OTHER)
    cookies.give(response, "session", opened.session)
    remember_browser(cookies, response, opened.browser)
    for spent in ("visit", "half"):
        cookies.take(response, spent)
    return response


@router.get("/sign-in/code", name="code")
def ask_code(request: Request, cookies: CookiesOf) -> Response:
    """The second page, for who typed a right password just now."""
    if not cookies.read(request, "half"):
        return RedirectResponse(request.app.url_path_for("sign_in"), HTTPStatus.SEE_OTHER)
    return page_of_stranger(request, CODE)


@router.post("/sign-in/code", dependencies=[Depends(stranger_form)])
def sign_in_with_code(
    request: Request, services: ServicesOf, cookies: CookiesOf, code: Annotated[str, Form()] = ""
) -> Response:
    """Begin a session, or say what is wrong with the code."""
    if not code.strip():
        return page_of_stranger(request, CODE, FieldError("code", words_of(request)("signin.code.blank")))
    try:
        return let_in(
            request, services.entrance.sign_in_with_code(cookies.read(request, "half"), code, arrival_of(request))
        )
    except (CodeRefusedError, TooManyAttemptsError) as refusal:
        return page_of_stranger(request, CODE, field_refused(request, "code", refusal), status=_status(refusal))
    except HalfOpenError as refusal:
        response = form_of_stranger(request, field_refused(request, "email", refusal))
        cookies.take(response, "half")
        return response


def _status(refusal: Refusal) -> HTTPStatus:
    late = isinstance(refusal, TooManyAttemptsError)
    return HTTPStatus.TOO_MANY_REQUESTS if late else HTTPStatus.UNPROCESSABLE_ENTITY


async def _judge(request: Request, attempt: Attempt, password: str) -> Opened | CodeWanted:
    entrance = services_of(request).entrance
    admitted = await run_in_threadpool(entrance.admit, attempt)
    # Waiting here, not in a thread: those who guess must not use up the threads of everybody else.
    await anyio.sleep(admitted.wait.total_seconds())
    return await run_in_threadpool(entrance.sign_in, admitted, password)


@router.post("/sign-out", name="sign_out")
def sign_out(request: Request, services: ServicesOf, cookies: CookiesOf, here: OwnForm) -> Response:
    """End this session."""
    services.entrance.sign_out(here.visitor.actor, here.secret)
    return _out(request, cookies)


@router.post("/sign-out-everywhere", name="sign_out_everywhere")
def sign_out_everywhere(request: Request, services: ServicesOf, cookies: CookiesOf, here: OwnForm) -> Response:
    """End every session of hers."""
    services.entrance.sign_out_everywhere(here.visitor.actor)
    return _out(request, cookies)


def _out(request: Request, cookies: Cookies) -> Response:
    response = RedirectResponse(f"{request.app.url_path_for('sign_in')}?done=out", HTTPStatus.SEE_OTHER)
    cookies.take(response, "session")
    return response


def form_of_stranger(
    request: Request, *errors: FieldError, status: HTTPStatus = HTTPStatus.OK, email: str = "", done: str = ""
) -> Response:
    """The page of signing in."""
    said = f"signin.done.{done}" if done else ""
    provider = services_of(request).entrance.go_to_provider.name
    by_passkey = site_of(request).takes_passkeys
    return page_of_stranger(
        request,
        "signin/form.html",
        *errors,
        status=status,
        email=email,
        done=said,
        by_passkey=by_passkey,
        provider=provider,
    )
