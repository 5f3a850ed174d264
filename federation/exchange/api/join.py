"""Joining routes. Who knows the id of a join code may look; every step is signed by whom it concerns.

POST /v1/join                 JWS join request, hop signed by the identity key it carries -> 201 / 200 view
GET  /v1/join/{id}            view: {state, request, challenge, answer}
POST /v1/join/{id}/challenge  JWS by an admissions key -> view
POST /v1/join/{id}/answer     JWS, hop signed by the identity key -> view
POST /v1/join/{id}/refuse     JWS by an admissions key -> view
"""

import re

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from federation.exchange.api.edge import answer, created, edge_of, receive
from federation.exchange.services.join import JoinView
from protocol.ids import UUID7_PATTERN, IdError, JoinId

router = APIRouter()


def _join_id(text: str) -> JoinId:
    if re.fullmatch(UUID7_PATTERN, text) is None:
        raise IdError(kind="join")
    return JoinId(text)


@router.post("/v1/join", response_model=None)
async def ask(request: Request) -> Response:
    """Take a request to join."""
    edge, received = edge_of(request), await receive(request)
    joinings, gate = edge.services.joinings, edge.services.gate

    def verb() -> tuple[JoinView, bool]:
        asker = joinings.asker(received.body)
        return joinings.ask(gate.asker(received, asker.node, asker.identity), received.body)

    view, is_new = await edge.call(verb)
    return answer(view, created(is_new=is_new))


@router.get("/v1/join/{join}", response_model=None)
async def look(request: Request, join: str) -> Response:
    """Where a joining stands."""
    edge, join_id = edge_of(request), _join_id(join)
    return answer(await edge.call(lambda: edge.services.joinings.look(join_id)))


@router.post("/v1/join/{join}/challenge", response_model=None)
async def challenge(request: Request, join: str) -> Response:
    """Take a steward's challenge."""
    edge, join_id, body = edge_of(request), _join_id(join), await request.body()
    return answer(await edge.call(lambda: edge.services.joinings.challenge(join_id, body)))


@router.post("/v1/join/{join}/answer", response_model=None)
async def take_answer(request: Request, join: str) -> Response:
    """Take the asker's answer."""
    edge, join_id, received = edge_of(request), _join_id(join), await receive(request)
    joinings, gate = edge.services.joinings, edge.services.gate

    def verb() -> JoinView:
        asker = joinings.who(join_id)
        return joinings.answer(gate.asker(received, asker.node, asker.identity), join_id, received.body)

    return answer(await edge.call(verb))


@router.post("/v1/join/{join}/refuse", response_model=None)
async def refuse(request: Request, join: str) -> Response:
    """Take a steward's no."""
    edge, join_id, body = edge_of(request), _join_id(join), await request.body()
    return answer(await edge.call(lambda: edge.services.joinings.refuse(join_id, body)))
