"""Ids from the machine's clock and randomness."""

import os
from datetime import timedelta
from threading import Lock

from federation.ground.clock import Clock
from protocol.ids import UUID_ENTROPY, uuid7

_MOST = 0xFFF


class SystemIds:
    """UUIDv7 that never go backwards in one process, so that rows sort in the order they were made."""

    def __init__(self, clock: Clock) -> None:
        """Ids follow `clock`."""
        self._clock = clock
        self._lock = Lock()
        self._latest = clock.now()
        self._count = 0

    def new(self) -> str:
        """A new id."""
        with self._lock:
            now = self._clock.now()
            now = now.replace(microsecond=now.microsecond // 1000 * 1000)
            if now > self._latest:
                self._latest, self._count = now, 0
            elif self._count == _MOST:
                self._latest, self._count = self._latest + timedelta(milliseconds=1), 0
            else:
                self._count += 1
            return uuid7(self._latest, self._count.to_bytes(2, "big") + os.urandom(UUID_ENTROPY - 2))
