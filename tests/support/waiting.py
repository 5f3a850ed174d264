"""Waiting for a condition instead of for a time."""

import time
from collections.abc import Callable
from threading import Event

_PAUSE = 0.01


class NeverHappenedError(AssertionError):
    """The condition did not come true before the deadline."""


def wait_until(
    condition: Callable[[], bool], *, within: float = 15.0, what: str = "the condition", every: float = _PAUSE
) -> None:
    """Return as soon as `condition` holds; `every` so many seconds it is asked again. Raises: NeverHappenedError."""
    deadline = time.monotonic() + within
    pause = Event()
    while not condition():
        if time.monotonic() > deadline:
            raise NeverHappenedError(f"{what} did not come true within {within} s")
        pause.wait(every)
