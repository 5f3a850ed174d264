"""What every route does alike: read the body, check who signed, call one verb in a thread, answer.

Signature and verb run in the same thread call; an event loop that waits for many polls stays free.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response

from federation.exchange.adapters.hop import Received
from federation.exchange.api.intake import Intake
from federation.exchange.bootstrap import Services
from federation.exchange.domain.caller import Caller
from federation.exchange.domain.errors import MediaTypeError
from federation.exchange.services.accept import Answers, Sent
from federation.ground.writing import encode
from protocol.errors import ProtocolError
from protocol.ids import MessageId, NodeId

JOSE = "application/jose"
JSON = "application/json"
IMMUTABLE = "public, max-age=31536000, immutable"
PRIVATE_IMMUTABLE = "private, max-age=31536000, immutable"
NO_STORE = "no-store"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Posted:
    """A request that brings letters, and how they are read from its body once it is known who signed it."""

    received: Received
    address: tuple[NodeId, MessageId] | None
    envelopes: Callable[[bytes], Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class Edge:
    """The services of this process, and how many of their calls run at once."""

    services: Services
    limiter: CapacityLimiter
    intake: Intake[Posted, Answers | ProtocolError]
    board_limiter: CapacityLimiter

    async def call(self, verb: Callable[[], T]) -> T:
        """Run `verb` in a thread."""
        return await to_thread.run_sync(verb, limiter=self.limiter)

    async def call_board(self, verb: Callable[[], T]) -> T:
        """Run `verb`, which asks the need board, in one of the threads kept for that."""
        return await to_thread.run_sync(verb, limiter=self.board_limiter)

    async def take_in(
        self,
        request: Request,
        envelopes: Callable[[bytes], Sequence[bytes]],
        address: tuple[NodeId, MessageId] | None = None,
    ) -> Answers:
        """Take the letters of a request, together with what else arrives at this moment."""
        answers = await self.intake(Posted(await receive(request), address, envelopes))
        if isinstance(answers, ProtocolError):
            raise answers
        return answers

    async def as_member(self, request: Request, verb: Callable[[Caller, bytes], T]) -> T:
        """Run `verb` for the member that signed the request with a signing key, with the body."""
        received = await receive(request)
        return await self.call(lambda: verb(self.services.gate.member(received), received.body))

    async def at_board(self, request: Request, verb: Callable[[Caller, bytes], T]) -> T:
        """Run `verb`, which asks the need board, for the member that signed the request."""
        received = await receive(request)
        return await self.call_board(lambda: verb(self.services.gate.member(received), received.body))

    async def as_owner(self, request: Request, verb: Callable[[Caller, bytes], T]) -> T:
        """Run `verb` for the member that signed with a signing key or with its identity key."""
        received = await receive(request)
        return await self.call(lambda: verb(self.services.gate.owner(received), received.body))


def take_letters(services: Services, posted: Sequence[Posted]) -> Sequence[Answers | ProtocolError]:
    """Check who signed each request, and take the letters of all of them together."""
    sent = [_sent(services, each) for each in posted]
    answers = iter(services.accept([each for each in sent if isinstance(each, Sent)]))
    return [next(answers) if isinstance(each, Sent) else each for each in sent]


def _sent(services: Services, posted: Posted) -> Sent | ProtocolError:
    try:
        caller = services.gate.member(posted.received)
        return Sent(caller=caller, envelopes=posted.envelopes(posted.received.body), address=posted.address)
    except ProtocolError as error:
        return error


def edge_of(request: Request) -> Edge:
    """The edge of the application that serves this request."""
    edge = request.app.state.edge
    assert isinstance(edge, Edge)  # noqa: S101 - the factory put it there
    return edge


async def receive(request: Request) -> Received:
    """The request as its bytes came."""
    return Received(
        method=request.method,
        raw_path=request.scope.get("raw_path") or request.scope["path"].encode(),
        query=request.scope["query_string"],
        headers=request.headers,
        body=await request.body(),
    )


def require_media(request: Request, media: str) -> None:
    """Refuse a body announced as something else. Raises: MediaTypeError."""
    if request.headers.get("content-type", "") != media:
        raise MediaTypeError(expected=media)


def answer(view: object, status: int = HTTPStatus.OK) -> Response:
    """A view as JSON."""
    return answer_json(json.dumps(encode(view), separators=(",", ":")).encode(), status)


def answer_json(content: bytes, status: int = HTTPStatus.OK) -> Response:
    """JSON that was put together already."""
    return Response(content, int(status), media_type=JSON, headers={"Cache-Control": NO_STORE})


def answer_file(request: Request, content: bytes, *, digest: str, media: str, cache: str) -> Response:
    """A file under its digest as ETag; 304 where the caller has it."""
    tag = f'"{digest}"'
    headers = {"ETag": tag, "Cache-Control": cache}
    known = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    if tag in known or "*" in known:
        return Response(status_code=int(HTTPStatus.NOT_MODIFIED), headers=headers)
    return Response(content, media_type=media, headers=headers)


def created(*, is_new: bool) -> int:
    """201 for something new, 200 for the same again."""
    return HTTPStatus.CREATED if is_new else HTTPStatus.OK
