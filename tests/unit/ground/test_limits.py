"""Limits kept while bytes arrive: size, time, coding, and how many at once."""

from collections.abc import Iterator
from typing import Annotated

import anyio
import pytest
from fastapi import Body, FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from federation.ground.limits import BodyLimit, ConcurrencyLimit, PlainBodies
from federation.ground.problems import install_problem_handlers
from tests.support.asgi import drive

pytestmark = pytest.mark.anyio


async def echo_size(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


def endless() -> Iterator[bytes]:
    return iter([b"x" * 10] * 1000)


async def test_a_body_within_its_cap_arrives_whole() -> None:
    answer = await drive(BodyLimit(echo_size, default=100), "PUT", "/x", chunks=[b"x" * 60, b"x" * 40])

    assert (answer.status, answer.body) == (200, b"100")


async def test_an_announced_body_above_the_cap_is_refused_without_reading_any_of_it() -> None:
    answer = await drive(
        BodyLimit(echo_size, default=100), "PUT", "/x", headers=(("Content-Length", "101"),), chunks=[b"x" * 101]
    )

    assert answer.problem()["type"] == "https://mentorweave.example/problems/body-too-large"
    assert (answer.status, answer.chunks_read, answer.problem()["limit"]) == (413, 0, 100)
    assert answer.headers["connection"] == "close"


async def test_a_body_without_a_length_is_refused_at_the_first_chunk_above_the_cap() -> None:
    answer = await drive(BodyLimit(echo_size, default=100), "PUT", "/x", chunks=endless())

    assert (answer.status, answer.chunks_read) == (413, 11)


async def test_a_length_that_lies_low_does_not_open_the_door() -> None:
    answer = await drive(
        BodyLimit(echo_size, default=100), "PUT", "/x", headers=(("Content-Length", "5"),), chunks=endless()
    )

    assert (answer.status, answer.chunks_read) == (413, 11)


@pytest.mark.parametrize(
    ("path", "cap"), [("/a", 20), ("/a/b", 50), ("/a/b/c", 50), ("/ab", 100), ("/a/bc", 20), ("/", 100)]
)
async def test_the_longest_prefix_that_fits_decides_the_cap(path: str, cap: int) -> None:
    app = BodyLimit(echo_size, default=100, caps={"/a": 20, "/a/b": 50})

    assert (await drive(app, "PUT", path, chunks=[b"x" * cap])).status == 200
    assert (await drive(app, "PUT", path, chunks=[b"x" * (cap + 1)])).status == 413


async def test_a_body_that_takes_too_long_in_all_is_refused() -> None:
    app = BodyLimit(echo_size, default=100, seconds=0.05)

    answer = await drive(app, "PUT", "/x", chunks=[b"x"], stall=True)

    assert answer.status == 408
    assert answer.problem()["type"] == "https://mentorweave.example/problems/body-too-slow"


async def test_the_time_for_the_body_says_nothing_about_a_long_answer() -> None:
    async def long_poll(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        with anyio.move_on_after(0.1):
            await receive()
            await receive()
        await Response(status_code=204)(scope, receive, send)

    app = BodyLimit(long_poll, default=100, seconds=0.05)

    assert (await drive(app, "GET", "/x")).status == 204


async def test_a_framework_that_reads_the_body_itself_cannot_soften_the_refusal() -> None:
    app = FastAPI()
    install_problem_handlers(app)

    @app.put("/x")
    def put(word: Annotated[str, Body()]) -> str:
        return word

    answer = await drive(
        BodyLimit(app, default=100), "PUT", "/x", headers=(("Content-Type", "application/json"),), chunks=endless()
    )

    assert answer.status == 413


async def test_an_answer_that_had_begun_is_not_answered_twice() -> None:
    async def hasty(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await echo_size(scope, receive, send)

    answer = await drive(BodyLimit(hasty, default=100), "PUT", "/x", chunks=endless())

    assert (answer.status, answer.body) == (200, b"")


async def test_an_error_of_the_application_is_left_to_it() -> None:
    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await drive(BodyLimit(broken, default=100), "PUT", "/x")


@pytest.mark.parametrize("coding", ["gzip", "br", "GZIP", "identity, gzip"])
async def test_a_coded_body_is_refused_on_a_signed_path(coding: str) -> None:
    app = PlainBodies(echo_size, prefixes=["/v1"])

    answer = await drive(app, "PUT", "/v1/keys/x", headers=(("Content-Encoding", coding),), chunks=[b"x"])

    assert answer.status == 415
    assert answer.problem()["code"] == "content-encoding-refused"


async def test_a_plain_body_and_an_unsigned_path_pass() -> None:
    app = PlainBodies(echo_size, prefixes=["/v1"])

    assert (await drive(app, "PUT", "/v1/x", chunks=[b"x"])).status == 200
    assert (await drive(app, "PUT", "/v1/x", headers=(("Content-Encoding", "identity"),))).status == 200
    assert (await drive(app, "PUT", "/other", headers=(("Content-Encoding", "gzip"),))).status == 200


async def test_one_request_too_many_is_told_to_come_back() -> None:
    release = anyio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await release.wait()
        await echo_size(scope, receive, send)

    app = ConcurrencyLimit(slow, limit=2, exempt=["/healthz"])
    answers: list[int] = []

    async def ask(path: str) -> None:
        answers.append((await drive(app, "GET", path)).status)

    async with anyio.create_task_group() as tasks:
        for path in ("/healthz", "/one", "/two"):
            tasks.start_soon(ask, path)
        await anyio.wait_all_tasks_blocked()
        refused = await drive(app, "GET", "/three")
        release.set()

    assert (refused.status, refused.headers["retry-after"]) == (503, "2")
    assert refused.problem()["code"] == "too-busy"
    assert answers == [200, 200, 200]
    assert (await drive(app, "GET", "/three")).status == 200


async def test_a_start_of_the_application_is_no_request_and_passes_every_limit() -> None:
    seen: list[str] = []

    async def inner(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def receive() -> dict[str, object]:
        raise AssertionError

    async def send(_message: object) -> None:
        raise AssertionError

    limited = ConcurrencyLimit(PlainBodies(BodyLimit(inner, default=1), prefixes=["/"]), limit=0)
    await limited({"type": "lifespan"}, receive, send)

    assert seen == ["lifespan"]
