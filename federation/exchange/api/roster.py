"""Roster routes: plain TUF files that any web server may mirror, and where stewards stage new ones.

PUT /v1/roster/staged   {metadata: [base64], targets: {name: base64}} -> 200 {root, targets, suspensions, ...}
GET /roster/...         N.root.json, N.targets.json, N.suspensions.json, N.snapshot.json, timestamp.json,
                        targets/<sha256>.members.json ...
"""

import base64
import binascii
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from federation.exchange.api.edge import IMMUTABLE, JSON, answer, answer_file, edge_of
from federation.exchange.domain.errors import RosterError
from federation.exchange.domain.publication import Bundle
from federation.exchange.domain.roster import Versions
from protocol.documents import Document

STAGED_BYTES = 16_000_000
MOST_METADATA = 16
FOUNDING_HEADER = "mentorweave-founding"
TIMESTAMP = "timestamp.json"

router = APIRouter()


class StagedBody(Document):
    """Files in base64."""

    metadata: Annotated[tuple[str, ...], Field(max_length=MOST_METADATA)]
    targets: dict[str, str] = Field(default_factory=dict)

    def bundle(self) -> Bundle:
        """The files. Raises: RosterError."""
        return Bundle(
            metadata=tuple(_decoded(text) for text in self.metadata),
            targets={name: _decoded(text) for name, text in self.targets.items()},
        )


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise RosterError(reason="base64") from error


@router.put("/v1/roster/staged", response_model=None)
async def stage(request: Request) -> Response:
    """Publish files that hold against the trusted root."""
    edge, body = edge_of(request), await request.body()
    token = request.headers.get(FOUNDING_HEADER)

    def verb() -> Versions:
        bundle = StagedBody.parse(body, limit=STAGED_BYTES).bundle()
        return edge.services.publish_roster(bundle, token)

    return answer(await edge.call(verb))


@router.get("/roster/{name:path}", response_model=None)
async def get_file(request: Request, name: str) -> Response:
    """One published file."""
    edge = edge_of(request)
    content, digest = await edge.call(lambda: edge.services.read_roster_file(name))
    cache = "no-cache" if name == TIMESTAMP else IMMUTABLE
    return answer_file(request, content, digest=digest, media=JSON, cache=cache)
