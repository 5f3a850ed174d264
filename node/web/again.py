"""What was typed when a session ended waits in her own browser's page; nothing of it is kept here in between."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from node.web.pages import pages_of

PATH = "again:path"
NEVER_KEPT = frozenset({"token", "once", "password", "again", "old", "new", "code"})


async def ended(request: Request, sign_in: str, again: str) -> Response | None:
    """A page that holds what was typed, until she is signed in; None where nothing was typed."""
    if request.method != "POST" or request.url.path in {again, "/sign-out", "/sign-out-everywhere", "/me/sign-out"}:
        return None
    form = await request.form()
    fields = [(name, text) for name, text in form.multi_items() if isinstance(text, str) and name not in NEVER_KEPT]
    if not any(text.strip() for _, text in fields):
        return None
    kept = {"fields": [(PATH, request.url.path), *fields], "sign_in": sign_in, "again": again}
    return pages_of(request).render(request, "again/ended.html", HTTPStatus.FORBIDDEN, kept)
