"""Chance that comes again: a seeded stream of bytes, for tests of what is drawn from it."""

import hashlib


class SeededRandomness:
    """Fake of `node.services.ports.privacy.Randomness`: SHA-256 in counter mode."""

    def __init__(self, seed: bytes) -> None:
        """The same seed gives the same bytes."""
        self._seed = seed
        self._count = 0
        self._rest = b""

    def __call__(self, size: int, /) -> bytes:
        """The next so many bytes."""
        while len(self._rest) < size:
            self._rest += hashlib.sha256(self._seed + self._count.to_bytes(8, "big")).digest()
            self._count += 1
        found, self._rest = self._rest[:size], self._rest[size:]
        return found
