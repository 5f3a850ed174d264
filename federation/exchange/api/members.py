"""Routes for what members publish: key statements, summaries, attestations.

PUT /v1/keys/{node}/{version}         JWS, signed hop by the identity key -> 201 / 200 {}
GET /v1/keys/{node}[/{version}]       JWS, ETag
PUT /v1/summaries/{node}/{sha256}     JWS                                 -> 201 / 200 {}
GET /v1/summaries/{node}/{sha256}     JWS, ETag
GET /v1/summaries/index               {summaries: [{node, sha256, seq, key_version, expires_at}]}, ETag
PUT /v1/attestations/{quarter}        JWS                                 -> 200 {}
"""

import json
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from federation.exchange.api.edge import (
    JOSE,
    JSON,
    PRIVATE_IMMUTABLE,
    answer_file,
    answer_json,
    created,
    edge_of,
)
from federation.exchange.domain.caller import Caller
from protocol.documents import to_moment
from protocol.ids import parse_digest, parse_node_id, sha256_hex
from protocol.parsing import MAX_INTEGER

router = APIRouter()

VersionPath = Annotated[int, Path(ge=1, le=MAX_INTEGER)]
QuarterPath = Annotated[str, Path(pattern=r"^[0-9]{4}-Q[1-4]$")]
_REVALIDATE = "private, no-cache"


@router.put("/v1/keys/{node}/{version}", response_model=None)
async def put_keys(request: Request, node: str, version: VersionPath) -> Response:
    """Publish the next key statement."""
    edge, owner = edge_of(request), parse_node_id(node)

    def verb(caller: Caller, body: bytes) -> bool:
        return edge.services.publish_keys(caller, owner, version, body)

    return answer_json(b"{}", created(is_new=await edge.as_owner(request, verb)))


@router.get("/v1/keys/{node}", response_model=None)
async def get_newest_keys(request: Request, node: str) -> Response:
    """The newest key statement."""
    return await _keys(request, node, None)


@router.get("/v1/keys/{node}/{version}", response_model=None)
async def get_keys(request: Request, node: str, version: VersionPath) -> Response:
    """One key statement."""
    return await _keys(request, node, version)


async def _keys(request: Request, node: str, version: int | None) -> Response:
    edge, owner = edge_of(request), parse_node_id(node)

    def verb(caller: Caller, _body: bytes) -> tuple[bytes, str]:
        return edge.services.read_keys(caller, owner, version)

    token, digest = await edge.as_owner(request, verb)
    cache = _REVALIDATE if version is None else PRIVATE_IMMUTABLE
    return answer_file(request, token, digest=digest, media=JOSE, cache=cache)


@router.get("/v1/summaries/index", response_model=None)
async def get_index(request: Request) -> Response:
    """Which summary of every active member is the newest."""
    edge = edge_of(request)

    def verb(caller: Caller, _body: bytes) -> bytes:
        entries = [
            {
                "node": summary.node,
                "sha256": summary.digest,
                "seq": summary.position.seq,
                "key_version": summary.position.key_version,
                "expires_at": to_moment(summary.expires_at),
            }
            for summary in edge.services.read_summaries.index(caller)
        ]
        return json.dumps({"summaries": entries}).encode()

    content = await edge.as_member(request, verb)
    return answer_file(request, content, digest=sha256_hex(content), media=JSON, cache=_REVALIDATE)


@router.put("/v1/summaries/{node}/{digest}", response_model=None)
async def put_summary(request: Request, node: str, digest: str) -> Response:
    """Publish a summary."""
    edge, owner, name = edge_of(request), parse_node_id(node), parse_digest(digest)

    def verb(caller: Caller, body: bytes) -> bool:
        return edge.services.publish_summary(caller, owner, name, body)

    return answer_json(b"{}", created(is_new=await edge.as_member(request, verb)))


@router.get("/v1/summaries/{node}/{digest}", response_model=None)
async def get_summary(request: Request, node: str, digest: str) -> Response:
    """One summary."""
    edge, owner, name = edge_of(request), parse_node_id(node), parse_digest(digest)

    def verb(caller: Caller, _body: bytes) -> bytes:
        return edge.services.read_summaries.one(caller, owner, name)

    token = await edge.as_member(request, verb)
    return answer_file(request, token, digest=name, media=JOSE, cache=PRIVATE_IMMUTABLE)


@router.put("/v1/attestations/{quarter}", response_model=None)
async def put_attestation(request: Request, quarter: QuarterPath) -> Response:
    """Attest how many mentees wait."""
    edge = edge_of(request)

    def verb(caller: Caller, body: bytes) -> None:
        edge.services.attest(caller, quarter, body)

    await edge.as_member(request, verb)
    return answer_json(b"{}")
