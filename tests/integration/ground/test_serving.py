"""The middlewares, the client and the hop signature together, over a real server and real sockets."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx
import pytest
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI, Request

from federation.ground.hop import sign_request, target_uri, verify_request
from federation.ground.http import ResponseTooLargeError, client
from federation.ground.limits import BodyLimit, ConcurrencyLimit, PlainBodies
from federation.ground.problems import install_problem_handlers
from protocol.ids import KeyId
from tests.support.waiting import wait_until

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
KEY_ID = KeyId("k" * 43)
PUBLIC_URL = "https://exchange.example"


def application() -> FastAPI:
    app = FastAPI()
    install_problem_handlers(app)
    app.add_middleware(PlainBodies, prefixes=["/v1"])
    app.add_middleware(BodyLimit, default=1000, seconds=0.5)
    app.add_middleware(ConcurrencyLimit, limit=50)

    @app.put("/v1/{path:path}")
    async def put(request: Request, path: str) -> dict[str, str]:
        asked = target_uri(PUBLIC_URL, request.scope["raw_path"], request.scope["query_string"])
        hop = verify_request(
            "PUT",
            asked,
            request.headers,
            await request.body(),
            resolve_key=lambda _: KEY.public_key(),
            now=NOW,
        )
        return {"nonce": hop.nonce}

    @app.get("/large")
    def large() -> str:
        return "x" * 5000

    return app


@contextmanager
def served(app: FastAPI) -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            wait_until(lambda: server.started)
            yield int(listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(15)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with pytest.MonkeyPatch.context(), served(application()) as number:
        yield number


def talk(port: int, *parts: bytes) -> bytes:
    """Send the parts over one raw connection, as fast as they are taken, and return all that comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        answer = b""
        try:
            for part in parts:
                line.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server had enough and hung up: its answer is already on the way
        try:
            while piece := line.recv(65536):
                answer += piece
        except ConnectionResetError:
            pass
        return answer


def head(*lines: str) -> bytes:
    return "\r\n".join(("PUT /v1/x HTTP/1.1", "Host: exchange.example", *lines, "", "")).encode()


def test_an_endless_chunked_body_is_refused_and_the_line_closed(port: int) -> None:
    chunk = b"64\r\n" + b"x" * 100 + b"\r\n"

    answer = talk(port, head("Transfer-Encoding: chunked"), chunk * 12)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"body-too-large" in answer


def test_an_announced_giant_is_refused_before_its_first_byte(port: int) -> None:
    answer = talk(port, head("Content-Length: 99999999"))

    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_body_that_stops_half_way_is_given_up(port: int) -> None:
    answer = talk(port, head("Content-Length: 500"), b"x" * 10)

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"body-too-slow" in answer


def test_a_coded_body_is_refused(port: int) -> None:
    answer = talk(port, head("Content-Encoding: gzip", "Content-Length: 1", "Connection: close"), b"x")

    assert answer.startswith(b"HTTP/1.1 415 ")


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/v1/keys/abc", "/v1/a%2Fb?q=%C3%A9&x=1+2", "/v1/l%C3%A9g"])
async def test_a_request_signed_for_the_public_address_holds_behind_a_proxy(port: int, path: str) -> None:
    request = httpx.Request("PUT", PUBLIC_URL + path, content=b"{}", headers={"Content-Type": "application/json"})
    sign_request(request, key_id=KEY_ID, private_key=KEY, now=NOW, nonce="n" * 16)

    async with client() as http:
        behind = httpx.Request("PUT", f"http://127.0.0.1:{port}{path}", content=b"{}", headers=request.headers)
        answer = await http.send(behind)

    assert (answer.status_code, answer.json()) == (200, {"nonce": "n" * 16})


@pytest.mark.anyio
async def test_a_refused_signature_is_a_problem_that_names_the_servers_time(port: int) -> None:
    request = httpx.Request("PUT", f"{PUBLIC_URL}/v1/x")
    late = NOW.replace(year=2028)
    sign_request(request, key_id=KEY_ID, private_key=KEY, now=late, nonce="n" * 16)

    async with client() as http:
        answer = await http.put(f"http://127.0.0.1:{port}/v1/x", headers=request.headers)

    assert answer.status_code == 401
    assert answer.json()["params"]["server_time"] == "2027-03-01T12:00:00Z"


@pytest.mark.anyio
async def test_a_large_answer_is_cut_on_a_real_line(port: int) -> None:
    async with client(max_response_bytes=1000) as http:
        with pytest.raises(ResponseTooLargeError):
            await http.get(f"http://127.0.0.1:{port}/large")
