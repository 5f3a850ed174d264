"""Turns what was refused or went wrong into pages in the person's language."""

from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from federation.ground.incidents import record_incident
from federation.ground.problems import MEDIA_TYPE
from federation.ground.refusal import Refusal
from node.domain.card import UnknownCardError, UnknownOfferError
from node.domain.drafts import NotInDraftError, UnknownDraftError
from node.domain.errors import HiddenTextError, NotAllowedError, NotAMenteeError, NotAMentorError, UnknownPersonError
from node.domain.factor import FactorNeededError
from node.domain.intake.application import ApplicationGoneError, UnknownApplicationError
from node.domain.intake.question import UnknownQuestionError
from node.domain.intake.source import UnknownSourceError
from node.domain.letter import UnknownLetterError
from node.domain.mentorship import UnknownMentorshipError
from node.domain.pair import UnknownNoteError, UnknownPlanError
from node.domain.participant import ParticipantLinkSpentError, ParticipantSignedOutError
from node.domain.request import UnknownRequestError
from node.domain.signin import PasswordLinkSpentError, SignedOutError, UnknownUserError
from node.domain.token import UnknownTokenError
from node.domain.upload import MOST_UPLOAD_BYTES, UploadGoneError
from node.web.again import ended
from node.web.forms import UnknownChoiceError, worded
from node.web.pages import pages_of
from node.web.shown import PageGoneError
from node.web.visit import ForgedFormError, cookies_of, language_of, remember_language
from node.words import Words
from protocol.errors import ProtocolError

_STATUSES: dict[type[Exception], HTTPStatus] = {
    NotAllowedError: HTTPStatus.FORBIDDEN,
    UnknownPersonError: HTTPStatus.NOT_FOUND,
    HiddenTextError: HTTPStatus.NOT_FOUND,
    NotAMenteeError: HTTPStatus.NOT_FOUND,
    NotAMentorError: HTTPStatus.NOT_FOUND,
    UnknownDraftError: HTTPStatus.NOT_FOUND,
    NotInDraftError: HTTPStatus.NOT_FOUND,
    UnknownMentorshipError: HTTPStatus.NOT_FOUND,
    UnknownNoteError: HTTPStatus.NOT_FOUND,
    UnknownPlanError: HTTPStatus.NOT_FOUND,
    UnknownRequestError: HTTPStatus.NOT_FOUND,
    UnknownCardError: HTTPStatus.NOT_FOUND,
    UnknownOfferError: HTTPStatus.NOT_FOUND,
    UnknownLetterError: HTTPStatus.NOT_FOUND,
    UnknownTokenError: HTTPStatus.NOT_FOUND,
    UnknownUserError: HTTPStatus.NOT_FOUND,
    UploadGoneError: HTTPStatus.GONE,
    PageGoneError: HTTPStatus.GONE,
    ForgedFormError: HTTPStatus.FORBIDDEN,
    UnknownChoiceError: HTTPStatus.UNPROCESSABLE_ENTITY,
    PasswordLinkSpentError: HTTPStatus.GONE,
    ParticipantLinkSpentError: HTTPStatus.GONE,
    ApplicationGoneError: HTTPStatus.GONE,
    UnknownApplicationError: HTTPStatus.NOT_FOUND,
    UnknownQuestionError: HTTPStatus.NOT_FOUND,
    UnknownSourceError: HTTPStatus.NOT_FOUND,
}
_WORDED = frozenset(
    {
        HTTPStatus.NOT_FOUND,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    }
)


def install(app: FastAPI) -> None:
    """Answer every error of the pages with a page."""
    app.add_exception_handler(SignedOutError, _ask_to_sign_in)
    app.add_exception_handler(FactorNeededError, _ask_for_second_factor)
    app.add_exception_handler(ParticipantSignedOutError, _ask_participant_to_sign_in)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(ProtocolError, _refused)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _unreadable)


async def _ask_to_sign_in(request: Request, _error: Exception) -> Response:
    sign_in = request.app.url_path_for("sign_in")
    response = await ended(request, sign_in, "/again") or RedirectResponse(sign_in, HTTPStatus.SEE_OTHER)
    cookies_of(request).take(response, "session")
    remember_language(request, response)
    return response


async def _ask_for_second_factor(request: Request, _error: Exception) -> Response:
    return RedirectResponse(request.app.url_path_for("second_factor"), HTTPStatus.SEE_OTHER)


async def _ask_participant_to_sign_in(request: Request, _error: Exception) -> Response:
    sign_in = request.app.url_path_for("participant_sign_in")
    response = await ended(request, sign_in, "/me/again") or RedirectResponse(sign_in, HTTPStatus.SEE_OTHER)
    cookies_of(request).take(response, "me")
    remember_language(request, response)
    return response


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal | ProtocolError)  # noqa: S101 - the framework's signature is wider than its promise
    why, what_next = worded(Words(language_of(request)), error)
    return _page(request, _STATUSES.get(type(error), HTTPStatus.CONFLICT), why, what_next)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    status = HTTPStatus(error.status_code)
    code = f"failure.{status.value}" if status in _WORDED else "failure.400"
    return _worded(request, status, code)


async def _unreadable(request: Request, _error: Exception) -> Response:
    return _worded(request, HTTPStatus.UNPROCESSABLE_ENTITY, "failure.400")


def _worded(request: Request, status: HTTPStatus, code: str, **params: str) -> Response:
    say = Words(language_of(request))
    return _page(request, status, say(code), say(f"{code}.next", **params))


def _page(request: Request, status: HTTPStatus, why: str, what_next: str) -> Response:
    return pages_of(request).render(request, "failure.html", status, {"why": why, "next": what_next})


class UnexpectedPages:
    """The outermost loop of the pages: what nobody caught becomes a page with an incident, never a traceback."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and turn an error nobody caught into a page."""
        begun = False
        bare: HTTPStatus | None = None

        async def watched(message: Message) -> None:
            nonlocal begun, bare
            begun = True
            if message["type"] == "http.response.start" and _is_problem(message) and _reads_pages(scope):
                bare = HTTPStatus(message["status"])
            if bare is None:
                await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            incident = record_incident("page-failed", error)
            if begun or scope["type"] != "http":
                raise
            request = Request(scope, receive)
            response = _worded(request, HTTPStatus.INTERNAL_SERVER_ERROR, "failure.500", incident=incident)
            await response(scope, receive, send)
        if bare is not None:
            code = f"failure.{bare.value}" if bare in _WORDED else "failure.400"
            response = _worded(Request(scope, receive), bare, code, most=str(MOST_UPLOAD_BYTES // 1024**2))
            response.headers["Connection"] = "close"
            await response(scope, receive, send)


def _is_problem(message: Message) -> bool:
    """Whether it is the limit of a body that answers, which knows nothing of pages."""
    return Headers(raw=message["headers"]).get("content-type", "").startswith(MEDIA_TYPE)


def _reads_pages(scope: Scope) -> bool:
    return "text/html" in Headers(scope=scope).get("accept", "")
