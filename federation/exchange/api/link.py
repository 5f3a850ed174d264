"""Routes of a board alone, for its one relay. No node ever speaks to them.

POST /v1/board/{needs|offers}          one upload without its origin -> 200 {}
GET  /v1/board/{needs|offers}          {open, closes_at, released: [batch, newest first]}
GET  /v1/board/{needs|offers}/{batch}  JWS of the whole batch, signed by the board
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from federation.exchange.api.edge import JOSE, JSON, answer_json, receive, require_media
from federation.exchange.bootstrap import BoardServices
from federation.exchange.domain.link import HANDED_BYTES, PATH, Handed, ShownView
from protocol.hop import VerifiedHop
from protocol.needs import BoardKind

router = APIRouter()

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Door:
    """The services of this process, and how many of their calls run at once."""

    services: BoardServices
    limiter: CapacityLimiter

    async def call(self, verb: Callable[[], T]) -> T:
        """Run `verb` in a thread."""
        return await to_thread.run_sync(verb, limiter=self.limiter)

    async def as_relay(self, request: Request, verb: Callable[[VerifiedHop, bytes], T]) -> T:
        """Run `verb` for the relay, which signed the request, with the body."""
        received = await receive(request)
        return await self.call(lambda: verb(self.services.gate(received), received.body))


@router.post(PATH + "/{kind}", response_model=None)
async def take_upload(request: Request, kind: BoardKind) -> Response:
    """Take what the relay hands over."""
    door = door_of(request)
    require_media(request, JSON)

    def verb(hop: VerifiedHop, body: bytes) -> None:
        upload = Handed.parse(body, limit=HANDED_BYTES).read()
        door.services.serve_relay.take(hop, kind, upload)

    await door.as_relay(request, verb)
    return answer_json(b"{}")


@router.get(PATH + "/{kind}", response_model=None)
async def show_view(request: Request, kind: BoardKind) -> Response:
    """Which batch is open, and which were released."""
    door = door_of(request)
    view = await door.as_relay(request, lambda hop, _body: door.services.serve_relay.view(hop, kind))
    return answer_json(ShownView.of(view).encode())


@router.get(PATH + "/{kind}/{batch}", response_model=None)
async def show_batch(request: Request, kind: BoardKind, batch: str) -> Response:
    """One released batch."""
    door = door_of(request)
    token = await door.as_relay(request, lambda hop, _body: door.services.serve_relay.batch(hop, kind, batch))
    return Response(token, media_type=JOSE)


@router.get("/healthz", response_model=None)
async def is_alive() -> Response:
    """Whether the process answers."""
    return answer_json(b'{"status": "alive"}')


@router.get("/readyz", response_model=None)
async def is_ready(request: Request) -> Response:
    """Whether the board can do its work."""
    door = door_of(request)
    await door.call(door.services.read_status.ready)
    return answer_json(b'{"status": "ready"}')


def door_of(request: Request) -> Door:
    """The door of the application that serves this request."""
    door = request.app.state.door
    assert isinstance(door, Door)  # noqa: S101 - the factory put it there
    return door
