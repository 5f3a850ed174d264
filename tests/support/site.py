"""A web server on the loopback, in a thread of the test, that answers whatever a test tells it to, right or wrong."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import takewhile


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it came over the wire; `path` as it was written, without the query."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. `chunks` are sent one after the other instead of the body, as they come."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    chunks: Callable[[], Iterator[bytes]] | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """Where it listens; `closing` is set when it stops, so that slow answers end."""

    url: str
    closing: threading.Event


@contextmanager
def serving(answer: Callable[[Asked], Answer]) -> Iterator[Site]:
    """Answer requests while the block runs."""
    closing = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body are two writes; the second would wait for the first's receipt

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            path, _, query = self.path.partition("?")
            asked = Asked(
                method=self.command,
                path=path,
                query=query,
                headers={name.lower(): value for name, value in self.headers.items()},
                body=body,
            )
            self._send(answer(asked))

        do_GET = do_PUT = do_POST = _serve  # noqa: N815 - the names the server asks for

        def _send(self, said: Answer) -> None:
            headers = {"content-length": str(len(said.body)), **said.headers}
            if said.chunks is not None:
                headers, self.close_connection = {"connection": "close", **said.headers}, True
            self.send_response(said.status)
            for name, value in headers.items():
                self.send_header(name, value)
            try:
                self.end_headers()
                self.wfile.write(said.body)
                for chunk in takewhile(lambda _: not closing.is_set(), said.chunks() if said.chunks else ()):
                    self.wfile.write(chunk)
            except OSError:
                self.close_connection = True  # the caller hung up, as it should

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_address[1]}", closing)
    finally:
        closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
