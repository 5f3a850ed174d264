"""The command as a process of its own: exit codes, streams, and one person writing while another reads."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.commands import INIT
from tests.support.processes import ROOT


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MENTORWEAVE_")}
    own = {"MENTORWEAVE_DATA_DIR": str(tmp_path / "data"), "MENTORWEAVE_KEYS_DIR": str(tmp_path / "keys")}
    return {**inherited, **own, "PYTHONPATH": str(ROOT)}


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "from node.main import run; run()", *arguments]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_a_program_is_founded_and_refusals_leave_one_document(environment: dict[str, str]) -> None:
    assert ended(start(environment, "init", *INIT, "--unattended"))[0] == 0

    code, out, err = ended(start(environment, "people", "show", "nobody", "--json"))

    assert (code, err) == (1, "")
    assert json.loads(out)["code"] == "unknown-person"
    assert ended(start(environment, "people", "fly"))[0] == 2


def test_two_imports_at_once_bring_everybody_in_once(environment: dict[str, str], tmp_path: Path) -> None:
    ended(start(environment, "init", *INIT, "--unattended"))
    imports = []
    for number in range(2):
        file = tmp_path / f"{number}.csv"
        rows = "".join(f"Person {number}-{row},,Redcliff,21300,en\n" for row in range(200))
        file.write_text(f"name,email,community,occupation,languages\n{rows}")
        imports.append(start(environment, "people", "import", str(file), "--kind", "mentees"))
    assert [ended(process)[0] for process in imports] == [0, 0]

    _, out, _ = ended(start(environment, "people", "list", "--json"))

    assert len(json.loads(out)) == 400


def test_of_fifty_thousand_rows_with_a_wrong_last_one_nobody_comes_in(
    environment: dict[str, str], tmp_path: Path
) -> None:
    ended(start(environment, "init", *INIT, "--unattended"))
    rows = "".join(f"Person {row},{row}@example.org,Redcliff,21300,en:8\n" for row in range(49_999))
    file = tmp_path / "people.csv"
    file.write_text(f"name,email,community,occupation,languages\n{rows}Last,last@example.org,Atlantis,21300,en:8\n")

    code, out, _ = ended(start(environment, "people", "import", str(file), "--kind", "mentees", "--json"))

    assert code == 1
    assert [(problem["row"], problem["column"]) for problem in json.loads(out)["problems"]] == [(50_001, "community")]
    assert json.loads(ended(start(environment, "people", "list", "--json"))[1]) == []
