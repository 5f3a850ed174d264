"""The two commands as processes: run one and read its document, keep one running, end only what was started here."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a person set for her own node, and what would make every start slower: compiling anew, being measured.
_NOT_HANDED_ON = ("MENTORWEAVE_", "PYTHONDONTWRITEBYTECODE", "COVERAGE_")
_COMMAND_SECONDS = 300
_STOP_SECONDS = 15
_TRIES, _PAUSE = 1_200, 0.05


class StoryError(Exception):
    """A step of the story did not go as told; the message names the command, never a person."""


class Answer:
    """The one JSON document a command printed, read by path."""

    def __init__(self, value: object, origin: str) -> None:
        self._value = value
        self._origin = origin

    def _at(self, *path: str | int) -> object:
        value = self._value
        for step in path:
            try:
                value = value[step]  # type: ignore[index] # whatever does not fit is told below
            except (LookupError, TypeError) as error:
                raise StoryError(f"{self._origin}: no {'.'.join(map(str, path))} in the answer") from error
        return value

    def text(self, *path: str | int) -> str:
        """The string at `path`."""
        return str(self._at(*path))

    def number(self, *path: str | int) -> int:
        """The whole number at `path`."""
        value = self._at(*path)
        if not isinstance(value, int):
            raise StoryError(f"{self._origin}: {'.'.join(map(str, path))} is no number")
        return value

    def expect(self, wanted: str, *path: str | int) -> None:
        """Check what stands at `path`. Raises: StoryError."""
        if self.text(*path) != wanted:
            raise StoryError(f"{self._origin}: {'.'.join(map(str, path))} is {self.text(*path)}, not {wanted}")

    def items(self, *path: str | int) -> list[Answer]:
        """The list at `path`, each entry readable by path again."""
        value = self._at(*path)
        if not isinstance(value, list):
            raise StoryError(f"{self._origin}: {'.'.join(map(str, path))} is no list")
        return [Answer(item, self._origin) for item in value]


def since(begun: float) -> float:
    """Seconds since `begun`, as `time.monotonic` counts them."""
    return round(time.monotonic() - begun, 2)


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Command:
    """One of the two commands over one data folder."""

    name: str
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def _line(self, *words: str) -> list[str]:
        script = Path(sys.executable).parent / self.name
        return [str(script), *words, "--data-dir", str(self.folder)]

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_HANDED_ON)}
        return kept | dict(self.environment)

    def run(self, *words: str) -> Answer:
        """Run `words` with `--json` and read the document. Raises: StoryError when it exits with anything but 0."""
        done = subprocess.run(  # noqa: S603 - our own command, words of the story
            [*self._line(*words), "--json"],
            env=self._environment(),
            capture_output=True,
            timeout=_COMMAND_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        origin = f"{self.name} {' '.join(words[:2])}"
        if done.returncode != 0:
            # A refusal is a document of codes and ids; what is unexpected leaves an incident's id on standard error.
            said = (done.stdout + done.stderr).decode(errors="replace")[-600:]
            raise StoryError(f"{origin} ended with {done.returncode}: {said}")
        return Answer(json.loads(done.stdout), origin)

    def start(self, *words: str, log: Path) -> subprocess.Popen[bytes]:
        """Start `words` and leave it running, its output in `log`."""
        with log.open("ab") as output:
            return subprocess.Popen(  # noqa: S603 - our own command, words of the story
                self._line(*words), env=self._environment(), stdout=output, stderr=output, stdin=subprocess.DEVNULL
            )


class Servers:
    """What was started and must be ended: by its process id, newest first."""

    def __init__(self) -> None:
        self._running: list[subprocess.Popen[bytes]] = []

    def add(self, process: subprocess.Popen[bytes]) -> None:
        """Remember `process`."""
        self._running.append(process)

    def wait_until_ready(self, url: str) -> None:
        """Wait until `url` answers 200. Raises: StoryError."""
        transport = httpx.HTTPTransport(retries=0)
        with httpx.Client(transport=transport, trust_env=False, timeout=2) as client:
            for _ in range(_TRIES):
                if any(process.poll() is not None for process in self._running):
                    raise StoryError("a server ended before it was ready; its log is in the data folder")
                if _answers(client, url):
                    return
                self._pause()
        raise StoryError("a server was not ready in time; its log is in the data folder")

    def _pause(self) -> None:
        try:
            self._running[-1].wait(_PAUSE)
        except subprocess.TimeoutExpired:
            return

    def wait(self) -> None:
        """Wait until one of them ends, which none should."""
        while all(process.poll() is None for process in self._running):
            self._pause()

    def stop(self) -> None:
        """End everything that was started here."""
        for process in reversed(self._running):
            process.terminate()
        for process in reversed(self._running):
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()


def _answers(client: httpx.Client, url: str) -> bool:
    try:
        return client.get(url).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
