"""Every import contract of pyproject.toml bites: a copy of the house with one bad import in it is refused."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT, files

PLANTED = {
    "folders": {"protocol/planted.py": "import federation.ground"},
    "node": {"node/domain/planted.py": "import node.services"},
    "node, a module without a floor": {"node/attic.py": ""},
    "federation": {"federation/ground/planted.py": "import federation.exchange"},
    "federation, siblings": {"federation/exchange/planted.py": "import federation.membership"},
    "inner": {
        "federation/exchange/domain/planted.py": "import federation.exchange.api.planted",
        "federation/exchange/api/planted.py": "",
    },
    "member": {"node/adapters/planted.py": "import federation.governance"},
    "border": {"node/adapters/planted.py": "import protocol.envelope"},
    "seals": {"node/services/planted.py": "import federation.membership"},
    "story": {"node/demo/planted.py": "import node.services"},
    "pure": {"protocol/planted.py": "import socket"},
    "pure, by a detour": {
        "node/domain/planted.py": "import federation.ground.planted",
        "federation/ground/planted.py": "import time",
    },
    "ports": {"node/services/planted.py": "import sqlalchemy"},
    "cycles": {
        "node/domain/planted.py": "import node.domain.planted_too",
        "node/domain/planted_too.py": "import node.domain.planted",
    },
}


def contracts() -> set[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return {contract["id"] for contract in settings["tool"]["importlinter"]["contracts"]}


def test_every_contract_has_a_planted_violation() -> None:
    assert {case.partition(",")[0] for case in PLANTED} == contracts()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        for path in files(".py", under=package):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, tmp_path / path)
    return tmp_path


@pytest.mark.parametrize("case", PLANTED)
def test_a_bad_import_is_refused(case: str, copy: Path) -> None:
    for name, line in PLANTED[case].items():
        file = copy / name
        file.parent.mkdir(parents=True, exist_ok=True)
        (file.parent / "__init__.py").touch()
        file.write_text(line + "\n", "utf-8")

    lint = Path(sys.executable).with_name("lint-imports")
    contract = case.partition(",")[0]
    done = subprocess.run(
        [lint, "--no-logo", "--no-cache", "--contract", contract], cwd=copy, capture_output=True, text=True, check=False
    )

    assert "0 kept, 1 broken" in done.stdout, done.stdout + done.stderr
    assert "planted" in done.stdout or "attic" in done.stdout
