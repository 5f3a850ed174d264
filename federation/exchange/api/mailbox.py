"""Mailbox routes.

PUT  /v1/mailbox/{to}/{id}            raw envelope        -> 201 new, 200 same bytes: {id, digest, accepted_at}
POST /v1/mailbox/send                 {envelopes}         -> {results: [{status, ...}]}, each as it would be alone
GET  /v1/mailbox?after=&wait=&limit=  long poll           -> {items: [{cursor, kind, id, from, data}], more}
POST /v1/mailbox/ack?after=&wait=     {receipts, discard} -> {acknowledged, unknown}, with `wait` also {items, more}
"""

import base64
import json
from collections.abc import Callable
from functools import partial
from typing import Annotated

from anyio import current_time
from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from federation.exchange.api.edge import JSON, Edge, answer, answer_json, created, edge_of, receive, require_media
from federation.exchange.domain.caller import Caller
from federation.exchange.domain.mailbox import PAGE_ITEMS, Acceptance, Acknowledgement, Page
from federation.ground.writing import Json
from protocol.documents import Document, FieldError, to_moment
from protocol.envelope import MEDIA_TYPE
from protocol.errors import ProtocolError
from protocol.ids import parse_message_id, parse_node_id
from protocol.parsing import MAX_INTEGER

WAIT_SECONDS = 25
ACK_BYTES = 1_000_000
SEND_BYTES = 1_500_000

router = APIRouter()

Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,6000}$")]
ItemId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class SendBody(Document):
    """Several envelopes, in base64."""

    envelopes: Annotated[tuple[str, ...], Field(min_length=1, max_length=PAGE_ITEMS)]

    @property
    def raws(self) -> list[bytes]:
        """The envelopes themselves. Raises: FieldError."""
        try:
            return [base64.b64decode(text, validate=True) for text in self.envelopes]
        except ValueError as error:
            raise FieldError(field="envelopes", reason="base64") from error


class AckBody(Document):
    """What a member acknowledges."""

    receipts: Annotated[tuple[Token, ...], Field(max_length=PAGE_ITEMS)] = ()
    discard: Annotated[tuple[ItemId, ...], Field(max_length=PAGE_ITEMS)] = ()


@router.put("/v1/mailbox/{to}/{message}", response_model=None)
async def put_envelope(request: Request, to: str, message: str) -> Response:
    """Take a sealed letter."""
    require_media(request, MEDIA_TYPE)
    node, message_id = parse_node_id(to), parse_message_id(message)
    (taken,) = await edge_of(request).take_in(request, lambda body: [body], (node, message_id))
    if isinstance(taken, ProtocolError):
        raise taken
    return answer_json(json.dumps(_acceptance(taken)).encode(), created(is_new=taken.is_new))


@router.post("/v1/mailbox/send", response_model=None)
async def send_envelopes(request: Request) -> Response:
    """Take several sealed letters; each gets the answer it would have got alone."""
    require_media(request, JSON)
    found = await edge_of(request).take_in(request, lambda body: SendBody.parse(body, limit=SEND_BYTES).raws)
    results = [_refusal(each) if isinstance(each, ProtocolError) else _result(each) for each in found]
    return answer_json(json.dumps({"results": results}).encode())


def _acceptance(taken: Acceptance) -> dict[str, str | int]:
    return {"id": taken.id, "digest": taken.digest, "accepted_at": to_moment(taken.accepted_at)}


def _result(taken: Acceptance) -> dict[str, str | int]:
    return {"status": int(created(is_new=taken.is_new)), **_acceptance(taken)}


def _refusal(error: ProtocolError) -> dict[str, str | int]:
    later = {name: value for name, value in error.params.items() if name == "retry_after"}
    return {"status": error.status, "code": error.code, **later}


@router.get("/v1/mailbox", response_model=None)
async def get_mailbox(
    request: Request,
    after: Annotated[int | None, Query(ge=0, le=MAX_INTEGER)] = None,
    wait: Annotated[int, Query(ge=0, le=WAIT_SECONDS)] = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE_ITEMS)] = PAGE_ITEMS,
) -> Response:
    """Read the caller's own mailbox; with `wait`, stay until something comes."""
    edge = edge_of(request)
    received = await receive(request)
    caller = await edge.call(lambda: edge.services.gate.member(received))
    read = edge.services.read_mailbox
    first, again = (partial(look, caller, after=after, limit=limit) for look in (read, read.again))
    behind = after if limit == PAGE_ITEMS else None
    return answer_json(json.dumps(_encoded(await _poll(edge, caller, first, again, behind, wait=wait))).encode())


async def _poll(
    edge: Edge, caller: Caller, first: Callable[[], Page], again: Callable[[], Page], after: int | None, *, wait: int
) -> Page:
    """The first page with something in it, or an empty one when the time is over.

    `after`: the cursor behind which any number of items is wanted, if they may be brought without looking.
    """
    wakeups = edge.services.wakeups
    with wakeups.waiting(caller.node, again, after) as bell:
        deadline = current_time() + wait
        page = await edge.call(first)
        while not page.items and (left := deadline - current_time()) > 0 and not wakeups.is_closing:
            await bell.wait(min(left, wakeups.second_look))
            brought = bell.brought()
            page = await edge.call(again) if brought is None else brought
    return page


def _encoded(page: Page) -> dict[str, Json]:
    items: list[Json] = [
        {
            "cursor": item.cursor,
            "kind": item.kind.value,
            "id": item.id,
            "from": item.sender,
            "data": base64.b64encode(item.body).decode("ascii"),
        }
        for item in page.items
    ]
    return {"items": items, "more": page.more}


@router.post("/v1/mailbox/ack", response_model=None)
async def acknowledge(
    request: Request,
    after: Annotated[int | None, Query(ge=0, le=MAX_INTEGER)] = None,
    wait: Annotated[int, Query(ge=0, le=WAIT_SECONDS)] = 0,
) -> Response:
    """Take receipts, and set aside what gets none; with `wait`, go on as a poll that begins now."""
    edge = edge_of(request)

    def verb(caller: Caller, body: bytes) -> tuple[Caller, Acknowledgement]:
        named = AckBody.parse(body, limit=ACK_BYTES)
        tokens = [token.encode() for token in named.receipts]
        return caller, edge.services.acknowledge(caller, tokens, named.discard)

    caller, acknowledged = await edge.as_member(request, verb)
    if not wait:
        return answer(acknowledged)
    look = partial(edge.services.read_mailbox.again, caller, after=after, limit=PAGE_ITEMS)
    page = await _poll(edge, caller, look, look, after, wait=wait)
    said = {"acknowledged": list(acknowledged.acknowledged), "unknown": list(acknowledged.unknown)}
    return answer_json(json.dumps(said | _encoded(page)).encode())
