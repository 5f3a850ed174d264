"""Driving an ASGI application message by message, the way a server would, without a socket."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

import anyio
from starlette.types import ASGIApp, Message, Scope

Headers = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Exchange:
    """One request as the server saw it: what was sent, how much the application read, what it answered."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    chunks_read: int = 0

    def problem(self) -> dict[str, object]:
        """Return the answer as a problem document."""
        assert self.headers["content-type"] == "application/problem+json"
        document = json.loads(self.body)
        assert isinstance(document, dict)
        assert document["status"] == self.status
        return document


def http_scope(method: str, path: str, headers: Headers = (), query: str = "") -> Scope:
    """Return the scope of one HTTP request."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
        "client": ("192.0.2.1", 4000),
        "server": ("exchange.example", 443),
    }


async def drive(
    app: ASGIApp,
    method: str,
    path: str,
    *,
    headers: Headers = (),
    chunks: Iterable[bytes] = (),
    query: str = "",
    stall: bool = False,
) -> Exchange:
    """Run one request whose body arrives in `chunks`; with `stall` the last one never comes."""
    exchange = Exchange()
    waiting = list(chunks)
    parts = iter([*waiting] or [b""])
    last = max(len(waiting), 1)

    async def receive() -> Message:
        part = next(parts, None)
        if part is None:
            await anyio.sleep_forever()  # a server says nothing more until the peer hangs up
        exchange.chunks_read += 1
        return {"type": "http.request", "body": part, "more_body": stall or exchange.chunks_read < last}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            exchange.status = message["status"]
            exchange.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            exchange.body += message.get("body", b"")

    await app(http_scope(method, path, headers, query), receive, send)
    return exchange
