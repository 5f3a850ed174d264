"""A key file opens with its passphrase, and says plainly why when it does not."""

import json
import os
from pathlib import Path

import pytest

from federation.ground.keyfile import (
    KeyfileDamagedError,
    KeyfileMissingError,
    PassphraseNeededError,
    WrongPassphraseError,
    is_bare,
    read,
    write,
)

SECRET = b"\x00secret\xff" * 4


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "node.key"


def change(path: Path, **fields: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


def test_the_secret_comes_back_with_its_passphrase(path: Path) -> None:
    write(path, SECRET, "correct horse")

    assert read(path, "correct horse") == SECRET
    assert not is_bare(path)
    assert b"secret" not in path.read_bytes()


def test_another_passphrase_is_refused(path: Path) -> None:
    write(path, SECRET, "correct horse")

    with pytest.raises(WrongPassphraseError):
        read(path, "battery staple")


@pytest.mark.parametrize("passphrase", [None, ""])
def test_an_encrypted_file_asks_for_its_passphrase(path: Path, passphrase: str | None) -> None:
    write(path, SECRET, "correct horse")

    with pytest.raises(PassphraseNeededError):
        read(path, passphrase)


@pytest.mark.parametrize("passphrase", [None, ""])
def test_no_passphrase_writes_nothing_unless_bare_was_asked_for(path: Path, passphrase: str | None) -> None:
    with pytest.raises(PassphraseNeededError):
        write(path, SECRET, passphrase)

    assert not path.exists()


def test_a_bare_file_opens_for_anybody_and_says_so(path: Path) -> None:
    write(path, SECRET, None, bare=True)

    assert read(path, None) == read(path, "any") == SECRET
    assert is_bare(path)


def test_only_the_owner_may_read_it(path: Path) -> None:
    path.write_bytes(b"old")
    path.chmod(0o644)
    write(path, SECRET, "correct horse")

    # Windows keeps access lists instead of modes.
    assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o600


def test_a_new_passphrase_replaces_the_old_one(path: Path) -> None:
    write(path, SECRET, "old")
    write(path, SECRET, "new")

    assert read(path, "new") == SECRET
    with pytest.raises(WrongPassphraseError):
        read(path, "old")


def test_two_files_of_one_secret_and_passphrase_share_nothing(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.key"
    write(path, SECRET, "same")
    write(other, SECRET, "same")

    one, two = (json.loads(file.read_text()) for file in (path, other))
    assert one["salt"] != two["salt"]
    assert one["content"] != two["content"]


def test_a_missing_file_says_so(path: Path) -> None:
    with pytest.raises(KeyfileMissingError):
        read(path, "any")


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"not json"])
def test_a_file_that_is_no_key_file_says_so(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    with pytest.raises(KeyfileDamagedError):
        read(path, "any")


@pytest.mark.parametrize("cost", [1024, 2**21, -1, "32768", 32768.0, True, 2**15 + 1])
def test_a_planted_file_cannot_choose_a_weak_or_a_ruinous_cost(path: Path, cost: object) -> None:
    write(path, SECRET, "correct horse")
    change(path, scrypt_n=cost)

    with pytest.raises(KeyfileDamagedError):
        read(path, "correct horse")


def test_a_cost_within_bounds_that_was_changed_opens_nothing(path: Path) -> None:
    write(path, SECRET, "correct horse")
    change(path, scrypt_n=2**15)

    with pytest.raises(WrongPassphraseError):
        read(path, "correct horse")


@pytest.mark.parametrize("field", ["salt", "content"])
def test_a_field_that_is_no_base64_is_damage(path: Path, field: str) -> None:
    write(path, SECRET, "correct horse")
    change(path, **{field: "***"})

    with pytest.raises(KeyfileDamagedError):
        read(path, "correct horse")
