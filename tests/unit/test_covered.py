"""The gate of coverage says no where a line or a branch of a domain is missed, or too much of all."""

import json
from pathlib import Path

import pytest

from tests import covered


def _measured(**missed: list[int]) -> str:
    files = {
        path.replace("__", "/") + ".py": {
            "executed_lines": list(range(1, 95)),
            "executed_branches": [[1, 2]],
            "missing_lines": lines,
            "missing_branches": [[7, 0]] if lines else [],
        }
        for path, lines in missed.items()
    }
    return json.dumps({"files": files})


@pytest.mark.parametrize("path", ["protocol__ids", "node__domain__pair", "federation__exchange__domain__board"])
def test_nothing_of_a_domain_may_be_missed(path: str) -> None:
    found = covered.failures(covered.read(_measured(**{path: [40], "node__main": []})))

    assert found == (f"{path.replace('__', '/')}.py: 40, 7->0",)


def test_of_all_else_one_in_twenty_may_be() -> None:
    fair, poor = (covered.read(_measured(node__main=lines)) for lines in ([40, 41, 42, 43], [40, 41, 42, 43, 44]))

    assert (covered.percent(fair), covered.failures(fair)) == (95, ())
    assert covered.failures(poor) == ("node/main.py: 6 missed",)


def test_it_ends_with_one_and_names_the_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "measured").write_text(_measured(protocol__ids=[40]), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["covered", str(tmp_path / "measured")])

    assert covered.main() == 1
    assert capsys.readouterr().out == "protocol/ids.py: 40, 7->0\ncoverage: 97.9 % of 1 files\n"
