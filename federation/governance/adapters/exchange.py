"""What stewards ask of the exchange, over HTTP. Nothing here is trusted: what comes back is verified by the verbs."""

import base64
from collections.abc import Callable
from http import HTTPStatus

import anyio
import httpx

from federation.governance.domain.content import Bundle
from federation.governance.domain.errors import (
    ExchangeRefusedError,
    ExchangeUnreachableError,
)
from federation.governance.domain.join_errors import (
    JoinAbsentError,
)
from federation.governance.services.ports import Exchange, JoinProgress, JoinState
from protocol.canonical import canonicalise
from protocol.errors import ProtocolError
from protocol.ids import JoinId
from protocol.parsing import parse_object
from protocol.roster import MEMBERS, POLICY, SUSPENSIONS

_ANSWER_LIMIT = 1_000_000
_JOSE = "application/jose"


class HttpExchange(Exchange):
    """The exchange at one address. `connect` opens a client for one request."""

    def __init__(self, url: str, connect: Callable[[str], httpx.AsyncClient]) -> None:
        self._url = url.rstrip("/")
        self._connect = connect

    def publish(self, bundle: Bundle, founding_token: str | None) -> None:
        """See the port."""
        headers = {"content-type": "application/json"}
        if founding_token is not None:
            headers["mentorweave-founding"] = founding_token
        self._send("PUT", "/v1/roster/staged", _staged(bundle), headers)

    def join(self, join: JoinId) -> JoinProgress:
        """See the port."""
        response = self._send("GET", f"/v1/join/{join}", None, {})
        try:
            found = parse_object(response.content, limit=_ANSWER_LIMIT)
            answer = found.get("answer")
            return JoinProgress(
                state=JoinState(str(found["state"])),
                request=str(found["request"]).encode(),
                answer=None if answer is None else str(answer).encode(),
            )
        except (ProtocolError, KeyError, ValueError) as error:
            raise ExchangeRefusedError(reason="answer-unreadable") from error

    def challenge(self, join: JoinId, challenge: bytes) -> None:
        """See the port."""
        self._send("POST", f"/v1/join/{join}/challenge", challenge, {"content-type": _JOSE})

    def refuse(self, join: JoinId, refusal: bytes) -> None:
        """See the port."""
        self._send("POST", f"/v1/join/{join}/refuse", refusal, {"content-type": _JOSE})

    def _send(self, method: str, path: str, content: bytes | None, headers: dict[str, str]) -> httpx.Response:
        async def go() -> httpx.Response:
            async with self._connect(self._url) as client:
                return await client.request(method, self._url + path, content=content, headers=headers)

        try:
            response = anyio.run(go)
        except httpx.TransportError as error:
            raise ExchangeUnreachableError from error
        if response.is_success:
            return response
        if method == "GET" and response.status_code == HTTPStatus.NOT_FOUND:
            raise JoinAbsentError
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ExchangeUnreachableError(status=response.status_code)
        raise ExchangeRefusedError(status=response.status_code, reason=_problem_code(response))


def _problem_code(response: httpx.Response) -> str:
    try:
        code = parse_object(response.content, limit=_ANSWER_LIMIT).get("code", "")
    except ProtocolError:
        return ""
    return str(code)[:60]


def _staged(bundle: Bundle) -> bytes:
    files = ((MEMBERS, bundle.members_file), (POLICY, bundle.policy_file), (SUSPENSIONS, bundle.suspensions_file))
    metadata = (bundle.root, bundle.targets, bundle.suspensions)
    return canonicalise(
        {
            "metadata": [_base64(content) for content in metadata if content is not None],
            "targets": {name: _base64(content) for name, content in files if content is not None},
        }
    )


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
