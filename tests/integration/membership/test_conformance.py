"""The commands for signed files follow the roster of a federation, whose suspensions are a delegated role."""

from pathlib import Path

import pytest

from federation.ground.clock import SystemClock
from federation.membership import conformance
from federation.membership.conformance import SignedFiles
from tests.support.federation import Federation


def test_the_files_of_a_federation_are_followed_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    federation = Federation(tmp_path)
    # The commands read the machine's clock, so these files are signed at that time.
    federation.clock.set(SystemClock().now())
    federation.renew()
    exchange = federation.exchange
    monkeypatch.setattr(conformance, "client", lambda **_limits: exchange.connect())
    (tmp_path / "trusted.json").write_bytes(exchange.stewards.files["1.root.json"])
    files = SignedFiles(
        metadata_dir=tmp_path / "client",
        metadata_url=f"{exchange.url}/roster/",
        target_base_url=f"{exchange.url}/roster/targets/",
    )

    files.init(tmp_path / "trusted.json")
    files.refresh()
    files.download(("members.json", "suspensions.json"))
    files.download(("members.json", "suspensions.json"))

    downloads = [path for _, path in exchange.requests if "/targets/" in path]
    assert len(downloads) == 2
    assert {path.name for path in (tmp_path / "client").glob("*.json")} == {
        "root.json", "timestamp.json", "snapshot.json", "targets.json", "suspensions.json",
    }  # fmt: skip
