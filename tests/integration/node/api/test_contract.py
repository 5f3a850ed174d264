"""The OpenAPI document is kept: schemathesis calls a real server with what it allows, and with what it forbids.

All of its checks run, with links followed from answer to call. One thing it takes for an error is none: a call may
have the right form and still say what the program cannot read, such as a name for an occupation. `only_rules` sees to
it that such a 422 names the rule.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from node.domain.token import Scope
from tests.support.commands import Run
from tests.support.processes import ROOT
from tests.support.waiting import wait_until

SCOPES = [word for scope in Scope for word in ("--scope", scope)]
CONFIG = """
hooks = "only_rules.py"
seed = 20270301
[checks]
positive_data_acceptance.expected-statuses = ["2xx", "401", "403", "404", "409", "412", "422", "429"]
negative_data_rejection.expected-statuses = ["400", "401", "403", "404", "405", "409", "413", "415", "422", "429"]
"""
ONLY_RULES = """
import schemathesis

@schemathesis.check
def only_rules(ctx, response, case):
    if case.meta and case.meta.generation.mode.is_positive and response.status_code == 422:
        assert response.json()["code"] in {"key-reused", "cells-unreadable"}, response.text
"""


@pytest.fixture
def token(program: Run, tmp_path: Path) -> str:
    """A token for everything, in a program of some mentees and mentors, with a draft."""
    for kind in ("mentees", "mentors"):
        rows = "".join(f"{kind} Number {n},{kind}{n}@example.org,Redcliff,31102,en:8,3\n" for n in range(30))
        file = tmp_path / f"{kind}.csv"
        file.write_text(f"name,email,community,occupation,languages,seats\n{rows}", "utf-8")
        assert program("people", "import", str(file), "--kind", kind).code == 0
    assert program("match", "draft").code == 0
    given = program("users", "token", "add", "pat@example.org", "--name", "a test", *SCOPES, "--json")
    return str(given.fields["secret"])


@pytest.fixture
def environment(token: str) -> dict[str, str]:
    """Where the program lies, for processes of their own."""
    return {**os.environ, "MENTORWEAVE_API_CALLS_A_MINUTE": "1000000", "PYTHONPATH": str(ROOT)}


@pytest.fixture
def address(environment: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """Where the program is served."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-c", "from node.main import run; run()", "serve", "--port", str(port)]
    with (tmp_path / "serve.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        wait_until(lambda: _is_ready(url) or server.poll() is not None, within=60, what="readiness")
        assert server.poll() is None, (tmp_path / "serve.log").read_text("utf-8")
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", trust_env=False).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


@pytest.mark.timeout(300)  # half a minute of work, on a busy machine far more
def test_a_real_server_keeps_to_its_document(
    address: str, token: str, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "schemathesis.toml").write_text(CONFIG, "utf-8")
    (tmp_path / "only_rules.py").write_text(ONLY_RULES, "utf-8")
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{address}/api/v1/openapi.json", "--checks", "all"),
        *("--header", f"Authorization: Bearer {token}", "--phases", "examples,coverage,fuzzing,stateful"),
        *("--max-examples", "8", "--no-color"),
    ]

    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    failures = done.stdout.partition("= FAILURES =")[2].partition("= WARNINGS =")[0]
    assert done.returncode == 0, "\n".join(line[:300] for line in (failures or done.stdout + done.stderr).splitlines())
    assert " Stateful" in done.stdout
    assert "[error" not in (tmp_path / "serve.log").read_text("utf-8")
