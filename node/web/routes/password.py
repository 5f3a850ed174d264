"""Choosing a password with a link. Opening the link changes nothing, because mail programs open links too."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from node.domain.signin import SHORTEST_PASSWORD, PasswordGuessableError, PasswordLengthError
from node.web.forms import FieldError, field_refused, words_of
from node.web.stranger import page_of_stranger
from node.web.visit import ServicesOf, stranger_form

router = APIRouter(prefix="/password")


@router.get("/{link}", name="password")
def ask(request: Request, services: ServicesOf, link: str) -> Response:
    """The form, if the link still works."""
    services.entrance.check_link(link)
    return _form(request)


@router.post("/{link}", dependencies=[Depends(stranger_form)])
def choose(
    request: Request,
    services: ServicesOf,
    link: str,
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Set the password; signing in with it comes next."""
    if password != again:
        return _form(request, FieldError("again", words_of(request)("password.again.differs")))
    try:
        services.entrance.use_link(link, password)
    except (PasswordLengthError, PasswordGuessableError) as refusal:
        return _form(request, field_refused(request, "password", refusal))
    return RedirectResponse(f"{request.app.url_path_for('sign_in')}?done=password", HTTPStatus.SEE_OTHER)


def _form(request: Request, *errors: FieldError) -> Response:
    return page_of_stranger(request, "password/form.html", *errors, least=SHORTEST_PASSWORD)
