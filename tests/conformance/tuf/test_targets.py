"""Described files: what is fetched verifies, what is here is not fetched again, odd names stay names (5.7)."""

import pytest

from tests.conformance.tuf.conftest import Client
from tests.conformance.tuf.repository import Repository
from tests.support.site import Answer

NAMES = [
    "plain.txt",
    "in/a/folder.txt",
    "with space.txt",
    "élève.txt",
    "per%20cent.txt",
    "tilde~plus+comma,.txt",
    "dots..in.name",
    "日本/語.txt",
]


@pytest.fixture(params=[True, False], ids=["consistent", "plain"])
def repository(request: pytest.FixtureRequest) -> Repository:
    made = Repository()
    made.root.consistent_snapshot = request.param
    made.roots.clear()
    made.publish_root()
    return made


@pytest.mark.parametrize("name", NAMES)
def test_a_target_is_fetched_once_whatever_its_name(client: Client, repository: Repository, name: str) -> None:
    content = b"content of " + name.encode()
    repository.add_target(name.replace("%20", " "), content)
    repository.add_target(name, content)
    client.init()

    assert client.download(name) == 0
    assert client.downloaded == [content]
    assert len(client.fetched_targets) == 1
    assert client.download(name) == 0
    assert client.fetched_targets == []


@pytest.mark.parametrize("name", ["../outside.txt", "/absolute.txt", "a/../../outside.txt"])
def test_no_name_leads_out_of_the_folder(client: Client, repository: Repository, name: str) -> None:
    repository.add_target(name, b"escaped")
    client.init()
    before = {path for path in client.folder.rglob("*") if path.is_file()}

    client.download(name)

    new = {path for path in client.folder.rglob("*") if path.is_file()} - before
    assert all(path.is_relative_to(client.metadata_dir) or path.parent == client.folder / "targets" for path in new)
    assert not (client.folder.parent / "outside.txt").exists()


def test_several_targets_come_in_one_go(client: Client, repository: Repository) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        repository.add_target(name, name.encode())
    client.init()

    assert client.download("a.txt", "b.txt") == 0
    assert client.downloaded == [b"a.txt", b"b.txt"]


def test_a_target_nobody_describes_is_refused(client: Client, repository: Repository) -> None:
    client.init()

    assert client.download("nothing.txt") == 1
    assert client.download() == 2


@pytest.mark.parametrize("served", [b"another text", b"short", b"content and much more", b""])
def test_a_target_of_another_hash_or_length_is_refused(client: Client, repository: Repository, served: bytes) -> None:
    repository.add_target("file.txt", b"content text")
    client.init()
    assert client.download("file.txt") == 0
    repository.add_target("file.txt", b"newer   text")
    repository.targets.version += 1
    repository.update_snapshot()
    digest = repository.targets.targets["file.txt"].hashes["sha256"]
    path = f"/targets/{digest}.file.txt" if repository.root.consistent_snapshot else "/targets/file.txt"
    repository.instead[path] = Answer(200, served)

    assert client.download("file.txt") == 1
    assert client.downloaded == [b"content text"]


def test_a_target_that_is_not_served_is_refused(client: Client, repository: Repository) -> None:
    repository.add_target("file.txt", b"content")
    repository.content.clear()
    client.init()

    assert client.download("file.txt") == 1
    assert client.downloaded == []


def test_a_changed_target_is_fetched_again(client: Client, repository: Repository) -> None:
    repository.add_target("file.txt", b"one")
    client.init()
    assert client.download("file.txt") == 0
    for content in (b"two", b"three"):
        repository.add_target("file.txt", content)
        repository.targets.version += 1
        repository.update_snapshot()
        assert client.download("file.txt") == 0
        assert client.downloaded == [content]


def test_a_target_damaged_here_is_fetched_again(client: Client, repository: Repository) -> None:
    repository.add_target("file.txt", b"content")
    client.init()
    assert client.download("file.txt") == 0
    next((client.folder / "targets").iterdir()).write_bytes(b"damaged")

    assert client.download("file.txt") == 0
    assert client.downloaded == [b"content"]


def test_a_big_target_arrives_whole(client: Client, repository: Repository) -> None:
    content = bytes(range(256)) * (48 * 1024)
    repository.add_target("big.bin", content)
    client.init()

    assert client.download("big.bin") == 0
    assert client.downloaded == [content]


def test_more_bytes_than_described_are_not_kept(client: Client, repository: Repository) -> None:
    repository.add_target("file.txt", b"x")
    client.init()
    digest = repository.targets.targets["file.txt"].hashes["sha256"]
    path = f"/targets/{digest}.file.txt" if repository.root.consistent_snapshot else "/targets/file.txt"
    repository.instead[path] = Answer(200, b"x" * 3_000_000)

    assert client.download("file.txt") == 1
    assert client.downloaded == []


def test_a_target_with_no_hash_we_know_is_refused(client: Client, repository: Repository) -> None:
    repository.add_target("file.txt", b"content")
    repository.targets.targets["file.txt"].hashes = {"rot13": "pbagrag"}
    client.init()

    assert client.download("file.txt") == 1
