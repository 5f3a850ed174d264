"""What we depend on is chosen, justified and pinned: pyproject.toml, the decision record and the pins agree."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, read

RECORD = Path("docs/decisions/0001-dependencies.md")


def chosen(*extras: str) -> set[str]:
    """The packages named in pyproject.toml."""
    settings = tomllib.loads(read(Path("pyproject.toml")))
    lines = [
        *settings["project"]["dependencies"],
        *settings["dependency-groups"]["build"],
        *(line for extra in extras for line in settings["project"]["optional-dependencies"][extra]),
    ]
    return {re.split(r"[^A-Za-z0-9-]", line.replace("_", "-").replace(".", "-"))[0].lower() for line in lines}


def pinned(file: str) -> dict[str, str]:
    """What a requirements file installs, with its pin."""
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[^\]]*\])?(==[^ \\]+)", read(Path(file)), re.MULTILINE))


def test_every_runtime_dependency_has_a_licence_and_a_reason_on_record() -> None:
    rows = re.findall(r"^\| ([a-z0-9-]+) \| (\S[^|]*) \| (\S[^|]*) \|$", read(RECORD), re.MULTILINE)

    assert {name for name, _, _ in rows} - {"package", "---"} == chosen()


@pytest.mark.parametrize(("file", "extras"), [("requirements.txt", ()), ("requirements-dev.txt", ("dev",))])
def test_every_dependency_is_pinned_by_hash(file: str, extras: tuple[str, ...]) -> None:
    text = read(Path(file))

    assert chosen(*extras) - set(pinned(file)) == set(), "run `make requirements`"
    entries = re.findall(r"^\w.*$(?:\n +\S.*)*", text, re.MULTILINE)
    assert [entry for entry in entries if "==" not in entry or "\n    --hash=sha256:" not in entry] == []


def test_developers_run_what_is_shipped() -> None:
    runtime, developers = pinned("requirements.txt"), pinned("requirements-dev.txt")

    assert runtime.items() <= developers.items()


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_pins_name_no_source(file: str) -> None:
    assert re.findall(r"://|--index|--extra-index|--find-links|--trusted-host", read(Path(file))) == []


def test_the_pins_are_for_the_oldest_python_we_promise() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

    assert settings["project"]["requires-python"] == ">=3.11"
    assert "--python-version 3.11" in read(Path("Makefile"))
