"""Servers of a bench: real processes on free ports of this machine, ended with the block."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(sys.executable).parent


class EndedError(AssertionError):
    """A server ended before it answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server."""

    port: int
    pid: int

    def resident(self) -> float:
        """Megabytes of memory it holds."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def spent(self) -> float:
        """Seconds of processor time it has taken."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(*command: str, environment: Mapping[str, str] | None = None, ready: str = "/healthz") -> Iterator[Server]:
    """Run a command until the block ends; `{port}` in it becomes a free port. Yields when `ready` answers 200."""
    port = free_port()
    words = [part.format(port=port) for part in command]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=said)
        try:
            wait_until(lambda: process.poll() is not None or answers(port, ready), within=60, what="an answer")
            if process.poll() is not None:
                said.seek(0)
                raise EndedError(said.read().decode(errors="replace")[-2_000:])
            yield Server(port=port, pid=process.pid)
        finally:
            process.terminate()
            process.wait(timeout=30)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int, path: str) -> bool:
    """Whether the path answers 200."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}", trust_env=False).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
