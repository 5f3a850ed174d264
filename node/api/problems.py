"""Problem documents (RFC 9457) in the caller's language for everything the API refuses.

`title` says why, `detail` what to do next, `code` names the rule. What a caller sent is never echoed: fields are named
only where the API declares them. What nobody expected, and what a peer broke, is left to `federation.ground.problems`.
"""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from federation.ground.problems import ProblemResponse, install_problem_handlers, problem_response
from federation.ground.refusal import Refusal
from federation.ground.writing import Json
from node.api.bearer import TooManyCallsError
from node.domain.errors import ChangedMeanwhileError, DomainError, NotAllowedError
from node.domain.texts import UnknownPlaceholderError
from node.domain.token import ScopeNeededError, TokenRefusedError
from node.services.intake.columns import Column
from node.services.intake.problems import Problem
from node.services.once import KeyReusedError
from node.words import Words
from node.words.accepted import language_for

_STATUSES: dict[type[Refusal], HTTPStatus] = {
    TokenRefusedError: HTTPStatus.UNAUTHORIZED,
    NotAllowedError: HTTPStatus.FORBIDDEN,
    ScopeNeededError: HTTPStatus.FORBIDDEN,
    KeyReusedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooManyCallsError: HTTPStatus.TOO_MANY_REQUESTS,
    UnknownPlaceholderError: HTTPStatus.CONFLICT,
}
_WORDED = {
    HTTPStatus.BAD_REQUEST: "bad-request",
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method-not-allowed",
}
_JSON = "application/json"


class UnreadableCellsError(DomainError):
    """What is written of a person cannot be read; every cell to mend is named."""

    code = "cells-unreadable"

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Which cells, and what is wrong with each."""
        super().__init__(count=len(problems))
        self.problems = tuple(problems)


def install(app: FastAPI) -> None:
    """Answer every error of the API with a problem document."""
    install_problem_handlers(app)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(UnreadableCellsError, _unreadable_cells)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid)


def _say(request: Request) -> Words:
    usual: str = request.app.state.language
    return Words(language_for(request.headers.get("accept-language", ""), usual))


def _status(request: Request, error: Refusal) -> HTTPStatus:
    if isinstance(error, ChangedMeanwhileError) and "if-match" in request.headers:
        return HTTPStatus.PRECONDITION_FAILED
    missing = error.code.startswith("unknown-")
    return _STATUSES.get(type(error), HTTPStatus.NOT_FOUND if missing else HTTPStatus.CONFLICT)


async def _refused(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, Refusal)  # noqa: S101 - the framework's signature is wider than its promise
    title, detail = _say(request).refusal(error)
    headers = {"Content-Language": _say(request).language}
    status = _status(request, error)
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="mentorweave", error="invalid_token"'
    if status is HTTPStatus.TOO_MANY_REQUESTS:
        headers["Retry-After"] = str(error.params["seconds"])
    return problem_response(error.code, status, title, detail, headers=headers, params=dict(error.params))


async def _unreadable_cells(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, UnreadableCellsError)  # noqa: S101 - as above
    say = _say(request)
    fields: list[Json] = [
        {
            "in": "body",
            "field": f"/cells/{problem.column}",
            "rule": str(problem.code),
            "title": say(f"import.{problem.code}", row=problem.other_row),
            "detail": say(f"import.{problem.code}.next", known=", ".join(problem.known), row=problem.other_row),
        }
        for problem in error.problems
    ]
    return _unprocessable(error.code, say.refusal(error), fields)


async def _http_error(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    status = HTTPStatus(error.status_code)
    code = _WORDED.get(status, "bad-request")
    headers = dict(error.headers or {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(sorted(_allowed(request)))
    say = _say(request)
    return problem_response(code, status, say(f"problem.{code}"), say(f"problem.{code}.next"), headers=headers)


def _allowed(request: Request) -> frozenset[str]:
    """Every method of this address; the framework names those of the first route only."""
    routes: list[APIRoute] = request.app.state.routes
    found = (route.methods or () for route in routes if route.matches(request.scope)[0] is not Match.NONE)
    return frozenset(method for methods in found for method in methods)


async def _invalid(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    known = _declared(request.app.openapi())
    fields: list[Json] = [
        {"in": str(one["loc"][0]), "field": _pointer(one["loc"], known), "rule": str(one["type"])}
        for one in error.errors()
    ]
    say, code = _say(request), "request-invalid"
    return _unprocessable(code, (say(f"problem.{code}"), say(f"problem.{code}.next")), fields)


def _unprocessable(code: str, words: tuple[str, str], fields: list[Json]) -> ProblemResponse:
    return problem_response(code, HTTPStatus.UNPROCESSABLE_ENTITY, *words, fields=fields)


def _pointer(steps: Sequence[str | int], known: frozenset[str]) -> str:
    """A JSON pointer (RFC 6901) in a body, else the plain name; names that only the caller knows are left out."""
    named = [str(step) for step in steps[1:] if isinstance(step, int) or step in known]
    return "/" + "/".join(named) if steps[0] == "body" else "".join(named)


def _declared(document: Mapping[str, object]) -> frozenset[str]:
    """Every name of a field or parameter in the OpenAPI document, and every column of a person."""
    return frozenset(_names(document)) | frozenset(Column)


def _names(part: object) -> Iterator[str]:
    if isinstance(part, Mapping):
        properties = part.get("properties")
        yield from properties if isinstance(properties, Mapping) else ()
        if "in" in part and "name" in part:
            yield str(part["name"])
        for inner in part.values():
            yield from _names(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _names(inner)


class JsonBodies:
    """Refuses a body that is not JSON (415): a form of a foreign page must not be read as a call."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, or answer 415 in its place."""
        headers = {name: value.decode("latin-1") for name, value in scope.get("headers", ())}
        has_body = headers.get(b"content-length", "0") != "0" or b"transfer-encoding" in headers
        if not has_body or headers.get(b"content-type", "").partition(";")[0].strip().lower() == _JSON:
            await self._app(scope, receive, send)
            return
        say = _say(Request(scope))
        code = "unsupported-media-type"
        title, detail = say(f"problem.{code}"), say(f"problem.{code}.next")
        response = problem_response(code, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, title, detail)
        await response(scope, receive, send)
