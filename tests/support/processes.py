"""Real second processes that take part in a test: started, talked to line by line, killed."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


class PeerProcess:
    """A Python module of the tests running in a process of its own."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, line: str) -> None:
        """Send the process one line."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def hear(self) -> str:
        """Wait for one line from the process; empty when it has ended."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def kill(self) -> None:
        """End the process without a word to it: SIGKILL, or its like on Windows."""
        self._process.kill()
        self._process.wait(timeout=10)

    def close(self) -> None:
        """End the process and close its pipes."""
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()


@contextmanager
def peer(module: str, *arguments: str) -> Iterator[PeerProcess]:
    """Run a module of the tests beside this process for the length of a block."""
    process = PeerProcess(module, *arguments)
    try:
        yield process
    finally:
        process.close()
