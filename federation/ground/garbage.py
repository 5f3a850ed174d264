"""Looking for garbage among everything that lives, without letting whoever asked for a page wait for it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

_NEVER = 1_000_000_000


@contextmanager
def tidy_aside(interval: timedelta) -> Iterator[None]:
    """While the block runs only a thread looks through everything, at intervals; what is young is tidied as ever."""
    usual, over = gc.get_threshold(), Event()

    def tidy() -> None:
        while not over.wait(interval.total_seconds()):
            gc.collect()

    thread = Thread(target=tidy, name="garbage", daemon=True)
    gc.set_threshold(*usual[:2], _NEVER)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        gc.set_threshold(*usual)
