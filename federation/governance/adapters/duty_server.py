"""The duty server: takes a turn of duty again and again, on one steward's machine, with her duty key alone.

How often the suspensions are really signed is the verb's rule; this only asks often enough that a night offline or an
exchange that was away costs nothing.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event

from federation.ground.clock import Clock
from federation.ground.engine import make_engine, sqlite_url
from federation.ground.ticks import Ticker

ASK_EVERY = timedelta(minutes=15)


def serve_duty(turn: Callable[[], object], folder: Path, clock: Clock, stop: Event) -> None:
    """Take turns until `stop` is set; of several servers over one folder, one does."""
    engine = make_engine(sqlite_url(folder / "duty.sqlite3"))
    ticker = Ticker(engine, "duty", clock)

    def tick() -> None:
        turn()

    ticker.every(ASK_EVERY, "duty", tick)
    ticker.start()
    try:
        stop.wait()
    finally:
        ticker.stop()
        engine.dispose()
