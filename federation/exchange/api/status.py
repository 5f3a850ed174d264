"""What anybody may ask, unsigned.

GET /v1/time    {now, unix}
GET /v1/status  {releases: {oldest, newest}, protocol: {min, max}, roster: {root, ...}|null, board: {open, ...}|null}
GET /healthz    200 while the process lives;  GET /readyz  200, or 503 with what is missing
"""

import json

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from federation.exchange.api.edge import answer, answer_json, edge_of
from federation.ground.writing import encode
from protocol.documents import to_moment

router = APIRouter()


@router.get("/v1/time", response_model=None)
async def tell_time(request: Request) -> Response:
    """The service's own clock."""
    now = edge_of(request).services.read_status.now()
    return answer_json(json.dumps({"now": encode(now), "unix": to_moment(now)}).encode())


@router.get("/v1/status", response_model=None)
async def tell_status(request: Request) -> Response:
    """What is served here."""
    edge = edge_of(request)
    return answer(await edge.call_board(edge.services.read_status))


@router.get("/healthz", response_model=None)
async def is_alive() -> Response:
    """Whether the process answers."""
    return answer_json(b'{"status": "alive"}')


@router.get("/readyz", response_model=None)
async def is_ready(request: Request) -> Response:
    """Whether the service can do its work."""
    edge = edge_of(request)
    await edge.call(edge.services.read_status.ready)
    return answer_json(b'{"status": "ready"}')
