"""How work that goes on and on is told to end: what `threading.Event` offers, without naming threads."""

from typing import Protocol


class Stop(Protocol):
    """Set once, when the work should end."""

    def is_set(self) -> bool:
        """Whether it should end."""
        ...

    def wait(self, timeout: float | None = None) -> bool:
        """Pause for some seconds, or until it should end, and tell which."""
        ...
