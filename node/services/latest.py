"""The newest answer to a question that takes long, kept as long as what it was made of stays the same."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

_Answer = TypeVar("_Answer")


class Latest(Generic[_Answer]):
    """Keeps one answer. Who asks while it is being made waits for it, instead of making it once more."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._made_of: Hashable = None
        self._answer: _Answer | None = None
        self._making = Lock()

    def of(self, made_of: Hashable, make: Callable[[], _Answer]) -> _Answer:
        """The answer for these: the one that is kept if it was made of the same, else a new one."""
        with self._making:
            if self._answer is None or self._made_of != made_of:
                self._answer = make()
                self._made_of = made_of
            return self._answer
