"""The exchange over HTTP: every request signed (RFC 9421), one event loop and one client for a whole round."""

from __future__ import annotations

import json
import secrets
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from threading import Event
from typing import TYPE_CHECKING, TypeVar

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal

from federation.ground.hop import sign_request
from federation.membership.http_letters import Answer, Handing
from federation.membership.relay import (
    PAGE_LIMIT,
    BoardOverview,
    HopKeys,
    IndexEntry,
    JoinProgress,
    Outcome,
    OutcomeClass,
    Outgoing,
    Page,
    Relay,
    RelayError,
    RelayFactory,
)
from federation.membership.wire import WireAcknowledged, WireBoard, WireIndex, WireJoin, WirePage, WireTime
from protocol.documents import Document, from_moment
from protocol.errors import ProtocolError
from protocol.ids import Digest, JoinId, MessageId, NodeId
from protocol.parsing import parse_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from datetime import datetime

    from federation.ground.clock import Clock
    from protocol.keys import SigningKey
    from protocol.needs import BoardKind

ANSWER_LIMIT = 8 * 1024 * 1024
_JOSE = "application/jose"
_JSON = "application/json"
_BOARD = "application/octet-stream"
_NONCE_BYTES = 18
_MAX_RETRY_DIGITS = 6

Read = TypeVar("Read", bound=Document)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    method: str
    path: str
    body: bytes = b""
    media: str | None = None
    key: SigningKey


def http_relays(connect: Callable[[], httpx.AsyncClient], clock: Clock) -> RelayFactory:
    """How a program reaches exchanges: `connect` opens a client for one round."""

    @contextmanager
    def converse(url: str, keys: HopKeys) -> Iterator[Relay]:
        with start_blocking_portal() as portal, portal.wrap_async_context_manager(connect()) as client:
            yield HttpRelay(portal=portal, client=client, url=url.rstrip("/"), keys=keys, clock=clock)

    return converse


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRelay(Relay):
    """The exchange at one address."""

    portal: BlockingPortal
    client: httpx.AsyncClient
    url: str
    keys: HopKeys
    clock: Clock
    over: Event = field(default_factory=Event)
    only_singly: Event = field(default_factory=Event)
    waiting: set[Future[httpx.Response | Outcome]] = field(default_factory=set)

    def put_envelopes(self, threads: Sequence[Sequence[Outgoing]]) -> Mapping[MessageId, Outcome]:
        """See the port."""
        return self.portal.call(Handing(ask=self._ask, only_singly=self.only_singly).all, threads)

    def mailbox(self, after: int | None, *, wait: int = 0) -> Page:
        """See the port."""
        query = f"?limit={PAGE_LIMIT}" if after is None else f"?after={after}&limit={PAGE_LIMIT}"
        path = "/v1/mailbox" + query + (f"&wait={wait}" if wait else "")
        request = _Request(method="GET", path=path, key=self.keys.signing)
        found = self._read(self._checked(self._waited(request) if wait else self._asked(request)), WirePage)
        return Page(tuple(item.item for item in found.items), found.more)

    def hang_up(self) -> None:
        """See the port."""
        self.over.set()
        for waiting in tuple(self.waiting):
            waiting.cancel()

    def acknowledge(self, receipts: Sequence[bytes], discard: Sequence[str]) -> None:
        """See the port."""
        self._done(self._acknowledging(receipts, discard, ""))

    def acknowledge_and_wait(
        self, receipts: Sequence[bytes], discard: Sequence[str], after: int | None, *, wait: int
    ) -> Page | None:
        """See the port."""
        query = f"?wait={wait}" if after is None else f"?after={after}&wait={wait}"
        answer = self._checked(self._waited(self._acknowledging(receipts, discard, query)))
        found = self._read(answer, WireAcknowledged)
        return None if found.items is None else Page(tuple(item.item for item in found.items), found.more)

    def put_statement(self, node: NodeId, version: int, token: bytes) -> None:
        """See the port."""
        self._done(
            _Request(method="PUT", path=f"/v1/keys/{node}/{version}", body=token, media=_JOSE, key=self.keys.identity)
        )

    def get_statement(self, node: NodeId, version: int | None) -> bytes | None:
        """See the port."""
        return self._optional(f"/v1/keys/{node}" if version is None else f"/v1/keys/{node}/{version}")

    def put_summary(self, node: NodeId, digest: Digest, token: bytes) -> None:
        """See the port."""
        self._done(self._signing("PUT", f"/v1/summaries/{node}/{digest}", token, _JOSE))

    def summary_index(self) -> tuple[IndexEntry, ...]:
        """See the port."""
        found = self._read(self._get("/v1/summaries/index"), WireIndex)
        return tuple(
            IndexEntry(node=NodeId(entry.node), seq=entry.seq, digest=Digest(entry.sha256)) for entry in found.summaries
        )

    def get_summary(self, node: NodeId, digest: Digest) -> bytes | None:
        """See the port."""
        return self._optional(f"/v1/summaries/{node}/{digest}")

    def board(self, kind: BoardKind) -> BoardOverview:
        """See the port."""
        found = self._read(self._get(f"/v1/{kind.value}"), WireBoard)
        return BoardOverview(open=found.open, closes_at=found.closes_at, released=found.released)

    def put_upload(self, kind: BoardKind, batch: str, upload: str, sealed: bytes) -> None:
        """See the port."""
        self._done(self._signing("PUT", f"/v1/{kind.value}/{batch}/{upload}", sealed, _BOARD))

    def get_batch(self, kind: BoardKind, batch: str) -> bytes | None:
        """See the port."""
        return self._optional(f"/v1/{kind.value}/{batch}")

    def put_attestation(self, quarter: str, token: bytes) -> None:
        """See the port."""
        self._done(self._signing("PUT", f"/v1/attestations/{quarter}", token, _JOSE))

    def time(self) -> datetime:
        """See the port."""
        return from_moment(self._read(self._get("/v1/time"), WireTime).unix)

    def ask_to_join(self, token: bytes) -> None:
        """See the port."""
        self._done(_Request(method="POST", path="/v1/join", body=token, media=_JOSE, key=self.keys.identity))

    def join_progress(self, join: JoinId) -> JoinProgress:
        """See the port."""
        answer = self._done(_Request(method="GET", path=f"/v1/join/{join}", key=self.keys.identity))
        found = self._read(answer, WireJoin)
        return JoinProgress(
            state=found.state, challenge=None if found.challenge is None else found.challenge.encode("ascii", "replace")
        )

    def answer_join(self, join: JoinId, token: bytes) -> None:
        """See the port."""
        path = f"/v1/join/{join}/answer"
        self._done(_Request(method="POST", path=path, body=token, media=_JOSE, key=self.keys.identity))

    def _signing(self, method: str, path: str, body: bytes, media: str) -> _Request:
        return _Request(method=method, path=path, body=body, media=media, key=self.keys.signing)

    def _acknowledging(self, receipts: Sequence[bytes], discard: Sequence[str], query: str) -> _Request:
        content = {"receipts": [receipt.decode("ascii") for receipt in receipts], "discard": list(discard)}
        return self._signing("POST", f"/v1/mailbox/ack{query}", json.dumps(content).encode(), _JSON)

    def _get(self, path: str) -> httpx.Response:
        return self._done(_Request(method="GET", path=path, key=self.keys.signing))

    def _optional(self, path: str) -> bytes | None:
        try:
            return self._get(path).content
        except RelayError as error:
            if error.outcome.status == HTTPStatus.NOT_FOUND:
                return None
            raise

    def _asked(self, request: _Request) -> httpx.Response | Outcome:
        return self.portal.call(self._send, request)

    def _waited(self, request: _Request) -> httpx.Response | Outcome:
        if self.over.is_set():
            return Outcome(status=0, problem="hung-up")
        answer = self.portal.start_task_soon(self._send, request)
        self.waiting.add(answer)
        if self.over.is_set():  # looked at again: whoever hangs up meanwhile finds it among those that wait
            answer.cancel()
        try:
            return answer.result()
        except CancelledError:
            return Outcome(status=0, problem="hung-up")
        finally:
            self.waiting.discard(answer)

    def _done(self, request: _Request) -> httpx.Response:
        return self._checked(self._asked(request))

    def _checked(self, found: httpx.Response | Outcome) -> httpx.Response:
        if isinstance(found, Outcome):
            raise RelayError(found)
        outcome = _outcome(found)
        if outcome.kind is not OutcomeClass.DONE:
            raise RelayError(outcome)
        return found

    def _read(self, response: httpx.Response, kind: type[Read]) -> Read:
        try:
            return kind.parse(response.content, limit=ANSWER_LIMIT)
        except ProtocolError as error:
            raise RelayError(Outcome(status=0, problem="answer-unreadable")) from error

    async def _send(self, wanted: _Request) -> httpx.Response | Outcome:
        headers = {} if wanted.media is None else {"content-type": wanted.media}
        request = self.client.build_request(
            wanted.method, self.url + wanted.path, content=wanted.body or None, headers=headers
        )
        sign_request(
            request,
            key_id=wanted.key.key_id,
            private_key=wanted.key.private,
            now=self.clock.now(),
            nonce=secrets.token_urlsafe(_NONCE_BYTES),
        )
        try:
            return await self.client.send(request)
        except httpx.HTTPError as error:
            return Outcome(status=0, problem=type(error).__name__)

    async def _ask(self, method: str, path: str, body: bytes, media: str) -> Answer:
        found = await self._send(self._signing(method, path, body, media))
        return Answer(found) if isinstance(found, Outcome) else Answer(_outcome(found), found.content)


def _outcome(response: httpx.Response) -> Outcome:
    after = response.headers.get("retry-after", "")
    seconds = int(after) if after.isascii() and after.isdigit() and len(after) <= _MAX_RETRY_DIGITS else None
    return Outcome(
        status=response.status_code,
        problem="" if response.is_success else _problem(response),
        retry_after=None if seconds is None else timedelta(seconds=seconds),
    )


def _problem(response: httpx.Response) -> str:
    try:
        code = str(parse_object(response.content, limit=ANSWER_LIMIT).get("code", ""))
    except ProtocolError:
        return ""
    # What a stranger wrote is shown to people: only the shape of a code passes.
    return code if code.replace("-", "").isalnum() and code.isascii() and len(code) <= 60 else ""  # noqa: PLR2004 - longer than any code of ours
