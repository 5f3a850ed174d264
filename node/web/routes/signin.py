"""Signing in and out."""

from http import HTTPStatus
from typing import Annotated

import anyio
from fastapi import APIRouter, Depends, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from node.domain.signin import SignedOutError, SignInRefusedError, TooManyAttemptsError
from node.services.signin import Attempt, Opened
from node.web.forms import FieldError, blanks, field_refused
from node.web.pages import pages_of
from node.web.visit import (
    Cookies,
    CookiesOf,
    OwnForm,
    ServicesOf,
    begin_visit,
    form_token,
    place_of,
    remember_browser,
    services_of,
    stranger_form,
)

router = APIRouter()
_DONE = frozenset({"password", "out"})


@router.get("/sign-in", name="sign_in")
def ask(request: Request, services: ServicesOf, cookies: CookiesOf, done: str = "") -> Response:
    """The form; who is signed in already goes on."""
    try:
        services.entrance.recognize(cookies.read(request, "session"))
    except SignedOutError:
        return _form(request, done=done if done in _DONE else "")
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
        return _form(request, HTTPStatus.UNPROCESSABLE_ENTITY, email=email, errors=errors)
    attempt = Attempt(email=email, place=place_of(request), browser=cookies.read(request, "browser"))
    try:
        opened = await _judge(request, attempt, password)
    except (SignInRefusedError, TooManyAttemptsError) as refusal:
        late = isinstance(refusal, TooManyAttemptsError)
        status = HTTPStatus.TOO_MANY_REQUESTS if late else HTTPStatus.UNPROCESSABLE_ENTITY
        return _form(request, status, email=email, errors=(field_refused(request, "email", refusal),))
    response = RedirectResponse(request.app.url_path_for("today"), HTTPStatus.SEE_OTHER)
    cookies.give(response, "session", opened.session)
    remember_browser(cookies, response, opened.browser)
    cookies.take(response, "visit")
    return response


async def _judge(request: Request, attempt: Attempt, password: str) -> Opened:
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


def _form(
    request: Request,
    status: HTTPStatus = HTTPStatus.OK,
    *,
    email: str = "",
    errors: tuple[FieldError, ...] = (),
    done: str = "",
) -> Response:
    secret = begin_visit(request)
    context = {
        "token": form_token(secret),
        "email": email,
        "errors": errors,
        "done": f"signin.done.{done}" if done else "",
    }
    response = pages_of(request).render(request, "signin/form.html", status, context)
    cookies: Cookies = request.app.state.cookies
    cookies.give(response, "visit", secret)
    return response
