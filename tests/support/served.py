"""A real `mentorweave serve` in a process of its own, filled by commands a person could type."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from node.demo.processes import free_port
from tests.support.commands import INIT
from tests.support.processes import ROOT
from tests.support.waiting import wait_until

EMAIL, PASSWORD = "pat@example.org", "plum jam on warm bread"


@dataclass(frozen=True, slots=True)
class Served:
    """A program that is served, and the way to type further commands to it."""

    url: str
    data: Path
    environment: dict[str, str]

    def run(self, *words: str) -> str:
        """Type one command and return what it said."""
        done = subprocess.run(
            _command(*words),
            env=self.environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ids(self, kind: str) -> list[str]:
        """The ids of everybody of one kind."""
        return [one["id"] for one in json.loads(self.run("people", "list", "--kind", kind, "--json"))]


@contextmanager
def serve(folder: Path, fill: Callable[[Served], None], *, hosted: bool = False) -> Iterator[Served]:
    """A founded program with its operator's password, filled, and served until the block ends."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MENTORWEAVE_")}
    own = {"MENTORWEAVE_DATA_DIR": str(folder / "data"), "MENTORWEAVE_KEYS_DIR": str(folder / "keys")}
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    if hosted:
        own["MENTORWEAVE_PUBLIC_URL"] = url
    served = Served(url, folder / "data", {**inherited, **own, "PYTHONPATH": str(ROOT)})
    served.run("init", *INIT, "--unattended")
    secret = folder / "password"
    secret.write_text(f"{PASSWORD}\n", "utf-8")
    served.run("users", "password", EMAIL, "--password-file", str(secret))
    fill(served)
    log = folder / "serve.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            _command("serve", "--port", str(port)),
            env=served.environment,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
        )
    try:
        wait_until(lambda: _is_ready(url) or server.poll() is not None, within=60, what=f"readiness ({log})")
        assert server.poll() is None, log.read_text("utf-8")
        yield served
    finally:
        server.terminate()
        server.wait(timeout=20)


def signed_in(url: str, email: str = EMAIL, password: str = PASSWORD) -> httpx.Client:
    """A client in whose jar lies a session."""
    headers = {"Origin": url, "Sec-Fetch-Site": "same-origin"}
    client = httpx.Client(base_url=url, trust_env=False, follow_redirects=True, headers=headers, timeout=60)
    token = re.search(r'name="token" value="(\w+)"', client.get("/sign-in").text)
    assert token
    answer = client.post("/sign-in", data={"token": token[1], "email": email, "password": password})
    assert answer.status_code == httpx.codes.OK, answer.text
    return client


def _command(*words: str) -> list[str]:
    return [sys.executable, "-c", "from node.main import run; run()", *words]


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", trust_env=False).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
