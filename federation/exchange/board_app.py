"""A need board alone as an ASGI application: what one relay asks of it, and what ticks behind that."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import CapacityLimiter
from fastapi import FastAPI

from federation.exchange.api import link
from federation.exchange.app import EXPIRE_EVERY, RELEASE_EVERY
from federation.exchange.bootstrap import BoardServices, build_board
from federation.exchange.domain.link import HANDED_BYTES
from federation.exchange.settings import ExchangeSettings
from federation.ground.clock import Clock
from federation.ground.limits import BodyLimit, ConcurrencyLimit, PlainBodies
from federation.ground.logs import AccessLog
from federation.ground.problems import install_problem_handlers
from federation.ground.routes import share_routes
from federation.ground.ticks import Ticker


def create_board_app(settings: ExchangeSettings, clock: Clock | None = None) -> FastAPI:
    """The board of `settings`; its lifespan ticks.

    Raises: DatabaseBehindError, ExchangeSettingError, and the errors of key files.
    """
    services = build_board(settings, clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        ticker = _ticker(services)
        ticker.start()
        try:
            yield
        finally:
            ticker.stop()
            services.engine.dispose()

    app = FastAPI(
        title="Mentorweave need board",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.door = link.Door(services, CapacityLimiter(settings.threads))
    share_routes(app, link.router)
    install_problem_handlers(app)
    app.add_middleware(BodyLimit, default=HANDED_BYTES, caps={}, seconds=settings.body_seconds)
    app.add_middleware(PlainBodies, prefixes=["/v1"])
    app.add_middleware(ConcurrencyLimit, limit=settings.requests_at_once, exempt=["/healthz", "/readyz"])
    app.add_middleware(AccessLog)
    return app


def _ticker(services: BoardServices) -> Ticker:
    ticker = Ticker(services.engine, "board", services.clock)

    def release() -> None:
        services.release_batch.when_due()

    def expire() -> None:
        services.expire()

    ticker.every(EXPIRE_EVERY, "expire", expire)
    ticker.every(RELEASE_EVERY, "release", release)
    return ticker
