"""What every page of somebody who is not signed in does alike: a visit begins, and its forms carry its token."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from node.web.forms import FieldError
from node.web.pages import pages_of
from node.web.visit import begin_visit, cookies_of, form_token


def page_of_stranger(
    request: Request, template: str, *errors: FieldError, status: HTTPStatus = HTTPStatus.OK, **context: object
) -> Response:
    """A page; `errors` of its form, if there are any, make it a 422."""
    secret = begin_visit(request)
    if errors and status is HTTPStatus.OK:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    shared = {"token": form_token(secret), "errors": errors}
    response = pages_of(request).render(request, template, status, {**shared, **context})
    cookies_of(request).give(response, "visit", secret)
    return response
