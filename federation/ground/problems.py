"""Problem documents (RFC 9457) for every error an HTTP application can answer with.

What a rule refuses is named by its code; what nobody expected is an incident id and nothing else. Values
a person or a peer sent are never echoed. Which rules exist belongs to those who raise them.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from federation.ground.incidents import record_incident
from federation.ground.refusal import Refusal
from federation.ground.writing import Json
from protocol.errors import ProtocolError, type_uri

MEDIA_TYPE = "application/problem+json"
_RETRY_AFTER = "retry_after"
# Written out, because Python renames phrases between versions and a code must stay.
_CODES = {
    400: "bad-request",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    409: "conflict",
    413: "body-too-large",
    415: "unsupported-media-type",
    422: "request-invalid",
    429: "too-many-requests",
    503: "unavailable",
}


class AbortedResponseError(Exception):
    """An error came after the answer had begun, so the connection is cut; the incident is in the log."""


class ProblemResponse(JSONResponse):
    """A response with the media type of problem documents."""

    media_type = MEDIA_TYPE


def problem_response(
    code: str, status: int, title: str, detail: str, *, headers: Mapping[str, str] | None = None, **members: Json
) -> ProblemResponse:
    """Build a problem document; `members` are its extensions and hold ids and numbers only."""
    document = {"type": type_uri(code), "title": title, "status": status, "detail": detail, "code": code, **members}
    return ProblemResponse(document, status_code=status, headers=headers)


def install_problem_handlers(app: FastAPI) -> None:
    """Answer every error of `app` with a problem document."""
    app.add_exception_handler(ProtocolError, _answer_protocol_error)
    app.add_exception_handler(Refusal, _answer_refusal)
    app.add_exception_handler(RequestValidationError, _answer_invalid_request)
    app.add_exception_handler(HTTPException, _answer_http_error)
    app.add_middleware(UnexpectedErrors)


async def _answer_protocol_error(_request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, ProtocolError)  # noqa: S101 - the framework's signature is wider than its promise
    headers: dict[str, str] = {}
    if _RETRY_AFTER in error.params:
        headers["Retry-After"] = str(error.params[_RETRY_AFTER])
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Signature"
    return problem_response(
        error.code, error.status, error.title, error.remedy, headers=headers, params=dict(error.params)
    )


async def _answer_refusal(_request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, Refusal)  # noqa: S101 - as above
    return problem_response(error.code, HTTPStatus.CONFLICT, error.title, error.remedy, params=dict(error.params))


async def _answer_invalid_request(_request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    fields: list[Json] = [
        {"field": _field(str(problem["type"]), problem["loc"]), "rule": str(problem["type"])}
        for problem in error.errors()
    ]
    return problem_response(
        "request-invalid",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "A field of the request is missing or not of the expected form.",
        "Correct the fields named in `fields`.",
        fields=fields,
    )


def _field(rule: str, steps: Sequence[str | int]) -> str:
    # The name of a field nobody declared is itself something a peer made up.
    known = steps[:-1] if rule == "extra_forbidden" else steps
    return ".".join(str(step) for step in known)


async def _answer_http_error(_request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    status = HTTPStatus(error.status_code)
    code = _CODES.get(status, f"http-{status}")
    return problem_response(
        code, status, f"{status.phrase}.", f"{status.description or status.phrase}.", headers=error.headers
    )


class UnexpectedErrors:
    """The outermost loop of an application: what nobody caught becomes an incident, never a traceback."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and turn an error nobody caught into an incident."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if scope["type"] != "http":
                raise
            incident = record_incident("request-failed", error)
            if begun:
                # `from None`: the server logs what reaches it, and the cause may quote a person.
                raise AbortedResponseError(incident) from None
            response = problem_response(
                "unexpected",
                HTTPStatus.INTERNAL_SERVER_ERROR,
                "Something unexpected happened here.",
                "Try again later; give the incident id to whoever runs this service.",
                incident=incident,
            )
            await response(scope, receive, send)
