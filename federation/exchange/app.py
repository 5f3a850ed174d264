"""The exchange as an ASGI application: routes, limits, problem documents, and what ticks behind them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

from anyio import CapacityLimiter
from fastapi import FastAPI

from federation.exchange.api import board, join, mailbox, members, roster, status
from federation.exchange.api.edge import Edge, take_letters
from federation.exchange.api.intake import Intake
from federation.exchange.api.metrics import Measured, Metrics
from federation.exchange.bootstrap import Services, build_services
from federation.exchange.domain.errors import UnfoundedError
from federation.exchange.services.board import ReleaseBatch
from federation.exchange.settings import ExchangeSettings
from federation.ground.clock import Clock
from federation.ground.limits import BodyLimit, ConcurrencyLimit, PlainBodies
from federation.ground.logs import AccessLog
from federation.ground.problems import install_problem_handlers
from federation.ground.routes import share_routes
from federation.ground.ticks import Ticker
from protocol import envelope, needs, statements, summaries

DEFAULT_BYTES = 16_384
CAPS = {
    "/v1/mailbox": max(envelope.SIZES),
    "/v1/mailbox/ack": mailbox.ACK_BYTES,
    "/v1/mailbox/send": mailbox.SEND_BYTES,
    "/v1/keys": statements.LIMIT,
    "/v1/join": 4 * statements.LIMIT,
    "/v1/summaries": 2 * summaries.LIMIT,
    "/v1/needs": needs.OFFER_BYTES,
    "/v1/offers": needs.OFFER_BYTES,
    "/v1/roster/staged": roster.STAGED_BYTES,
}
BOARD_THREADS = 4  # apart from the others: a board in another process that is slow holds up nothing else
EXPIRE_EVERY = timedelta(minutes=1)
RENEW_EVERY = timedelta(minutes=10)
RELEASE_EVERY = timedelta(seconds=1)


def create_app(settings: ExchangeSettings, clock: Clock | None = None) -> FastAPI:
    """The exchange of `settings`; its lifespan ticks and, on PostgreSQL, listens to the other replicas.

    Raises: DatabaseBehindError, and the errors of key files.
    """
    services = build_services(settings, clock)
    metrics = Metrics(services.wakeups)
    intake = Intake(partial(take_letters, services))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        ticker = _ticker(services)
        server = metrics.serve(settings.metrics_host, settings.metrics_port) if settings.metrics_port else None
        services.wakeups.start()
        ticker.start()
        try:
            yield
        finally:
            services.wakeups.close()
            intake.close()
            ticker.stop()
            if server is not None:
                server.shutdown()
                server.server_close()
            services.engine.dispose()

    app = FastAPI(
        title="Mentorweave exchange",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.edge = Edge(services, CapacityLimiter(settings.threads), intake, CapacityLimiter(BOARD_THREADS))
    share_routes(app, *(module.router for module in (mailbox, members, join, board, roster, status)))
    install_problem_handlers(app)
    app.add_middleware(BodyLimit, default=DEFAULT_BYTES, caps=CAPS, seconds=settings.body_seconds)
    app.add_middleware(PlainBodies, prefixes=["/v1"])
    app.add_middleware(ConcurrencyLimit, limit=settings.requests_at_once, exempt=["/healthz", "/readyz"])
    app.add_middleware(Measured, metrics=metrics)
    app.add_middleware(AccessLog)
    return app


def services_of(app: FastAPI) -> Services:
    """The verbs behind an application that `create_app` made."""
    edge = app.state.edge
    assert isinstance(edge, Edge)  # noqa: S101 - the factory put it there
    return edge.services


def _ticker(services: Services) -> Ticker:
    ticker = Ticker(services.engine, "exchange", services.clock)

    def expire() -> None:
        services.expire()

    def renew() -> None:
        services.renew_roster()

    ticker.every(RENEW_EVERY, "renew", renew)
    ticker.every(EXPIRE_EVERY, "expire", expire)
    if services.own_release is not None:
        ticker.every(RELEASE_EVERY, "release", partial(_release, services.own_release))
    return ticker


def _release(release_batch: ReleaseBatch) -> None:
    try:
        release_batch.when_due()
    except UnfoundedError:
        return
