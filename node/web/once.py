"""A form that is sent twice does its work once: the second click is led to where the first one led.

Every form carries a key of its own rendering (`once`). What is remembered is only where the answer led, and only where
something was done; a form that is changed and sent again, from an earlier page, is another one.
"""

import hashlib
from urllib.parse import parse_qsl

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from node.bootstrap import Services
from node.domain.actor import UserId
from node.services.once import StillAnsweringError
from node.services.ports.tokens import Asking

_FORM = "application/x-www-form-urlencoded"
_COOKIES = ("session", "me", "visit")
_PATIENCE, _PAUSE = 40, 0.1
_SEE_OTHER = 303


class OnceOnly:
    """Passes a form on, unless this very one was sent before from the same visit."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a form, or say again where it led."""
        if scope["type"] != "http" or scope["method"] != "POST" or not _is_form(scope):
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        asking = _asking(Request(scope), body)
        if asking is None:
            await self._app(scope, _again(body, receive), send)
            return
        services: Services = scope["app"].state.services
        before = await _claim(services, asking)
        if before is not None:
            await RedirectResponse(before, _SEE_OTHER)(scope, receive, send)
            return
        led = ""

        async def watched(message: Message) -> None:
            nonlocal led
            if message["type"] == "http.response.start" and message["status"] == _SEE_OTHER:
                led = Headers(raw=message["headers"]).get("location", "")
                await run_in_threadpool(services.once.keep, asking, led)
            await send(message)

        try:
            await self._app(scope, _again(body, receive), watched)
        finally:
            if not led:
                await run_in_threadpool(services.once.drop, asking)


def _is_form(scope: Scope) -> bool:
    return Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower() == _FORM


async def _read(receive: Receive) -> bytes:
    """The body; the limit of its size stands in front of this."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """The same body once more, then whatever follows."""
    told = False

    async def replay() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _asking(request: Request, body: bytes) -> Asking | None:
    """What is asked, if the form has a key and the browser a cookie that its visit is known by."""
    key = dict(parse_qsl(body.decode("utf-8", "replace"))).get("once", "")
    cookies = request.app.state.cookies
    owner = "".join(cookies.read(request, name) for name in _COOKIES)
    if not key or not owner:
        return None
    path = request.url.path.encode()
    request_digest = hashlib.sha256(path + b"\n" + body).hexdigest()
    return Asking(
        owner=hashlib.sha256(owner.encode()).hexdigest(),
        key=hashlib.sha256(f"{key} {request_digest}".encode()).hexdigest(),
        request=request_digest,
        subject=UserId(request.app.state.program.id),
    )


async def _claim(services: Services, asking: Asking) -> str | None:
    """Where it led before; who comes while it is being answered waits a little. Raises: StillAnsweringError."""
    for _ in range(_PATIENCE):
        try:
            return await run_in_threadpool(services.once.claim, asking)
        except StillAnsweringError:
            await anyio.sleep(_PAUSE)
    return "/"
