"""What a steward types when she is asked, and the servers she starts: real processes, a real terminal."""

import io
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx
import pytest

from federation.ground import keyfile
from protocol.ids import JoinId, NodeId
from tests.integration.governance.conftest import Fed, Running, free_port
from tests.integration.governance.test_commands import pilot, text
from tests.support.newcomer import Newcomer
from tests.support.waiting import wait_until

NODE = NodeId("abcdefghijklmnop")
COMMAND = (sys.executable, "-c", "from federation.main import run; run()")
ROOT = Path(__file__).parents[3]


class Terminal(io.StringIO):
    """Somebody at the keyboard, who typed ahead."""

    def isatty(self) -> bool:
        return True


@contextmanager
def started(*arguments: str | Path, stdin: int = subprocess.DEVNULL) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the command, which never outlives its test."""
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        cwd=ROOT,
        stdin=stdin,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def prompt(stream: IO[bytes]) -> bytes:
    """What the process asks. A prompt for a secret forgets what was typed before it."""
    asked = b""
    while not asked.endswith(b": "):
        more = stream.read(1)
        assert more, asked
        asked += more
    return asked


def test_a_passphrase_is_asked_twice_at_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MENTORWEAVE_FED_PASSPHRASE_FILE", raising=False)
    keyboard, screen = pty.openpty()
    with started("init", "steward", "--name", "Ada", "--data-dir", tmp_path / "ada", stdin=screen) as process:
        assert process.stderr is not None
        for question in (b"Passphrase: ", b"\nRepeat for confirmation: "):
            assert prompt(process.stderr) == question
            os.write(keyboard, b"a long passphrase\n")
        _, errors = process.communicate(timeout=60)
    os.close(keyboard)
    os.close(screen)
    assert process.returncode == 0, errors
    assert b"a long passphrase" not in errors
    assert (tmp_path / "ada" / "steward.key").exists()


def test_without_a_terminal_a_passphrase_must_lie_in_a_file(fed: Fed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MENTORWEAVE_FED_PASSPHRASE_FILE")
    refused = fed("ada", "init", "steward", "--name", "Ada", "--json")
    assert refused.document["code"] == "steward-passphrase-needed"


def test_a_steward_reads_the_difference_and_says_no_or_yes(
    fed: Fed, exchange: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    pilot(fed, exchange)
    renewal = text(fed("ada", "propose", "renew", "--json"), "file")
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    refused = fed("ada", "sign", renewal)
    assert refused.code == 1
    assert "targets version 2 holds until" in refused.err
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    assert fed("ada", "sign", renewal).code == 0


def test_a_steward_types_the_words_she_hears(fed: Fed, exchange: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    pilot(fed, exchange)
    issued = fed("ada", "join-code", "--program", "Brooks", "--json")
    code, join = text(issued, "code"), JoinId(text(issued, "join"))
    newcomer = Newcomer(NODE)
    exchange.knock(code, newcomer, join)
    monkeypatch.setattr(sys, "stdin", Terminal("never heard of them\n"))
    asked = fed("ada", "propose", "admit", join)
    assert asked.code == 1
    assert "Phone the program" in asked.err


def test_a_duty_server_runs_until_it_is_told_to_stop(
    fed: Fed, exchange: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyfile, "_COST", 2**15)  # a process of its own knows the real costs only
    pilot(fed, exchange)
    with started("serve", "--duty", "--data-dir", tmp_path / "ada") as server:
        lock = tmp_path / "ada" / "duty.sqlite3-duty.lock"
        wait_until(lambda: lock.exists() or server.poll() is not None, within=60, what="the duty server")
        server.send_signal(signal.SIGTERM)
        _, errors = server.communicate(timeout=60)
    assert server.returncode == 0, errors


def test_an_exchange_is_served_until_it_is_told_to_stop(fed: Fed, tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    assert fed("exchange", "init", "exchange", "--public-url", url).code == 0

    def ready() -> bool:
        try:
            return httpx.get(f"{url}/healthz").is_success
        except httpx.TransportError:
            return False

    with started("serve", "--port", str(port), "--data-dir", tmp_path / "exchange") as server:
        wait_until(lambda: ready() or server.poll() is not None, within=60, what="the exchange")
        server.send_signal(signal.SIGTERM)
        _, errors = server.communicate(timeout=60)
    assert server.returncode in {0, -signal.SIGTERM}, errors
