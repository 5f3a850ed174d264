"""The server of a node: its pages, what watches it, and everything that recurs. Leaves telling time to `ticks`."""

import logging
import webbrowser
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from federation.ground.cli import reporter
from federation.ground.garbage import tidy_aside
from federation.membership.refusals import NotJoinedError
from node.bootstrap import Services
from node.cli.session import Session, session
from node.domain.actor import SYSTEM
from node.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from federation.ground.ticks import Ticker

HOST = "127.0.0.1"
_TIDY = timedelta(minutes=1)
_SOON = timedelta(seconds=2)
_LETTERS = timedelta(seconds=30)
_MINUTES = timedelta(minutes=5)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)

PortOption = Annotated[int | None, typer.Option("--port", help="Another port than the one of `node.toml`.")]


def serve(port: PortOption = None) -> None:
    """Serve this machine, and see to everything that recurs: letters, rounds, deadlines, the daily backup."""
    with session() as node:
        settings = load_settings(reporter().data_dir)
        _serve(node, settings, port or settings.port, browse=False)


def start(port: PortOption = None) -> None:
    """Serve, and open the browser."""
    with session() as node:
        settings = load_settings(reporter().data_dir)
        _serve(node, settings, port or settings.port, browse=True)


def _serve(node: Session, settings: Settings, port: int, *, browse: bool) -> None:
    # What only a server needs is loaded here: it takes longer than most commands run.
    import uvicorn  # noqa: PLC0415 - as above

    from federation.ground.logs import configure_logging  # noqa: PLC0415 - as above
    from node.api.app import make_app  # noqa: PLC0415 - as above
    from node.api.v1 import PREFIX, make_api  # noqa: PLC0415 - as above
    from node.web.app import make_pages  # noqa: PLC0415 - as above
    from node.words import add_language  # noqa: PLC0415 - as above
    from node.words.more import read  # noqa: PLC0415 - as above

    configure_logging(json=reporter().json)
    for file in sorted((settings.data_dir / "languages").glob("*.po")):
        add_language(read(file))
    url = f"http://{HOST}:{port}"

    def started() -> None:
        node.reporter.note(node.say("serve.ready", url=url))
        if browse:
            webbrowser.open(url)

    served = make_app(node.services.is_ready, started)
    served.mount(
        PREFIX, make_api(node.services, language=settings.language, calls_a_minute=settings.api_calls_a_minute)
    )
    served.mount("/", make_pages(node.services, public_url=settings.public_url, time_zone=settings.time_zone))
    config = uvicorn.Config(
        served,
        host=settings.host,
        port=port,
        log_config=None,
        access_log=False,
        log_level=logging.INFO,
        server_header=False,
        # A hosted node stands behind a proxy, which tells where a request came from; only a named one is believed.
        proxy_headers=bool(settings.public_url),
        forwarded_allow_ips=settings.trusted_proxies,
    )
    with ticking(node.services, timedelta(seconds=settings.sync_seconds)), tidy_aside(_TIDY):
        uvicorn.Server(config).run()


@contextmanager
def ticking(services: Services, rounds: timedelta) -> "Iterator[Ticker]":
    """Everything that recurs, while the block runs; one process per database does it."""
    ticker = services.ticker()
    ticker.every(rounds, "sync", lambda: _sync(services))
    ticker.every(min(rounds, _LETTERS), "letters", lambda: _discard(services.letters.send(SYSTEM)))
    if services.intake.mails:
        ticker.every(min(rounds, _LETTERS), "applicants", lambda: _discard(services.intake.post()(SYSTEM)))
    if services.letters.mails:
        ticker.every(_HOUR, "reminders", lambda: _discard(services.letters.remind()(SYSTEM)))
    ticker.every(min(rounds, _HOUR), "summary", lambda: _publish(services))
    ticker.every(_MINUTES, "bench", lambda: services.matching.keep_ready(SYSTEM))
    ticker.every(_HOUR, "people", lambda: _discard(services.people.resume.when_due(SYSTEM)))
    ticker.every(_HOUR, "pairs", lambda: _discard(services.mentorships.close.when_silent(SYSTEM)))
    ticker.every(_DAY, "retention", lambda: _discard(services.people.keep_no_longer(SYSTEM)))
    ticker.every(_HOUR, "tidy", lambda: _discard(services.people.tidy(SYSTEM)))
    ticker.every(_HOUR, "answers", services.once.forget_old)
    ticker.every(_MINUTES, "uploads", lambda: services.people.uploads.keep.forget_old(SYSTEM))
    ticker.every(_HOUR, "backup", lambda: _discard(services.care.back_up.when_due(SYSTEM)))
    ticker.attend("drafts", lambda stop: _draw(services, stop))
    ticker.attend("post", lambda stop: _attend(services, stop))
    ticker.start()
    try:
        yield ticker
    finally:
        ticker.stop()


def _sync(services: Services) -> None:
    try:
        services.federation.sync(SYSTEM)
    except NotJoinedError:
        return  # a program of its own has no rounds; `doctor` says so where that is a mistake


def _attend(services: Services, stop: Event) -> None:
    try:
        services.federation.attend(SYSTEM, stop)
    except NotJoinedError:
        stop.wait(_LETTERS.total_seconds())


def _draw(services: Services, stop: Event) -> None:
    services.drafts.make.make_asked(SYSTEM)
    stop.wait(_SOON.total_seconds())


def _publish(services: Services) -> None:
    try:
        services.summary.draw.when_due(SYSTEM)
        services.summary.publish.when_due(SYSTEM)
    except NotJoinedError:
        return


def _discard(_result: object) -> None:
    """A tick tells nobody what it did; the rows do."""
