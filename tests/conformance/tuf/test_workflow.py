"""The client workflow of the specification (5.1 to 5.6): what is fetched, in which order, and what is kept."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.tuf.conftest import Client
from tests.conformance.tuf.repository import Repository, in_days
from tests.support.site import Answer


def test_a_root_is_trusted_without_asking_anybody(client: Client, repository: Repository) -> None:
    assert client.init() == 0

    assert client.trusted == {"root": 1}
    assert repository.asked == []


def test_a_refresh_fetches_each_file_once_and_in_order(client: Client) -> None:
    client.init()

    assert client.refresh() == 0

    assert client.fetched == ["2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"]
    assert client.trusted == {"root": 1, "timestamp": 1, "snapshot": 1, "targets": 1}


def test_without_consistent_snapshots_names_carry_no_version(client: Client, repository: Repository) -> None:
    repository.root.consistent_snapshot = False
    repository.publish_root(bump=True)
    client.init()

    assert client.refresh() == 0

    assert client.fetched == ["2.root.json", "3.root.json", "timestamp.json", "snapshot.json", "targets.json"]


def test_an_unchanged_repository_is_asked_for_the_timestamp_only(trusting: Client) -> None:
    assert trusting.refresh() == 0

    assert trusting.fetched == ["2.root.json", "timestamp.json"]


def test_a_changed_one_is_followed(trusting: Client, repository: Repository) -> None:
    repository.targets.version += 1
    repository.update_snapshot()

    assert trusting.refresh() == 0

    assert trusting.versions == (1, 2, 2, 2)


def test_without_a_trusted_root_nothing_is_fetched(client: Client, repository: Repository) -> None:
    assert client.refresh() == 1
    assert repository.asked == []


@pytest.mark.parametrize("rubbish", [b"", b"{}", b"[" * 100_000, b"\xff\xfe", b'{"signed": {"_type": "root"}}'])
def test_rubbish_is_no_trusted_root(client: Client, rubbish: bytes) -> None:
    assert client.init(rubbish or b" ") == 1
    assert client.trusted == {}


def test_a_file_that_is_no_root_is_not_trusted(client: Client, repository: Repository) -> None:
    assert client.init(repository.sign("targets", repository.targets)) == 1


@pytest.mark.parametrize("role", ["timestamp", "1.snapshot", "1.targets"])
@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"{}"),
        Answer(200, b"not json at all"),
        Answer(200, b'{"a":' * 50_000),
        Answer(200, b'{"signed": {"version": 1e999}, "signatures": []}'),
        Answer(200, b" " * 6_000_000),
        Answer(404),
        Answer(403),
        Answer(500),
        Answer(302, headers={"location": "http://127.0.0.1:1/elsewhere"}),
    ],
    ids=["empty", "no-json", "deep", "huge-number", "oversized", "missing", "forbidden", "broken", "redirect"],
)
def test_an_answer_that_is_no_signed_file_changes_nothing(
    client: Client, repository: Repository, role: str, answer: Answer
) -> None:
    client.init()
    repository.instead[f"/metadata/{role}.json"] = answer

    assert client.refresh() == 1

    assert role.removeprefix("1.") not in client.trusted


@pytest.mark.parametrize("role", ["snapshot", "targets"])
def test_a_file_of_another_type_is_refused(client: Client, repository: Repository, role: str) -> None:
    client.init()
    repository.instead[f"/metadata/1.{role}.json"] = Answer(200, repository.sign("timestamp", repository.timestamp))

    assert client.refresh() == 1
    assert role not in client.trusted


def test_fields_nobody_knows_are_kept_and_verified(client: Client, repository: Repository) -> None:
    for signed in (repository.root, repository.timestamp, repository.snapshot, repository.targets):
        signed.unrecognized_fields["x-later"] = {"a": [1, "é"]}
    repository.publish_root(bump=True)
    client.init()

    assert client.refresh() == 0
    assert client.read("targets").unrecognized_fields == {"x-later": {"a": [1, "é"]}}


@pytest.mark.parametrize("version", ["2.0.0", "abc", ""])
def test_another_major_version_of_the_specification_is_refused(
    client: Client, repository: Repository, version: str
) -> None:
    client.init()
    repository.timestamp.spec_version = version

    assert client.refresh() == 1


def test_many_roots_are_followed_up_to_the_most_there_may_be(client: Client, repository: Repository) -> None:
    for _ in range(300):
        repository.publish_root(bump=True)
    client.init()

    assert client.refresh() == 0

    assert client.trusted["root"] == 257


def test_it_is_one_command_of_one_process(client: Client, repository: Repository, tmp_path: Path) -> None:
    repository.add_target("file.txt", b"content")
    trusted = tmp_path / "root.json"
    trusted.write_bytes(repository.roots[0])
    command = [str(Path(sys.executable).with_name("mentorweave")), "roster", "--metadata-dir", str(tmp_path / "md")]
    where = ["--metadata-url", f"{client.url}/metadata/"]
    target = ["--target-name", "file.txt", "--target-base-url", f"{client.url}/targets/", "--target-dir"]

    def run(*arguments: str) -> int:
        return subprocess.run([*command, *arguments], check=False, capture_output=True, timeout=60).returncode

    assert run("init", str(trusted)) == 0
    assert run(*where, "refresh") == 0
    assert run(*where, *target, str(tmp_path / "t"), "download") == 0
    assert [path.read_bytes() for path in (tmp_path / "t").iterdir()] == [b"content"]
    repository.timestamp.expires = in_days(-1)
    repository.update_timestamp()
    assert run(*where, "refresh") == 1
