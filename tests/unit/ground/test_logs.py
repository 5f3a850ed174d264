"""No line of a log can name a person, whoever writes it."""

import io
import json
import logging
from collections.abc import Iterator

import httpx
import pytest
import respx
import structlog
from fastapi import APIRouter, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from federation.ground.incidents import record_incident
from federation.ground.logs import AccessLog, LibraryLines, configure_logging
from tests.support.asgi import drive

CANARY = "canary@example.org"
NAMES = ("", "httpx", "httpcore", "apscheduler", "sqlalchemy", "tuf", "alembic", "asyncio", "uvicorn.access")


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """Put back the process-wide settings, so that no other test meets ours."""
    loggers = [logging.getLogger(name) for name in NAMES]
    before = [(logger, logger.level, logger.handlers, logger.propagate, logger.disabled) for logger in loggers]
    yield
    structlog.reset_defaults()
    for logger, level, handlers, propagate, disabled in before:
        logger.setLevel(level)
        logger.handlers, logger.propagate, logger.disabled = handlers, propagate, disabled


@pytest.fixture
def stream() -> io.StringIO:
    made = io.StringIO()
    configure_logging(json=True, stream=made, keys=["member"])
    return made


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_carries_its_event_its_level_its_moment_and_its_ids(stream: io.StringIO) -> None:
    structlog.get_logger("sync").info("round-done", count=3, member="abcdefgh234567ab")

    (line,) = lines(stream)
    assert str(line.pop("timestamp")).endswith("Z")
    assert line == {"event": "round-done", "level": "info", "logger": "sync", "count": 3, "member": "abcdefgh234567ab"}


def test_a_key_that_is_not_on_the_list_is_dropped(stream: io.StringIO) -> None:
    structlog.get_logger().info("saved", email=CANARY, person={"name": CANARY})

    assert CANARY not in stream.getvalue()
    assert "email" not in stream.getvalue()


@pytest.mark.parametrize("value", [CANARY, "two words", "x" * 129, ["list"], {"a": 1}, "línea", b"bytes"])
def test_a_value_that_could_be_more_than_an_id_is_redacted(stream: io.StringIO, value: object) -> None:
    structlog.get_logger().info("saved", id=value)

    assert lines(stream)[0]["id"] == "redacted"


def test_an_error_logged_with_its_traceback_leaves_no_text(stream: io.StringIO) -> None:
    try:
        int(CANARY)
    except ValueError:
        structlog.get_logger().exception("failed")
        logging.getLogger("library").exception("failed with %s", CANARY)

    ours, theirs = lines(stream)
    assert ours["event"] == "failed"
    assert str(theirs["event"]).startswith("failed with %s (ValueError at ")
    assert CANARY not in stream.getvalue()


def test_a_canary_in_a_database_error_does_not_appear(stream: io.StringIO) -> None:
    engine = create_engine("sqlite://")
    with pytest.raises(SQLAlchemyError) as caught, engine.connect() as connection:
        connection.execute(text("select :word from nowhere"), {"word": CANARY})
    engine.dispose()
    assert CANARY in str(caught.value)

    record_incident("request-failed", caught.value)
    logging.getLogger("sqlalchemy.pool").error("closing %r", caught.value, exc_info=caught.value)
    logging.getLogger("sqlalchemy.engine.Engine").info("[parameters] %s", CANARY)

    ours, theirs = lines(stream)
    assert (ours["event"], ours["error"]) == ("request-failed", "OperationalError")
    assert str(theirs["event"]).startswith("closing %r (OperationalError at")
    assert CANARY not in stream.getvalue()


@pytest.mark.anyio
async def test_a_canary_in_an_address_asked_for_by_the_client_does_not_appear(stream: io.StringIO) -> None:
    with respx.mock:
        respx.get(url__startswith="https://exchange.example/").respond(200)
        async with httpx.AsyncClient() as client:
            await client.get(f"https://exchange.example/{CANARY}", params={"who": CANARY})
    logging.getLogger("httpx").warning("HTTP Request: %s", f"https://exchange.example/{CANARY}")

    (line,) = lines(stream)
    assert line["event"] == "HTTP Request: %s"
    assert CANARY not in stream.getvalue()


@pytest.mark.anyio
async def test_a_canary_in_a_request_does_not_appear_in_its_access_line(stream: io.StringIO) -> None:
    app, router = FastAPI(), APIRouter(prefix="/people")

    @router.get("/{who}")
    def read(who: str) -> str:
        return who

    app.include_router(router, prefix="/v1")
    logged = AccessLog(app)
    await drive(logged, "GET", f"/v1/people/{CANARY}", query=f"q={CANARY}")
    await drive(logged, "GET", f"/nowhere/{CANARY}")
    await drive(logged, "CANARY", "/v1/people/x")
    logging.getLogger("uvicorn.access").info("GET %s", CANARY)

    assert [(line["event"], line["method"], line["route"], line["status"]) for line in lines(stream)] == [
        ("request", "GET", "/v1/people/{who}", 200),
        ("request", "GET", "unmatched", 404),
        ("request", "OTHER", "/v1/people/{who}", 405),
    ]
    assert all(isinstance(line["ms"], int) for line in lines(stream))
    assert CANARY not in stream.getvalue()


@pytest.mark.anyio
async def test_the_access_log_passes_what_is_no_request(stream: io.StringIO) -> None:
    seen: list[str] = []

    async def inner(scope: dict[str, str], _receive: object, _send: object) -> None:
        seen.append(scope["type"])

    async def never() -> dict[str, object]:
        raise AssertionError

    async def nothing(_message: object) -> None:
        raise AssertionError

    await AccessLog(inner)({"type": "lifespan"}, never, nothing)  # type: ignore[arg-type]

    assert (seen, stream.getvalue()) == (["lifespan"], "")


def test_text_a_library_put_together_by_hand_is_reduced_to_its_place(stream: io.StringIO) -> None:
    logging.getLogger("library").warning(f"cannot reach {CANARY}")  # noqa: G004 - the very habit

    assert str(lines(stream)[0]["event"]).startswith("library line test_logs:")
    assert CANARY not in stream.getvalue()


def test_a_library_record_keeps_its_template_only() -> None:
    record = logging.LogRecord("l", logging.ERROR, "p.py", 3, "sent to %s", (CANARY,), None)

    assert LibraryLines().filter(record)
    assert record.getMessage() == "sent to %s"


def test_lines_for_a_person_are_plain_text() -> None:
    stream = io.StringIO()
    configure_logging(json=False, stream=stream)

    structlog.get_logger().warning("link-paused", id="abc")

    assert "link-paused" in stream.getvalue()
    assert "id=abc" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_by_default_lines_go_to_standard_error_wherever_it_points_now(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(json=True, level=logging.WARNING)

    structlog.get_logger().info("quiet")
    structlog.get_logger().warning("loud")

    captured = capsys.readouterr()
    assert captured.out == ""
    assert json.loads(captured.err)["event"] == "loud"
