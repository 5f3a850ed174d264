"""Logs that cannot name a person: only keys on a list, only values shaped like ids, no text of an error.

Events are written by programs as constant names with ids. Lines of libraries keep their template,
never what was put into it. Recording an unexpected error belongs to `incidents`.
"""

import logging
import re
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TextIO

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import EventDict, Processor, WrappedLogger

from federation.ground.incidents import place

KEYS = frozenset(
    {"event", "level", "timestamp", "logger", "incident", "error", "where", "method", "route", "status", "ms"}
    | {"code", "id", "count", "tick", "version"}
)
REDACTED = "redacted"
_ID_SHAPED = re.compile(r"[\w.:/{}<>+-]{1,128}", re.ASCII)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET = ("httpx", "httpcore", "apscheduler", "sqlalchemy", "tuf", "alembic", "asyncio")


class Redaction:
    """Drops every key that is not on the list, and every value that could be more than an id or a number."""

    def __init__(self, more: Iterable[str] = ()) -> None:
        self._keys = KEYS | frozenset(more)

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """Return the event without what it must not hold; a structlog processor."""
        kept: EventDict = {}
        for key, value in event.items():
            if key == "event":
                kept[key] = str(value)
            elif key in self._keys:
                kept[key] = value if _harmless(value) else REDACTED
        return kept


def _harmless(value: object) -> bool:
    return (
        value is None
        or isinstance(value, int | float)
        or (isinstance(value, str) and bool(_ID_SHAPED.fullmatch(value)))
    )


class LibraryLines(logging.Filter):
    """Reduces a record of a library to its template and the place it came from, before anyone renders it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Strip the record in place; a logging filter."""
        # Without arguments the text may have been put together by hand, so only its place is kept.
        record.msg = str(record.msg).strip() if record.args else f"library line {record.module}:{record.lineno}"
        record.args = None
        error = record.exc_info[1] if record.exc_info else None
        record.exc_info = record.exc_text = record.stack_info = None
        if error is not None:
            record.msg = f"{record.msg} ({type(error).__name__} at {place(error)})"
        return True


class _Lines:
    """Takes our own events, rendered: what is redacted once needs no record of the standard library."""

    def __init__(self, name: str, stream: TextIO | None) -> None:
        self.name = name
        self._stream = stream

    def write(self, line: str) -> None:
        """Write one line; a stream that is gone stops nobody."""
        with suppress(OSError, ValueError):
            (self._stream or sys.stderr).write(line + "\n")

    debug = info = warning = error = critical = write


@dataclass(frozen=True, slots=True)
class _LinesTo:
    """Makes the loggers of our own events; without a stream they write to standard error."""

    stream: TextIO | None

    def __call__(self, name: str = "") -> _Lines:
        return _Lines(name, self.stream)


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to standard error as it is when the line is written, so a redirected stream is respected."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        self.stream = sys.stderr
        super().emit(record)


def configure_logging(
    *, json: bool, stream: TextIO | None = None, keys: Iterable[str] = (), level: int = logging.INFO
) -> None:
    """Send every line of this process, ours and the libraries', to `stream` (standard error by default).

    `keys` adds names of ids a program logs beyond `KEYS`. Servers must be started with `log_config=None`.
    """
    redaction = Redaction(keys)
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Processor = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    handler = _StandardError() if stream is None else logging.StreamHandler(stream)
    handler.addFilter(LibraryLines())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redaction, renderer],
        )
    )
    structlog.configure(
        processors=[*shared, redaction, renderer],
        logger_factory=_LinesTo(stream),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Its lines quote the path and the query; `AccessLog` writes the route's template instead.
    access = logging.getLogger("uvicorn.access")
    access.handlers, access.propagate, access.disabled = [], False, True


def ensure_logging() -> None:
    """Set the logs up as those of a command, unless somebody did; else a line would go to standard output."""
    # Not `is_configured`: whoever only looked on for a while leaves that mark behind, and lines on standard output.
    if not isinstance(structlog.get_config()["logger_factory"], _LinesTo):
        configure_logging(json=False, level=logging.WARNING)


class AccessLog:
    """One line a request: method, the route's template, status and milliseconds; never the path that was asked."""

    def __init__(self, app: ASGIApp) -> None:
        ensure_logging()
        self._app = app
        self._logger = structlog.get_logger("access").bind()  # once, not with every line

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and write its line when it is over."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0
        start = time.monotonic()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])  # an enumeration would be spelt out
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            self._logger.info(
                "request",
                method=scope["method"] if scope["method"] in _METHODS else "OTHER",
                route=_template(scope),
                status=status,
                ms=round((time.monotonic() - start) * 1000),
            )


def _template(scope: Scope) -> str:
    # FastAPI keeps the template with every prefix in a place of its own; a route alone knows the last part only.
    whole = scope.get("fastapi", {}).get("effective_route_context")
    return str(getattr(whole or scope.get("route"), "path", "unmatched"))
