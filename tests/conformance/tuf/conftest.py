"""A repository, a site that serves it, and `mentorweave roster` as a person or a suite types it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tuf.api._payload import Root, Snapshot, Targets, Timestamp
from tuf.api.metadata import Metadata

from federation.ground.cli import main
from node.cli.session import word_refusal
from node.main import app
from tests.conformance.tuf.repository import TOP, Repository, served


@dataclass
class Client:
    """The command, on folders of one test."""

    folder: Path
    url: str
    repository: Repository

    def init(self, root: bytes | None = None) -> int:
        trusted = self.folder / "trusted.json"
        trusted.write_bytes(root or self.repository.roots[0])
        return main(app, [*self._where[:3], "init", str(trusted)], words=word_refusal)

    def refresh(self) -> int:
        self.repository.asked.clear()
        return main(app, [*self._where, "refresh"], words=word_refusal)

    def download(self, *names: str) -> int:
        self.repository.asked.clear()
        wanted = [part for name in names for part in ("--target-name", name)]
        also = ["--target-base-url", f"{self.url}/targets/", "--target-dir", str(self.folder / "targets")]
        return main(app, [*self._where, *wanted, *also, "download"], words=word_refusal)

    @property
    def _where(self) -> list[str]:
        return ["roster", "--metadata-dir", str(self.metadata_dir), "--metadata-url", f"{self.url}/metadata/"]

    @property
    def metadata_dir(self) -> Path:
        return self.folder / "metadata"

    @property
    def trusted(self) -> dict[str, int]:
        """The version of every file that is trusted now."""
        return {path.stem: self.read(path.stem).version for path in self.metadata_dir.glob("*.json")}

    @property
    def versions(self) -> tuple[int, ...]:
        """Root, timestamp, snapshot, targets; those that are there."""
        held = self.trusted
        return tuple(held[role] for role in TOP if role in held)

    def read(self, role: str) -> Root | Timestamp | Snapshot | Targets:
        signed: Root | Timestamp | Snapshot | Targets = Metadata.from_file(
            str(self.metadata_dir / f"{role}.json")
        ).signed
        return signed

    @property
    def downloaded(self) -> list[bytes]:
        return sorted(path.read_bytes() for path in (self.folder / "targets").rglob("*") if path.is_file())

    @property
    def fetched(self) -> list[str]:
        return [path.removeprefix("/metadata/") for path in self.repository.asked if path.startswith("/metadata/")]

    @property
    def fetched_targets(self) -> list[str]:
        return [path.removeprefix("/targets/") for path in self.repository.asked if path.startswith("/targets/")]


@pytest.fixture
def repository() -> Repository:
    return Repository()


@pytest.fixture
def client(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    # No program, no settings: the command must not look for any.
    monkeypatch.setenv("MENTORWEAVE_DATA_DIR", str(tmp_path / "nothing-here"))
    with served(repository) as site:
        yield Client(tmp_path, site.url, repository)
    assert not (tmp_path / "nothing-here").exists()


@pytest.fixture
def trusting(client: Client) -> Client:
    """A client that trusts version 1 of everything."""
    assert client.init() == 0
    assert client.refresh() == 0
    assert client.versions == (1, 1, 1, 1)
    return client
