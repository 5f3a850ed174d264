"""The commands by which a conformance suite of TUF clients drives this roster client."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from federation.ground.clock import SystemClock
from federation.membership import conformance
from federation.membership.conformance import roster_app
from tests.support.federation import Federation
from tests.support.simulated_exchange import SimulatedExchange

Run = Callable[..., int]


@pytest.fixture
def exchange(tmp_path: Path) -> SimulatedExchange:
    federation = Federation(tmp_path)
    # The suite's clients read the machine's clock, so these files are signed at that time.
    federation.clock.set(SystemClock().now())
    federation.renew()
    return federation.exchange


@pytest.fixture
def run(exchange: SimulatedExchange, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(conformance, "client", exchange.connect)

    def run(*arguments: str) -> int:
        where = ("--metadata-dir", str(tmp_path / "client"), "--metadata-url", f"{exchange.url}/roster/")
        return CliRunner().invoke(roster_app, [*where, *arguments]).exit_code

    return run


def root(exchange: SimulatedExchange, tmp_path: Path) -> str:
    path = tmp_path / "trusted.json"
    path.write_bytes(exchange.stewards.files["1.root.json"])
    return str(path)


def test_refresh_follows_a_trusted_root(exchange: SimulatedExchange, run: Run, tmp_path: Path) -> None:
    assert run("init", root(exchange, tmp_path)) == 0
    assert run("refresh") == 0

    names = {path.name for path in (tmp_path / "client").glob("*.json")}
    assert names == {"root.json", "timestamp.json", "snapshot.json", "targets.json"}


def test_what_does_not_verify_ends_with_one(exchange: SimulatedExchange, run: Run, tmp_path: Path) -> None:
    assert run("refresh") == 1
    assert run("init", root(exchange, tmp_path)) == 0
    exchange.stewards.files["timestamp.json"] = b"{}"

    assert run("refresh") == 1


def test_a_rubbish_root_is_not_trusted(run: Run, tmp_path: Path) -> None:
    (tmp_path / "rubbish.json").write_bytes(b"{}")

    assert run("init", str(tmp_path / "rubbish.json")) == 1
    assert run("init", str(tmp_path / "missing.json")) == 1


def test_targets_are_downloaded_once(exchange: SimulatedExchange, run: Run, tmp_path: Path) -> None:
    run("init", root(exchange, tmp_path))
    wanted = (
        "--target-name",
        "members.json",
        "--target-name",
        "suspensions.json",
        "--target-base-url",
        f"{exchange.url}/roster/targets/",
        "--target-dir",
        str(tmp_path / "targets"),
    )

    assert run(*wanted, "download") == 0
    assert run(*wanted, "download") == 0

    downloads = [path for _, path in exchange.requests if "/targets/" in path]
    assert len(downloads) == 2
    assert {path.name for path in (tmp_path / "targets").iterdir()} == {"members.json", "suspensions.json"}
    assert run("--target-name", "nothing.json", "download") == 1
