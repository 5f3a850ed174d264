"""A need board alone as an ASGI application: what one relay asks of it, and what ticks behind that."""

from anyio import CapacityLimiter
from fastapi import FastAPI

from federation.exchange.api import link
from federation.exchange.api.metrics import Metrics
from federation.exchange.app import EXPIRE_EVERY, RELEASE_EVERY
from federation.exchange.bootstrap import BoardServices, build_board
from federation.exchange.building import Parts, make_app
from federation.exchange.domain.link import HANDED_BYTES
from federation.exchange.settings import ExchangeSettings
from federation.ground.clock import Clock
from federation.ground.ticks import Ticker


def create_board_app(settings: ExchangeSettings, clock: Clock | None = None) -> FastAPI:
    """The board of `settings`; its lifespan ticks.

    Raises: DatabaseBehindError, ExchangeSettingError, and the errors of key files.
    """
    services = build_board(settings, clock)
    parts = Parts(
        title="Mentorweave need board",
        routers=[link.router],
        most_bytes=HANDED_BYTES,
        caps={},
        engine=services.engine,
        ticker=_ticker(services),
        metrics=Metrics(),
    )
    app = make_app(parts, settings)
    app.state.door = link.Door(services, CapacityLimiter(settings.threads))
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
