"""`serve`, `board` and `db`: running an exchange, or a steward's duty server.

What only a server needs is imported where it is used: loading it takes longer than most commands run.
"""

# ruff: noqa: PLC0415
import signal
from threading import Event
from types import FrameType
from typing import Annotated

import typer

from federation.cli.desk import DryRun, open_desk
from federation.cli.wording import alarm_lines, say
from federation.governance.domain.errors import OnceWithoutDutyError
from federation.ground.cli import reporter
from federation.ground.clock import SystemClock

board = typer.Typer(no_args_is_help=True, help="Run the need board.")
db = typer.Typer(no_args_is_help=True, help="Keep the exchange's database.")


def serve(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port to listen on.")] = 8400,
    duty: Annotated[bool, typer.Option("--duty", help="Sign the suspensions anew every day, with a duty key.")] = False,
    once: Annotated[bool, typer.Option("--once", help="With --duty: sign now, and end.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Serve the exchange of this folder; with --duty, a steward's duty."""
    if duty:
        _duty(once=once, dry_run=dry_run)
        return
    if once:
        raise OnceWithoutDutyError
    from federation.exchange.serving import serve as serve_exchange
    from federation.exchange.settings import load_settings

    settings = load_settings(reporter().data_dir)
    if dry_run:
        reporter().answer({"url": settings.public_url}, [say("serve.rehearsed", url=settings.public_url)])
        return
    serve_exchange(settings, host, port)


def _duty(*, once: bool, dry_run: bool) -> None:
    desk = open_desk(dry_run=dry_run)
    take = desk.duty()
    # The key is opened before anything runs in the background, where nobody could enter a passphrase.
    desk.steward.duty_key()
    if once or dry_run:
        view = take(desk.steward, at_once=True)
        done = say("duty.done", version=view.suspensions_version, expires=view.expires)
        reporter().answer(view, [done, *alarm_lines(desk.show().deadlines)])
        return
    from federation.governance.adapters.duty_server import serve_duty
    from federation.ground.logs import configure_logging

    configure_logging(json=reporter().json)
    stop = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    serve_duty(lambda: take(desk.steward), reporter().data_dir, SystemClock(), stop)


@board.command()
def release(
    batch: Annotated[str | None, typer.Argument(help="The open batch; guards against releasing twice.")] = None,
    dry_run: DryRun = False,
) -> None:
    """Close the open batch of the need board now."""
    from federation.exchange.serving import release_batch
    from federation.exchange.settings import load_settings

    settings = load_settings(reporter().data_dir)
    if dry_run:
        reporter().answer({"batch": batch}, [say("board.rehearsed")])
        return
    released = release_batch(settings, batch)
    reporter().answer({"batch": released}, [say("board.done", batch=released)])


@db.command()
def upgrade(dry_run: DryRun = False) -> None:
    """Bring the exchange's database to this release's schema."""
    from federation.exchange.serving import upgrade_database
    from federation.exchange.settings import load_settings

    settings = load_settings(reporter().data_dir)
    if not dry_run:
        upgrade_database(settings)
    reporter().answer({"upgraded": not dry_run}, [say("db.rehearsed" if dry_run else "db.done")])
