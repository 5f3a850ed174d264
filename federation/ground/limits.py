"""Limits of an HTTP application, kept while bytes arrive: size, time, coding and how many at once.

They stand in front of every route, so no route ever holds more than its cap. Quotas of a member belong
to the application.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import NoReturn

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from federation.ground.problems import ProblemResponse, problem_response

_CLOSE = {"Connection": "close"}


class _BodyRefusedError(HTTPException):
    """Unwinds the application; the middleware below answers in its place."""


def _under(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(prefix.rstrip("/") + "/")


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


class BodyLimit:
    """Refuses a body above its path's cap (413) or slower than `seconds` in all (408), before it is buffered.

    `caps` maps path prefixes to bytes; the longest prefix that fits decides, else `default`.
    """

    def __init__(
        self, app: ASGIApp, *, default: int, caps: Mapping[str, int] | None = None, seconds: float = 30.0
    ) -> None:
        self._app = app
        self._default = default
        self._caps = sorted((caps or {}).items(), key=lambda item: len(item[0]), reverse=True)
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413 or 408 in its place."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        cap = next((cap for prefix, cap in self._caps if _under(scope["path"], prefix)), self._default)
        announced = _header(scope, b"content-length")
        if announced.isdecimal() and int(announced) > cap:
            await _too_large(cap)(scope, receive, send)
            return
        body = _MeasuredBody(receive, send, cap=cap, seconds=self._seconds)
        with suppress(_BodyRefusedError):
            await self._app(scope, body.receive, body.send)
        if body.refusal is not None and not body.answered:
            await body.refusal(scope, receive, send)


class _MeasuredBody:
    """Counts and times one body as the application reads it; after a refusal nothing it says leaves."""

    def __init__(self, receive: Receive, send: Send, *, cap: int, seconds: float) -> None:
        self.refusal: ProblemResponse | None = None
        self.answered = False
        self._receive = receive
        self._send = send
        self._cap = cap
        self._seconds = seconds
        self._deadline: float | None = None
        self._size = 0
        self._complete = False

    async def receive(self) -> Message:
        if self._complete:
            return await self._receive()
        message = await self._in_time()
        self._size += len(message.get("body", b""))
        if self._size > self._cap:
            self._refuse(_too_large(self._cap))
        self._complete = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if self.refusal is None or self.answered:
            self.answered = True
            await self._send(message)

    async def _in_time(self) -> Message:
        loop = asyncio.get_running_loop()
        if self._deadline is None:
            self._deadline = loop.time() + self._seconds
        try:
            async with asyncio.timeout_at(self._deadline):
                return await self._receive()
        except TimeoutError:
            self._refuse(_too_slow(self._seconds))

    def _refuse(self, refusal: ProblemResponse) -> NoReturn:
        self.refusal = refusal
        raise _BodyRefusedError(refusal.status_code) from None


def _too_large(cap: int) -> ProblemResponse:
    return problem_response(
        "body-too-large",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "The body is larger than this path accepts.",
        "Send less; the limit in bytes is in `limit`.",
        headers=_CLOSE,
        limit=cap,
    )


def _too_slow(seconds: float) -> ProblemResponse:
    return problem_response(
        "body-too-slow",
        HTTPStatus.REQUEST_TIMEOUT,
        "The body did not arrive in time.",
        "Send it again over a better connection; the limit in seconds is in `limit`.",
        headers=_CLOSE,
        limit=seconds,
    )


class PlainBodies:
    """Refuses a Content-Encoding (415) under `prefixes`: a signature covers the bytes that travel."""

    def __init__(self, app: ASGIApp, *, prefixes: Sequence[str]) -> None:
        self._app = app
        self._prefixes = tuple(prefixes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 415 in its place."""
        plain = scope["type"] != "http" or _header(scope, b"content-encoding").lower() in {"", "identity"}
        if plain or not any(_under(scope["path"], prefix) for prefix in self._prefixes):
            await self._app(scope, receive, send)
            return
        response = problem_response(
            "content-encoding-refused",
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "This path takes no Content-Encoding.",
            "Send the body as it was signed.",
            headers={"Accept-Encoding": "identity", **_CLOSE},
        )
        await response(scope, receive, send)


class ConcurrencyLimit:
    """Answers 503 with Retry-After above `limit` requests in flight; paths under `exempt` are not counted."""

    def __init__(self, app: ASGIApp, *, limit: int, exempt: Sequence[str] = ()) -> None:
        self._app = app
        self._limit = limit
        self._exempt = tuple(exempt)
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 503 in its place."""
        if scope["type"] != "http" or any(_under(scope["path"], prefix) for prefix in self._exempt):
            await self._app(scope, receive, send)
            return
        if self._running >= self._limit:
            await _too_busy()(scope, receive, send)
            return
        self._running += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._running -= 1


def _too_busy() -> ProblemResponse:
    return problem_response(
        "too-busy",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "This service is answering as many requests as it can.",
        "Try again in a moment.",
        headers={"Retry-After": "2"},
    )
