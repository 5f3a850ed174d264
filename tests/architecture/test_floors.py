"""Every import contract of pyproject.toml bites: of a copy of the house with bad imports in it, each one is named."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT, files

# Contract and what it forbids -> files planted against it, each file for one case only.
PLANTED = {
    "folders": {"protocol/planted_floor.py": "import federation.ground"},
    "node": {"node/domain/planted_floor.py": "import node.services"},
    "node, a module without a floor": {"node/attic.py": ""},
    "federation": {"federation/ground/planted_floor.py": "import federation.exchange"},
    "federation, siblings": {"federation/exchange/planted_sibling.py": "import federation.membership"},
    "inner": {
        "federation/exchange/domain/planted_inner.py": "import federation.exchange.api.planted_inner_end",
        "federation/exchange/api/planted_inner_end.py": "",
    },
    "member": {"node/adapters/planted_member.py": "import federation.governance"},
    "border": {"node/adapters/planted_border.py": "import protocol.envelope"},
    "seals": {"node/services/planted_seal.py": "import federation.membership"},
    "story": {"node/demo/planted_story.py": "import node.services"},
    "pure": {"protocol/planted_socket.py": "import socket"},
    "pure, by a detour": {
        "node/domain/planted_detour.py": "import federation.ground.planted_detour_end",
        "federation/ground/planted_detour_end.py": "import time",
    },
    "ports": {"node/services/planted_port.py": "import sqlalchemy"},
    "cycles": {
        "node/domain/planted_ring.py": "import node.domain.planted_round",
        "node/domain/planted_round.py": "import node.domain.planted_ring",
    },
}


def names() -> dict[str, str]:
    """Every contract's title, by its id."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return {contract["id"]: contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]}


def test_every_contract_has_a_planted_violation() -> None:
    assert {case.partition(",")[0] for case in PLANTED} == names().keys()


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of a copy of the house with everything bad in it at once."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for package in PACKAGES:
        for path in files(".py", under=package):
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, copy / path)
    for name, line in (planted for case in PLANTED.values() for planted in case.items()):
        file = copy / name
        file.parent.mkdir(parents=True, exist_ok=True)
        (file.parent / "__init__.py").touch()
        file.write_text(line + "\n", "utf-8")

    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-logo", "--no-cache"], cwd=copy, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("case", PLANTED)
def test_a_bad_import_is_refused(case: str, verdict: str) -> None:
    title = names()[case.partition(",")[0]]
    broken = verdict.partition("Broken contracts")[2]
    told = broken.partition(f"\n{title}\n---")[2].partition("\n---")[0]
    assert Path(next(iter(PLANTED[case]))).stem in told, verdict
