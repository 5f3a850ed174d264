"""Answers: views as the one encoder writes them, links to the next page, versions, and first answers given again."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, Request
from starlette.responses import JSONResponse, Response

from federation.ground.writing import encode
from node.api.bearer import ServicesOf
from node.services.once import Once
from node.services.tokens import Bearer

_KEPT = ("ETag", "Location")


def shown(view: object, *, version: int | None = None, status: HTTPStatus = HTTPStatus.OK, at: str = "") -> Response:
    """One view; its version as `ETag`, and where it can be read if it is new."""
    headers = {} if version is None else {"ETag": f'"{version}"'}
    if at:
        headers["Location"] = at
    return JSONResponse(encode(view), status, headers)


def listed(request: Request, views: Sequence[object], after: str | None) -> Response:
    """One page of a list; a `Link` leads to the next one, if there is one (RFC 8288)."""
    headers = {}
    if after is not None:
        onward = request.url.include_query_params(after=after)
        headers["Link"] = f'<{onward.path}?{onward.query}>; rel="next"'
    return JSONResponse(encode(tuple(views)), headers=headers)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A call that may come twice."""

    once: Once
    key: str | None
    request: bytes

    def __call__(self, who: Bearer, do: Callable[[], Response]) -> Response:
        """What `do` answers; of a call that came before with the same key, the first answer."""
        if self.key is None:
            return do()
        text, again = self.once(who.actor, who.token, self.key, self.request, lambda: _write(do()))
        return _read(text, again=again)


async def repeat(
    request: Request,
    services: ServicesOf,
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=200,
            pattern="^[!-~]+$",
            description="Made up by the caller for one thing to do, such as a UUID. The same call with the same key "
            "within a day is answered as the first one was, and nothing is done twice.",
        ),
    ] = None,
) -> Repeat:
    """The key of a call and what it covers: method, path and body."""
    covered = f"{request.method} {request.url.path}\n".encode() + await request.body()
    return Repeat(services.once, key, covered)


RepeatOf = Annotated[Repeat, Depends(repeat)]


def _write(response: Response) -> str:
    headers = {name: response.headers[name] for name in _KEPT if name in response.headers}
    return json.dumps({"status": response.status_code, "headers": headers, "body": bytes(response.body).decode()})


def _read(text: str, *, again: bool) -> Response:
    kept = json.loads(text)
    headers = {**kept["headers"], **({"Idempotency-Replayed": "true"} if again else {})}
    return Response(kept["body"], kept["status"], headers, "application/json")
