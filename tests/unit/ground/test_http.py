"""The client goes where it is sent and holds no more than it said it would."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import anyio
import httpx
import pytest
import respx

from federation.ground.http import EncodedResponseError, ResponseTooLargeError, ResponseTooSlowError, client

pytestmark = pytest.mark.anyio
URL = "https://exchange.example/v1/time"


class Endless(httpx.AsyncByteStream):
    """A peer that never stops talking, and counts how much was taken from it."""

    def __init__(self) -> None:
        self.sent = 0
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            self.sent += 10
            yield b"x" * 10

    async def aclose(self) -> None:
        self.closed = True


async def test_a_response_within_the_cap_arrives_whole() -> None:
    with respx.mock:
        respx.get(URL).respond(200, content=b"x" * 100)
        async with client(max_response_bytes=100) as http:
            assert (await http.get(URL)).content == b"x" * 100


async def test_a_response_above_the_cap_is_cut_while_it_streams_and_the_line_closed() -> None:
    peer = Endless()
    async with client(
        max_response_bytes=100, transport=httpx.MockTransport(lambda _: httpx.Response(200, stream=peer))
    ) as http:
        with pytest.raises(ResponseTooLargeError):
            await http.get(URL)

    assert (peer.sent, peer.closed) == (110, True)


class Dripping(httpx.AsyncByteStream):
    """A peer that sends a little at a time, for ever."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await anyio.sleep(0.01)
            yield b"x"


async def _never(_request: httpx.Request) -> httpx.Response:
    await anyio.sleep_forever()
    raise AssertionError


@pytest.mark.parametrize("peer", [lambda _: httpx.Response(200, stream=Dripping()), _never], ids=["body", "head"])
async def test_a_response_that_never_ends_is_left_after_a_while(peer: Callable[..., httpx.Response]) -> None:
    async with client(max_response_seconds=0.05, transport=httpx.MockTransport(peer)) as http:
        with pytest.raises(ResponseTooSlowError):
            await http.get(URL)


async def test_a_compressed_response_is_refused_before_it_can_swell() -> None:
    peer = Endless()
    coded = httpx.MockTransport(lambda _: httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=peer))
    async with client(transport=coded) as http:
        with pytest.raises(EncodedResponseError):
            await http.get(URL)

    assert (peer.sent, peer.closed) == (0, True)


async def test_no_coding_is_asked_for() -> None:
    with respx.mock:
        route = respx.get(URL).respond(200)
        async with client() as http:
            await http.get(URL)

    assert route.calls.last.request.headers["accept-encoding"] == "identity"


async def test_a_redirect_is_an_answer_and_not_an_order() -> None:
    with respx.mock:
        respx.get(URL).respond(302, headers={"Location": "http://169.254.169.254/"})
        async with client() as http:
            assert (await http.get(URL)).status_code == 302


async def test_the_environment_adds_neither_proxy_nor_credentials(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine exchange.example login a password b")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTPS_PROXY", "http://192.0.2.7:1")
    with respx.mock:
        route = respx.get(URL).respond(200)
        async with client() as http:
            await http.get(URL)

    assert "authorization" not in route.calls.last.request.headers


async def test_paths_are_joined_to_the_base_address() -> None:
    with respx.mock:
        route = respx.get(URL).respond(200)
        async with client(base_url="https://exchange.example") as http:
            await http.get("/v1/time")

    assert route.called


async def test_an_authority_of_ones_own_must_be_readable() -> None:
    with pytest.raises(FileNotFoundError):
        client(ca_file=Path("/nowhere/ca.pem"))
