"""The need board of another process, run by another steward: each request is signed with the key that board knows.

What the board refuses is refused in its words. Whatever else goes wrong between the two is one thing for a member:
the board cannot be reached, and the upload may come again.
"""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import anyio
import httpx
import structlog

from federation.exchange.domain.board import BoardView, Upload
from federation.exchange.domain.errors import BatchClosedError, BoardUnreachableError, NoSuchItemError, TakenError
from federation.exchange.domain.link import VIEW_BYTES, Handed, ShownView, place
from federation.exchange.services.ports.board import BoardKeeper
from federation.ground.clock import Clock
from federation.ground.hop import sign_request
from protocol.documents import CriticalFieldError, FieldError
from protocol.errors import ProtocolError
from protocol.keys import KeyFormError, SigningKey
from protocol.needs import BoardError, BoardKind
from protocol.parsing import (
    Base64Error,
    DepthError,
    DuplicateKeyError,
    JsonError,
    NumberError,
    TooLargeError,
    parse_object,
)
from protocol.sealing import PaddingError, UnsealError

JSON = "application/json"
RETRY_AFTER = 30
_NONCE_BYTES = 18
_KEPT = 4
_REFUSALS: dict[str, type[ProtocolError]] = {
    error.code: error
    for error in (
        *(BatchClosedError, NoSuchItemError, TakenError, BoardError, UnsealError, PaddingError, KeyFormError),
        *(FieldError, CriticalFieldError, TooLargeError, JsonError, DepthError, DuplicateKeyError, NumberError),
        Base64Error,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How old the board's word may be where nobody needs it fresh, and how long one that failed is left alone."""

    old_seconds: float = 5.0
    rest_seconds: float = 2.0


class DistantBoard(BoardKeeper):
    """Asks the board at `url`. What it released is kept in memory, never on disk: it is signed and does not change."""

    def __init__(
        self,
        url: str,
        key: SigningKey,
        clock: Clock,
        connect: Callable[[], httpx.AsyncClient],
        patience: Patience | None = None,
    ) -> None:
        self._url = url
        self._key = key
        self._clock = clock
        self._connect = connect
        self._patience = patience or Patience()
        self._rests_until = 0.0
        self._views: dict[BoardKind, tuple[float, BoardView]] = {}
        self._tokens: OrderedDict[tuple[BoardKind, str], bytes] = OrderedDict()

    def take(self, kind: BoardKind, upload: Upload) -> None:
        """See the port."""
        self._ask("POST", place(kind), Handed.of(upload).encode())

    def batch(self, kind: BoardKind, batch: str) -> bytes | None:
        """See the port."""
        kept = self._tokens.get((kind, batch))
        if kept is not None:
            return kept
        try:
            found = self._ask("GET", place(kind, batch))
        except NoSuchItemError:
            return None
        self._tokens[kind, batch] = found
        while len(self._tokens) > _KEPT:
            self._tokens.popitem(last=False)
        return found

    def view(self, kind: BoardKind, *, fresh: bool = True) -> BoardView:
        """See the port."""
        until, known = self._views.get(kind, (0.0, None))
        if known is not None and not fresh and time.monotonic() < until:
            return known
        answer = self._ask("GET", place(kind))
        try:
            view = ShownView.parse(answer, limit=VIEW_BYTES).read()
        except ProtocolError as error:
            raise self._failed("answer") from error
        self._views[kind] = (time.monotonic() + self._patience.old_seconds, view)
        return view

    def _ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        if time.monotonic() < self._rests_until:
            raise BoardUnreachableError(retry_after=RETRY_AFTER)
        try:
            response = anyio.run(self._send, method, path, body)
        except httpx.HTTPError as error:
            raise self._failed(type(error).__name__) from error
        if response.is_success:
            return response.content
        raise self._refusal(response)

    async def _send(self, method: str, path: str, body: bytes) -> httpx.Response:
        async with self._connect() as client:
            headers = {"content-type": JSON} if body else {}
            request = client.build_request(method, self._url + path, content=body or None, headers=headers)
            sign_request(
                request,
                key_id=self._key.key_id,
                private_key=self._key.private,
                now=self._clock.now(),
                nonce=secrets.token_urlsafe(_NONCE_BYTES),
            )
            return await client.send(request)

    def _refusal(self, response: httpx.Response) -> ProtocolError:
        try:
            problem = parse_object(response.content, limit=VIEW_BYTES)
        except ProtocolError:
            return self._failed(str(response.status_code))
        code, params = str(problem.get("code")), problem.get("params")
        refusal = _REFUSALS.get(code)
        if refusal is None or not isinstance(params, dict):
            return self._failed(code)
        return refusal(**{name: value for name, value in params.items() if isinstance(value, str | int)})

    def _failed(self, reason: str) -> BoardUnreachableError:
        self._rests_until = time.monotonic() + self._patience.rest_seconds
        structlog.get_logger(__name__).warning("board-unreachable", error=reason)
        return BoardUnreachableError(retry_after=RETRY_AFTER)
