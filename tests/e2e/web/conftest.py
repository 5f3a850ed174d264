"""A real `mentorweave serve` and a real Chromium."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.support.commands import INIT
from tests.support.processes import ROOT
from tests.support.waiting import wait_until

EMAIL, PASSWORD = "pat@example.org", "plum jam on warm bread"
expect.set_options(timeout=20_000)  # a busy machine is no reason to fail
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True, slots=True)
class Served:
    """A program that is served, and the way to type further commands to it."""

    url: str
    environment: dict[str, str]

    def run(self, *words: str) -> str:
        """Type one command and return what it said."""
        return _run(self.environment, *words)


def _command(*words: str) -> list[str]:
    return [sys.executable, "-c", "from node.main import run; run()", *words]


def _run(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        _command(*words), env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _put_a_pair_together(environment: dict[str, str], folder: Path) -> None:
    """Two people meet; without a mail server their letters wait for somebody to send them."""
    ids = []
    for kind, name in (("mentees", "Olena Kovalenko"), ("mentors", "Margaret Whitford")):
        file = folder / f"{kind}.csv"
        row = f"{name},{name.split()[0].lower()}@example.org,Redcliff,31102,en:8,1"
        file.write_text(f"name,email,community,occupation,languages,seats\n{row}\n", "utf-8")
        _run(environment, "people", "import", str(file), "--kind", kind)
        ids.append(json.loads(_run(environment, "people", "list", "--kind", kind, "--json"))[0]["id"])
    _run(environment, "match", "approve", *ids)
    _run(environment, "letters", "send")


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A founded program with its operator's password, served until the tests are over."""
    folder = tmp_path_factory.mktemp("served")
    environment = _founded(folder)
    _put_a_pair_together(environment, folder)
    secret = folder / "password"
    secret.write_text(f"{PASSWORD}\n", "utf-8")
    _run(environment, "users", "password", EMAIL, "--password-file", str(secret))
    yield from _served(folder, environment, _free_port())


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A founded program with pages for everybody."""
    folder, port = tmp_path_factory.mktemp("hosted"), _free_port()
    environment = {**_founded(folder), "MENTORWEAVE_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    yield from _served(folder, environment, port)


def _founded(folder: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MENTORWEAVE_")}
    own = {"MENTORWEAVE_DATA_DIR": str(folder / "data"), "MENTORWEAVE_KEYS_DIR": str(folder / "keys")}
    environment = {**inherited, **own, "PYTHONPATH": str(ROOT)}
    _run(environment, "init", *INIT, "--unattended")
    return environment


def _served(folder: Path, environment: dict[str, str], port: int) -> Iterator[Served]:
    log = folder / "serve.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            _command("serve", "--port", str(port)),
            env=environment,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _is_ready(url) or server.poll() is not None, within=60, what=f"readiness ({log})")
        assert server.poll() is None, log.read_text("utf-8")
        yield Served(url, environment)
    finally:
        server.terminate()
        server.wait(timeout=20)


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", trust_env=False).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """The system's Chromium, without anything that calls home."""
    found = next((path for name in _CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("these tests need Chromium: install the package chromium (Debian, Ubuntu)")
    return {"executable_path": found, "args": _FLAGS}


@pytest.fixture(scope="session")
def base_url(served: Served) -> str:
    """Where pages are, so that tests name paths only."""
    return served.url
