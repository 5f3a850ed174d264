"""Running `mentorweave` in this process, as a person types it."""

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from federation.ground.cli import main
from federation.ground.writing import Json
from node.cli.session import word_refusal
from node.main import app

INIT = (
    "--name", "Medicine Hat Mentors", "--region", "Alberta", "--community", "Medicine Hat", "--community", "Redcliff",
    "--operator", "Pat Doe", "--operator-email", "pat@example.org",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What a command left: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Json:
        """The one JSON document of `--json`."""
        parsed: Json = json.loads(self.out)
        return parsed

    @property
    def fields(self) -> dict[str, Json]:
        """The JSON document, which is an object."""
        assert isinstance(self.document, dict)
        return self.document

    @property
    def items(self) -> list[dict[str, Json]]:
        """The JSON document, which is a list of objects."""
        assert isinstance(self.document, list)
        return [item for item in self.document if isinstance(item, dict)]


Run = Callable[..., Said]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command on a data folder of this test's own."""
    for name in ("MENTORWEAVE_PASSPHRASE_FILE", "MENTORWEAVE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MENTORWEAVE_KEYS_DIR", str(tmp_path / "keys"))
    monkeypatch.setenv("MENTORWEAVE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")

    def run_one(*arguments: str, typed: str | None = None) -> Said:
        if typed is not None:
            file = tmp_path / "typed"
            file.write_text(typed)
            with file.open() as stdin, monkeypatch.context() as patch:
                patch.setattr(sys, "stdin", stdin)
                code = main(app, arguments, words=word_refusal)
        else:
            code = main(app, arguments, words=word_refusal)
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return run_one


@pytest.fixture
def program(run: Run, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same, in a founded program: the first test founds it, and every further one gets a copy."""
    kept = tmp_path_factory.getbasetemp() / "founded"
    source, target = (kept, tmp_path) if kept.exists() else (tmp_path, kept)
    if target is kept:
        assert run("init", *INIT, "--unattended").code == 0
    for folder in ("data", "keys"):
        shutil.copytree(source / folder, target / folder)
    return run
