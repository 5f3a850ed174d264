"""Delegated roles: searched in order, depth first, each once, and never with more trust than given (5.6.7)."""

from hashlib import sha256

import pytest

from tests.conformance.tuf.conftest import Client
from tests.conformance.tuf.repository import Repository, in_days, signer


def publish(repository: Repository) -> None:
    repository.targets.version += 1
    repository.update_snapshot()


def roles(client: Client) -> list[str]:
    """The delegated roles fetched, in order."""
    top = ("root", "timestamp", "snapshot", "targets")
    names = [path.removesuffix(".json").partition(".")[2] or path for path in client.fetched]
    return [name for name in names if name not in {*top, "json", "timestamp.json"}]


def test_the_search_is_depth_first_and_in_order(client: Client, repository: Repository) -> None:
    for parent, name in [("targets", "a"), ("targets", "b"), ("a", "c"), ("a", "d"), ("c", "e")]:
        repository.delegate(parent, name, "*.txt")
    publish(repository)
    client.init()

    assert client.download("wanted.txt") == 1
    assert roles(client) == ["a", "c", "e", "d", "b"]


def test_a_role_reached_twice_is_visited_once_and_a_circle_ends(client: Client, repository: Repository) -> None:
    repository.delegate("targets", "a", "*")
    repository.delegate("a", "b", "*")
    over = repository.delegated["b"]
    over.delegations = repository.targets.delegations
    publish(repository)
    client.init()

    assert client.download("wanted.txt") == 1
    assert roles(client) == ["a", "b"]


def test_the_first_role_that_describes_a_target_decides(client: Client, repository: Repository) -> None:
    for name in ("first", "second"):
        repository.delegate("targets", name, "*.txt")
    repository.add_target("file.txt", b"of the second", "second")
    repository.add_target("file.txt", b"of the first", "first")
    publish(repository)
    client.init()

    assert client.download("file.txt") == 0
    assert client.downloaded == [b"of the first"]
    assert roles(client) == ["first"]


def test_a_terminating_role_ends_the_search(client: Client, repository: Repository) -> None:
    repository.delegate("targets", "last", "*.txt", terminating=True)
    repository.delegate("targets", "after", "*.txt")
    repository.add_target("file.txt", b"content", "after")
    publish(repository)
    client.init()

    assert client.download("file.txt") == 1
    assert roles(client) == ["last"]


def test_a_terminating_role_that_is_not_asked_ends_nothing(client: Client, repository: Repository) -> None:
    repository.delegate("targets", "elsewhere", "*.csv", terminating=True)
    repository.delegate("targets", "after", "*.txt")
    repository.add_target("file.txt", b"content", "after")
    publish(repository)
    client.init()

    assert client.download("file.txt") == 0


@pytest.mark.parametrize(
    ("pattern", "name", "found"),
    [
        ("*.txt", "file.txt", True),
        ("*.txt", "folder/file.txt", False),
        ("folder/*.txt", "folder/file.txt", True),
        ("folder/*", "folder/deep/file.txt", False),
        ("*/*.txt", "folder/file.txt", True),
        ("file-?.txt", "file-a.txt", True),
        ("file-?.txt", "file-ab.txt", False),
        ("*", "file.txt", True),
        ("file.txt", "file.txt", True),
        ("", "file.txt", False),
    ],
)
def test_a_pattern_covers_no_more_than_it_says(
    client: Client, repository: Repository, pattern: str, name: str, *, found: bool
) -> None:
    repository.delegate("targets", "role", pattern)
    repository.add_target(name, b"content", "role")
    publish(repository)
    client.init()

    assert client.download(name) == (0 if found else 1)


def test_a_role_may_be_given_the_names_with_a_prefix_of_their_hash(client: Client, repository: Repository) -> None:
    digest = sha256(b"file.txt").hexdigest()
    repository.delegate("targets", "other", prefixes=["0" if digest[0] != "0" else "1"])
    repository.delegate("targets", "ours", prefixes=[digest[:2]])
    repository.add_target("file.txt", b"content", "ours")
    publish(repository)
    client.init()

    assert client.download("file.txt") == 0
    assert roles(client) == ["ours"]


@pytest.mark.parametrize(
    "name", ["?", "#", "/delegated", "../delegated", "a role", "rôle", "per%2Fcent", ".", "a.json"]
)
def test_a_role_may_have_any_name_and_stays_in_its_folder(client: Client, repository: Repository, name: str) -> None:
    repository.delegate("targets", name, "*")
    repository.add_target("file.txt", b"content", name)
    publish(repository)
    client.init()

    assert client.download("file.txt") == 0

    assert client.downloaded == [b"content"]
    files = {path.parent for path in client.folder.rglob("*.json")}
    assert files == {client.folder, client.metadata_dir, client.metadata_dir / "root_history"}


def test_a_delegated_role_signed_by_others_is_refused(client: Client, repository: Repository) -> None:
    repository.delegate("targets", "role", "*")
    repository.add_target("file.txt", b"content", "role")
    publish(repository)
    made = signer()
    repository.signers["role"] = {made.public_key.keyid: made}
    client.init()

    assert client.download("file.txt") == 1


def test_a_delegated_role_past_its_end_is_refused(client: Client, repository: Repository) -> None:
    repository.delegate("targets", "role", "*").expires = in_days(-1)
    repository.add_target("file.txt", b"content", "role")
    publish(repository)
    client.init()

    assert client.download("file.txt") == 1


def test_a_delegated_role_cannot_go_back(client: Client, repository: Repository) -> None:
    held = repository.delegate("targets", "role", "*")
    held.version = 5
    repository.add_target("file.txt", b"content", "role")
    publish(repository)
    client.init()
    assert client.download("file.txt") == 0
    held.version = 4
    publish(repository)

    assert client.download("file.txt") == 1


def test_a_delegated_role_the_snapshot_does_not_name_is_refused(client: Client, repository: Repository) -> None:
    repository.delegate("targets", "role", "*")
    repository.add_target("file.txt", b"content", "role")
    publish(repository)
    del repository.snapshot.meta["role.json"]
    client.init()

    assert client.download("file.txt") == 1


def test_an_endless_chain_of_roles_is_given_up(client: Client, repository: Repository) -> None:
    parent = "targets"
    for number in range(40):
        repository.delegate(parent, f"r{number}", "*")
        parent = f"r{number}"
    repository.add_target("file.txt", b"content", parent)
    publish(repository)
    client.init()

    assert client.download("file.txt") == 1
    assert len(roles(client)) == 32
