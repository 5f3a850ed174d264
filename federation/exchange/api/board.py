"""Need board routes.

PUT /v1/{needs|offers}/{batch}/{upload}  body sealed to the board -> 200 {} whatever becomes of it
GET /v1/{needs|offers}/{batch}           JWS of the whole batch, signed by the board, ETag
GET /v1/{needs|offers}                   {open, closes_at, released: [batch, newest first]}
"""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from federation.exchange.api.edge import JOSE, PRIVATE_IMMUTABLE, answer, answer_file, answer_json, edge_of
from federation.exchange.domain.board import BoardView
from federation.exchange.domain.caller import Caller
from protocol.ids import sha256_hex
from protocol.needs import BoardKind

router = APIRouter()

BatchPath = Annotated[str, Path(pattern=r"^[0-9]{4}-W[0-9]{2}(\.[0-9]{1,6})?$")]
UploadPath = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{16,64}$")]


@router.put("/v1/needs/{batch}/{upload}", response_model=None)
async def put_need(request: Request, batch: BatchPath, upload: UploadPath) -> Response:
    """Take a sealed card, or a sealed closing."""
    return await _put(request, BoardKind.NEEDS, batch, upload)


@router.put("/v1/offers/{batch}/{upload}", response_model=None)
async def put_offer(request: Request, batch: BatchPath, upload: UploadPath) -> Response:
    """Take a sealed offer."""
    return await _put(request, BoardKind.OFFERS, batch, upload)


@router.get("/v1/needs/{batch}", response_model=None)
async def get_needs(request: Request, batch: BatchPath) -> Response:
    """One batch of cards."""
    return await _batch(request, BoardKind.NEEDS, batch)


@router.get("/v1/offers/{batch}", response_model=None)
async def get_offers(request: Request, batch: BatchPath) -> Response:
    """One batch of offers."""
    return await _batch(request, BoardKind.OFFERS, batch)


@router.get("/v1/needs", response_model=None)
async def list_needs(request: Request) -> Response:
    """Which batch of cards is open, and which were released."""
    return await _overview(request, BoardKind.NEEDS)


@router.get("/v1/offers", response_model=None)
async def list_offers(request: Request) -> Response:
    """Which batch of offers is open, and which were released."""
    return await _overview(request, BoardKind.OFFERS)


async def _put(request: Request, kind: BoardKind, batch: str, upload: str) -> Response:
    edge = edge_of(request)

    def verb(caller: Caller, body: bytes) -> None:
        edge.services.hand_over(caller, kind, batch, upload, body)

    await edge.at_board(request, verb)
    return answer_json(b"{}")


async def _batch(request: Request, kind: BoardKind, batch: str) -> Response:
    edge = edge_of(request)

    def verb(caller: Caller, _body: bytes) -> bytes:
        return edge.services.read_board.batch(caller, kind, batch)

    token = await edge.at_board(request, verb)
    return answer_file(request, token, digest=sha256_hex(token), media=JOSE, cache=PRIVATE_IMMUTABLE)


async def _overview(request: Request, kind: BoardKind) -> Response:
    edge = edge_of(request)

    def verb(caller: Caller, _body: bytes) -> BoardView:
        return edge.services.read_board.overview(caller, kind)

    return answer(await edge.at_board(request, verb))
