"""What the tests stand on says plainly when it cannot carry them."""

from pathlib import Path

import pytest

from tests.support.postgres import find_binaries
from tests.support.waiting import NeverHappenedError, wait_until


def test_a_machine_without_postgresql_fails_and_names_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(pytest.fail.Exception, match="install Debian's package `postgresql`"):
        find_binaries(tmp_path)


def test_the_newest_server_is_chosen_by_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for version in ("9", "15", "17"):
        (tmp_path / version / "bin").mkdir(parents=True)

    assert find_binaries(tmp_path) == tmp_path / "17" / "bin"


def test_what_never_happens_is_named() -> None:
    with pytest.raises(NeverHappenedError, match="the letter did not come true"):
        wait_until(lambda: False, within=0.05, what="the letter")
