"""Chance for the noise over counts: the operating system's, and nothing else."""

import os


class SystemRandomness:
    """Bytes of the operating system's generator."""

    def __call__(self, size: int, /) -> bytes:
        """So many bytes that nobody can foretell."""
        return os.urandom(size)
