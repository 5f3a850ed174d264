"""Running an exchange, or a need board alone: one process, stopped gracefully; waiting polls are answered at once."""

import logging
from types import FrameType

import uvicorn
from fastapi import FastAPI

from federation.exchange.adapters.sql import schema
from federation.exchange.adapters.wakeups import LocalWakeups
from federation.exchange.app import create_app, services_of
from federation.exchange.board_app import create_board_app
from federation.exchange.bootstrap import build_board, build_services
from federation.exchange.settings import ExchangeSettings
from federation.ground.engine import make_engine
from federation.ground.logs import configure_logging

GRACE_SECONDS = 10
HEADER_SECONDS = 20


class _Server(uvicorn.Server):
    """Tells waiting polls before it waits for them."""

    def __init__(self, config: uvicorn.Config, wakeups: LocalWakeups) -> None:
        super().__init__(config)
        self._wakeups = wakeups

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        self._wakeups.release()
        super().handle_exit(sig, frame)


def serve(settings: ExchangeSettings, host: str = "127.0.0.1", port: int = 8400) -> None:
    """Serve until told to stop (SIGINT, SIGTERM). Raises: DatabaseBehindError, and the errors of key files."""
    configure_logging(json=settings.json_logs)
    if settings.relay_key is not None:
        uvicorn.Server(_config(create_board_app(settings), host, port)).run()
        return
    app = create_app(settings)
    _Server(_config(app, host, port), services_of(app).wakeups).run()


def _config(app: FastAPI, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        log_level=logging.INFO,
        server_header=False,
        timeout_keep_alive=HEADER_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        # The signed address comes from the settings; nothing a proxy says about it is believed.
        proxy_headers=False,
    )


def upgrade_database(settings: ExchangeSettings) -> None:
    """Bring the database to this release's schema."""
    engine = make_engine(settings.url)
    try:
        schema.upgrade_database(engine)
    finally:
        engine.dispose()


def release_batch(settings: ExchangeSettings, batch: str | None = None) -> str:
    """Release the open batch of the need board by hand; its id.

    Raises: BatchClosedError for another `batch`, BoardElsewhereError where another process keeps the board.
    """
    services = build_services(settings) if settings.relay_key is None else build_board(settings)
    try:
        return services.release_batch(batch)
    finally:
        services.engine.dispose()
