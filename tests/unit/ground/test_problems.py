"""Every error of an application becomes a problem document that echoes nothing a person typed."""

from collections.abc import Callable
from typing import Annotated

import pytest
from fastapi import FastAPI, Header
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse
from structlog.testing import capture_logs

from federation.ground.problems import (
    AbortedResponseError,
    UnexpectedErrors,
    install_problem_handlers,
    problem_response,
)
from federation.ground.refusal import Refusal
from protocol.errors import ProtocolError
from tests.support.asgi import drive

pytestmark = pytest.mark.anyio
JSON = (("Content-Type", "application/json"),)


class TooManyError(ProtocolError):
    code = "test-too-many"
    status = 429
    title = "Too many."
    remedy = "Wait."


class UnsignedError(ProtocolError):
    code = "test-unsigned"
    status = 401


class ClosedError(Refusal):
    code = "test-closed"
    title = "It is closed."
    remedy = "Come back tomorrow."


class Person(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=3)
    age: int


ERRORS = {
    "/too-many": TooManyError(retry_after=30, limit=5),
    "/unsigned": UnsignedError(),
    "/closed": ClosedError(id="r1"),
    "/crash": LookupError("canary"),
    "/gone": HTTPException(410, detail="canary"),
}


def raising(error: Exception) -> Callable[[], None]:
    def route() -> None:
        raise error

    return route


@pytest.fixture
def app() -> FastAPI:
    made = FastAPI()
    install_problem_handlers(made)

    for path, error in ERRORS.items():
        made.get(path)(raising(error))

    @made.post("/people")
    def people(person: Person, x_count: Annotated[int, Header()] = 0) -> None:
        pass

    @made.get("/half")
    def half() -> StreamingResponse:
        def lines() -> object:
            yield b"first"
            raise LookupError("canary")

        return StreamingResponse(lines())  # type: ignore[arg-type]

    return made


async def test_a_protocol_error_carries_its_code_status_and_parameters(app: FastAPI) -> None:
    answer = await drive(app, "GET", "/too-many")

    assert answer.problem() == {
        "type": "https://mentorweave.example/problems/test-too-many",
        "title": "Too many.",
        "status": 429,
        "detail": "Wait.",
        "code": "test-too-many",
        "params": {"retry_after": 30, "limit": 5},
    }
    assert answer.headers["retry-after"] == "30"


async def test_who_must_sign_is_told_how(app: FastAPI) -> None:
    answer = await drive(app, "GET", "/unsigned")

    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Signature")


async def test_a_refusal_is_a_conflict_with_its_next_step(app: FastAPI) -> None:
    problem = (await drive(app, "GET", "/closed")).problem()

    assert (problem["status"], problem["code"], problem["detail"]) == (409, "test-closed", "Come back tomorrow.")
    assert problem["params"] == {"id": "r1"}


async def test_an_invalid_request_names_the_fields_and_never_their_values(app: FastAPI) -> None:
    answer = await drive(app, "POST", "/people", headers=JSON, chunks=[b'{"name":"canary","age":"canary"}'])

    assert answer.problem()["fields"] == [
        {"field": "body.name", "rule": "string_too_long"},
        {"field": "body.age", "rule": "int_parsing"},
    ]
    assert b"canary" not in answer.body


async def test_a_body_that_is_no_json_is_not_echoed(app: FastAPI) -> None:
    answer = await drive(app, "POST", "/people", headers=JSON, chunks=[b'{"name": canary'])

    assert answer.status == 422
    assert b"canary" not in answer.body


async def test_a_field_nobody_declared_is_refused_without_repeating_its_name(app: FastAPI) -> None:
    answer = await drive(app, "POST", "/people", headers=JSON, chunks=[b'{"name":"a","age":1,"canary":2}'])

    assert answer.problem()["fields"] == [{"field": "body", "rule": "extra_forbidden"}]
    assert b"canary" not in answer.body


async def test_an_invalid_header_names_the_header_and_never_its_value(app: FastAPI) -> None:
    answer = await drive(app, "POST", "/people", headers=(*JSON, ("X-Count", "canary")), chunks=[b"{}"])

    assert {"field": "header.x-count", "rule": "int_parsing"} in answer.problem()["fields"]  # type: ignore[operator]
    assert b"canary" not in answer.body


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("DELETE", "/closed", 405, "method-not-allowed"),
        ("GET", "/gone", 410, "http-410"),
    ],
)
async def test_an_http_error_is_a_problem_too(app: FastAPI, method: str, path: str, status: int, code: str) -> None:
    answer = await drive(app, method, path)

    assert (answer.status, answer.problem()["code"]) == (status, code)
    assert b"canary" not in answer.body


async def test_a_method_that_is_not_allowed_says_which_are(app: FastAPI) -> None:
    assert (await drive(app, "DELETE", "/closed")).headers["allow"] == "GET"


async def test_an_unexpected_error_shows_an_incident_that_the_log_knows(app: FastAPI) -> None:
    with capture_logs() as lines:
        answer = await drive(app, "GET", "/crash")

    (line,) = lines
    assert answer.status == 500
    assert answer.problem()["incident"] == line["incident"]
    assert line["error"] == "LookupError"
    assert line["where"].startswith("federation.ground.problems:")
    assert b"canary" not in answer.body
    assert "canary" not in str(lines)


async def test_an_error_after_the_answer_began_cuts_it_without_quoting_the_cause(app: FastAPI) -> None:
    with capture_logs() as lines, pytest.raises(AbortedResponseError) as caught:
        await drive(app, "GET", "/half")

    assert caught.value.args == (lines[0]["incident"],)
    assert caught.value.__suppress_context__


async def test_an_error_while_the_application_starts_is_left_to_the_server() -> None:
    async def broken(_scope: object, _receive: object, _send: object) -> None:
        raise LookupError

    async def never() -> dict[str, object]:
        raise AssertionError

    async def nothing(_message: object) -> None:
        raise AssertionError

    with pytest.raises(LookupError):
        await UnexpectedErrors(broken)({"type": "lifespan"}, never, nothing)


def test_a_problem_carries_its_extensions() -> None:
    response = problem_response("x-y", 418, "T.", "D.", headers={"X-A": "b"}, limit=3)

    assert response.headers["x-a"] == "b"
    assert b'"limit":3' in bytes(response.body)
