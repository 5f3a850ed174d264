"""The exchange as an ASGI application: its routes, how large a body may be on each, and what ticks behind them."""

from datetime import timedelta
from functools import partial

from anyio import CapacityLimiter
from fastapi import FastAPI

from federation.exchange.api import board, join, mailbox, members, roster, status
from federation.exchange.api.edge import Edge, take_letters
from federation.exchange.api.intake import Intake
from federation.exchange.api.metrics import Metrics
from federation.exchange.bootstrap import Services, build_services
from federation.exchange.building import Parts, make_app
from federation.exchange.domain.errors import UnfoundedError
from federation.exchange.services.board import ReleaseBatch
from federation.exchange.settings import ExchangeSettings
from federation.ground.clock import Clock
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
    intake = Intake(partial(take_letters, services))

    def end() -> None:
        services.wakeups.close()
        intake.close()

    parts = Parts(
        title="Mentorweave exchange",
        routers=[module.router for module in (mailbox, members, join, board, roster, status)],
        most_bytes=DEFAULT_BYTES,
        caps=CAPS,
        engine=services.engine,
        ticker=_ticker(services),
        metrics=Metrics(waiting_polls=services.wakeups.count),
        begin=services.wakeups.start,
        end=end,
    )
    app = make_app(parts, settings)
    app.state.edge = Edge(services, CapacityLimiter(settings.threads), intake, CapacityLimiter(BOARD_THREADS))
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
