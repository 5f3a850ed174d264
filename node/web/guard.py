"""What holds for every page: who may be asked by which address, which site may post here, and what a browser may do.

Leaves the token in every form to `visit`. Sources: OWASP ASVS 5 sections 3.3 to 3.5, W3C Fetch Metadata.
"""

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SAFE = frozenset({"GET", "HEAD"})
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Not `no-referrer`: a browser would then post its own forms with `Origin: null`.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
_A_YEAR = "max-age=31536000"


class Guard:
    """Answers for this node's own addresses only, takes posts from its own pages only, and sends strict headers."""

    def __init__(self, app: ASGIApp, *, public_url: str) -> None:
        self._app = app
        self._public = urlsplit(public_url)
        self._headers = dict(_HEADERS)
        if self._public.scheme == "https":
            self._headers["Strict-Transport-Security"] = _A_YEAR

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        headers = Headers(scope=scope)
        origin = self._origin(headers.get("host", ""))
        if origin is None:
            # Otherwise a foreign name that leads to this machine would be a site of its own to the browser.
            await _refuse(HTTPStatus.MISDIRECTED_REQUEST)(scope, receive, dressed)
        elif scope["method"] not in _SAFE and not _is_ours(headers, origin):
            await _refuse(HTTPStatus.FORBIDDEN)(scope, receive, dressed)
        else:
            await self._app(scope, receive, dressed)

    def _origin(self, host: str) -> str | None:
        """The origin of our own pages as seen by this request; None under a foreign name."""
        if self._public.netloc and host.lower() == self._public.netloc.lower():
            return f"{self._public.scheme}://{self._public.netloc}".lower()
        try:
            name = urlsplit(f"//{host}").hostname
        except ValueError:
            return None
        return f"http://{host}".lower() if name in _LOOPBACK else None


def _is_ours(headers: Headers, origin: str) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    sent = headers.get("origin")
    return sent == origin if sent is not None else site is not None


def _refuse(status: HTTPStatus) -> PlainTextResponse:
    return PlainTextResponse(f"{status.value} {status.phrase}\n", status)
