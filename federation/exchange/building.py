"""One way to build the exchange and a need board alone: their limits, their numbers, how they start and stop."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import APIRouter, FastAPI
from sqlalchemy import Engine

from federation.exchange.api.metrics import Measured, Metrics
from federation.exchange.settings import ExchangeSettings
from federation.ground.limits import BodyLimit, ConcurrencyLimit, PlainBodies
from federation.ground.logs import AccessLog
from federation.ground.problems import install_problem_handlers
from federation.ground.routes import share_routes
from federation.ground.ticks import Ticker


def _nothing() -> None:
    """There is nothing else to start or to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What one of the two is made of; a body is of `most_bytes` at most, but for the paths in `caps`."""

    title: str
    routers: Sequence[APIRouter]
    most_bytes: int
    caps: Mapping[str, int]
    engine: Engine
    ticker: Ticker
    metrics: Metrics
    begin: Callable[[], None] = _nothing
    end: Callable[[], None] = _nothing


def make_app(parts: Parts, settings: ExchangeSettings) -> FastAPI:
    """The application; its lifespan ticks and serves the numbers on a port of their own."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        server = parts.metrics.serve(settings.metrics_host, settings.metrics_port) if settings.metrics_port else None
        parts.begin()
        parts.ticker.start()
        try:
            yield
        finally:
            parts.end()
            parts.ticker.stop()
            if server is not None:
                server.shutdown()
                server.server_close()
            parts.engine.dispose()

    app = FastAPI(
        title=parts.title,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    share_routes(app, *parts.routers)
    install_problem_handlers(app)
    app.add_middleware(BodyLimit, default=parts.most_bytes, caps=dict(parts.caps), seconds=settings.body_seconds)
    app.add_middleware(PlainBodies, prefixes=["/v1"])
    app.add_middleware(ConcurrencyLimit, limit=settings.requests_at_once, exempt=["/healthz", "/readyz"])
    app.add_middleware(Measured, metrics=parts.metrics)
    app.add_middleware(AccessLog)
    return app
