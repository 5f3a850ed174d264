"""A page that answers a form gets an address of its own: going back and reloading never ask to send the form again.

What was done leads elsewhere by itself (303). What only shows something (a preview, a search, a secret told once) is
kept for a day for this very browser, sealed under its cookie, which lies nowhere here; the form leads to it.
"""

import base64
import gzip
import hashlib
import secrets
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from federation.ground.sealed import seal, unseal
from node.bootstrap import Services
from node.domain.actor import UserId
from node.domain.errors import DomainError
from node.services.ports.tokens import Asking
from node.web.visit import cookies_of, participant_here, signed_in

router = APIRouter()
_COOKIES = {"": "session", "/me": "me", "/visit": "visit"}
_STRANGERS = ("/join/", "/sign-in", "/password/")


class PageGoneError(DomainError):
    """The page was made more than a day ago, or for another session."""

    code = "page-gone"


@dataclass(frozen=True, slots=True)
class _Kept:
    """One page of one browser, which is known by a cookie."""

    program: str
    secret: str
    page: str

    @property
    def asking(self) -> Asking:
        """Where it lies."""
        owner = hashlib.sha256(f"shown {self.secret}".encode()).hexdigest()
        return Asking(owner=owner, key=self.page, request="", subject=UserId(self.program))

    def keep(self, services: Services, body: bytes) -> None:
        """Keep it."""
        services.once.claim(self.asking)
        sealed = seal(self._key, gzip.compress(body, 6), self.page.encode())
        services.once.keep(self.asking, base64.b64encode(sealed).decode())

    def open(self, services: Services) -> bytes:
        """What was kept. Raises: PageGoneError."""
        found = services.once.given(self.asking)
        if not self.secret or not found:
            raise PageGoneError
        return gzip.decompress(unseal(self._key, base64.b64decode(found), self.page.encode()))

    @property
    def _key(self) -> bytes:
        return hashlib.sha256(f"page of {self.secret}".encode()).digest()


class AddressOfItsOwn:
    """Keeps a page that answers a form, and leads there."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; a script that refreshes a part of a page is answered at once."""
        if scope["type"] != "http" or scope["method"] != "POST" or "hx-request" in Headers(scope=scope):
            await self._app(scope, receive, send)
            return
        page: Headers | None = None
        parts = list[bytes]()

        async def held(message: Message) -> None:
            nonlocal page
            if message["type"] == "http.response.start" and _is_page(message):
                page = Headers(raw=message["headers"])
            elif page is None:
                await send(message)
            else:
                parts.append(message.get("body", b""))

        await self._app(scope, receive, held)
        if page is not None:
            request = Request(scope)
            led = RedirectResponse(await run_in_threadpool(_keep, request, b"".join(parts)), HTTPStatus.SEE_OTHER)
            for cookie in page.getlist("set-cookie"):
                led.headers.append("set-cookie", cookie)
            await led(scope, receive, send)


def _is_page(message: Message) -> bool:
    kind = Headers(raw=message["headers"]).get("content-type", "")
    return bool(message["status"] == HTTPStatus.OK and kind.startswith("text/html"))


def _keep(request: Request, body: bytes) -> str:
    """Keep a page, and say where."""
    before = "/me" if request.url.path.startswith("/me/") else ""
    before = "/visit" if request.url.path.startswith(_STRANGERS) else before
    page = secrets.token_urlsafe(16)
    _kept(request, _COOKIES[before], page).keep(request.app.state.services, body)
    return f"{before}/shown/{page}"


def _kept(request: Request, cookie: str, page: str) -> _Kept:
    secret = cookies_of(request).read(request, cookie)
    return _Kept(request.app.state.program.id, secret, page)


def _show(request: Request, cookie: str, page: str) -> Response:
    return HTMLResponse(_kept(request, cookie, page).open(request.app.state.services))


@router.get("/shown/{page}", dependencies=[Depends(signed_in)])
def show(request: Request, page: str) -> Response:
    """A page that was made for this session of staff."""
    return _show(request, "session", page)


@router.get("/me/shown/{page}", dependencies=[Depends(participant_here)])
def show_hers(request: Request, page: str) -> Response:
    """The same for a participant."""
    return _show(request, "me", page)


@router.get("/visit/shown/{page}")
def show_stranger(request: Request, page: str) -> Response:
    """The same before anybody signed in."""
    return _show(request, "visit", page)
