"""A file is replaced whole or not at all."""

import os
from pathlib import Path

import pytest

from federation.ground.files import write_atomically


def test_the_new_bytes_replace_the_old(tmp_path: Path) -> None:
    path = tmp_path / "roster.json"
    write_atomically(path, b"old")
    write_atomically(path, b"new")

    assert path.read_bytes() == b"new"
    assert [file.name for file in tmp_path.iterdir()] == ["roster.json"]


def test_a_write_that_fails_leaves_the_old_bytes_and_nothing_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "roster.json"
    write_atomically(path, b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(path, b"new")

    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["roster.json"]


def test_a_platform_that_cannot_sync_a_folder_still_replaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "O_DIRECTORY", raising=False)

    write_atomically(tmp_path / "file", b"bytes", mode=0o644)

    assert (tmp_path / "file").read_bytes() == b"bytes"
