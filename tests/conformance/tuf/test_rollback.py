"""Going back, standing still and mixing are refused (specification 5.3 to 5.6), and what may be recovered from is."""

import pytest
from tuf.api._payload import MetaFile

from tests.conformance.tuf.conftest import Client
from tests.conformance.tuf.repository import Repository, in_days, signer
from tests.support.site import Answer


@pytest.fixture
def advanced(trusting: Client, repository: Repository) -> Client:
    """A client that trusts version 3 of what changes."""
    for _ in range(2):
        repository.targets.version += 1
        repository.update_snapshot()
    assert trusting.refresh() == 0
    assert trusting.versions == (1, 3, 3, 3)
    return trusting


def test_an_older_timestamp_is_refused(advanced: Client, repository: Repository) -> None:
    repository.timestamp.version = 2

    assert advanced.refresh() == 1
    assert advanced.versions == (1, 3, 3, 3)


def test_a_timestamp_of_the_same_version_changes_nothing(advanced: Client, repository: Repository) -> None:
    held = (advanced.metadata_dir / "timestamp.json").read_bytes()
    repository.timestamp.snapshot_meta = MetaFile(77)

    assert advanced.refresh() == 0
    assert (advanced.metadata_dir / "timestamp.json").read_bytes() == held


def test_a_newer_timestamp_that_names_an_older_snapshot_is_refused(advanced: Client, repository: Repository) -> None:
    repository.snapshot.version = 2
    repository.update_timestamp()

    assert advanced.refresh() == 1
    assert advanced.versions == (1, 3, 3, 3)


def test_a_newer_snapshot_that_names_older_targets_is_refused(advanced: Client, repository: Repository) -> None:
    repository.targets.version = 2
    repository.update_snapshot()

    assert advanced.refresh() == 1
    assert advanced.trusted["targets"] == 3


def test_a_newer_snapshot_that_leaves_out_a_role_is_refused(trusting: Client, repository: Repository) -> None:
    repository.delegate("targets", "extra", "extra/*")
    repository.targets.version += 1
    repository.update_snapshot()
    assert trusting.refresh() == 0
    repository.delegated.clear()
    del repository.snapshot.meta["extra.json"]
    repository.update_snapshot()

    assert trusting.refresh() == 1


def test_a_snapshot_of_another_version_than_the_timestamp_names_is_refused(
    trusting: Client, repository: Repository
) -> None:
    old = repository.sign("snapshot", repository.snapshot)
    repository.update_snapshot()
    repository.instead["/metadata/2.snapshot.json"] = Answer(200, old)

    assert trusting.refresh() == 1
    assert trusting.trusted["snapshot"] == 1


def test_targets_of_another_version_than_the_snapshot_names_are_refused(
    trusting: Client, repository: Repository
) -> None:
    old = repository.sign("targets", repository.targets)
    repository.targets.version += 1
    repository.update_snapshot()
    repository.instead["/metadata/2.targets.json"] = Answer(200, old)

    assert trusting.refresh() == 1
    assert trusting.trusted["targets"] == 1


@pytest.mark.parametrize("role", ["snapshot", "targets"])
def test_files_that_do_not_belong_together_are_refused_by_hash(
    client: Client, repository: Repository, role: str
) -> None:
    held = repository.snapshot if role == "snapshot" else repository.targets
    held.unrecognized_fields["x-mixed"] = 1
    repository.hashes_meta = True
    repository.update_snapshot()
    client.init()
    held.unrecognized_fields["x-mixed"] = 2  # as long as before: only the hash tells

    assert client.refresh() == 1
    assert role not in client.trusted


def test_a_root_of_the_same_or_a_skipped_version_is_refused(trusting: Client, repository: Repository) -> None:
    repository.publish_root()
    assert trusting.refresh() == 1

    repository.roots.pop()
    repository.root.version = 3
    repository.publish_root()
    assert trusting.refresh() == 1
    assert trusting.trusted["root"] == 1


def test_a_root_that_lowers_the_version_is_refused(trusting: Client, repository: Repository) -> None:
    repository.publish_root(bump=True)
    assert trusting.refresh() == 0
    repository.root.version = 1
    repository.publish_root()

    assert trusting.refresh() == 1
    assert trusting.trusted["root"] == 2


# -- freeze


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_what_is_past_its_end_is_refused(client: Client, repository: Repository, role: str) -> None:
    held = {"timestamp": repository.timestamp, "snapshot": repository.snapshot, "targets": repository.targets}
    held[role].expires = in_days(-1)
    client.init()

    assert client.refresh() == 1
    assert role not in client.trusted


def test_a_root_past_its_end_stops_everything_but_an_older_one_on_the_way_does_not(
    client: Client, repository: Repository
) -> None:
    repository.root.expires = in_days(-1)
    repository.publish_root(bump=True)
    client.init()
    assert client.refresh() == 1
    assert client.versions == (2,), "the newest root is kept, and nothing is believed under it"

    repository.root.expires = in_days(10)
    repository.publish_root(bump=True)
    assert client.refresh() == 0
    assert client.trusted["root"] == 3


def test_what_ended_here_is_renewed_from_there(trusting: Client, repository: Repository) -> None:
    repository.timestamp.expires = in_days(-1)
    repository.update_timestamp()
    assert trusting.refresh() == 1
    assert trusting.trusted["timestamp"] == 1

    repository.timestamp.expires = in_days(1)
    repository.update_timestamp()
    assert trusting.refresh() == 0
    assert trusting.trusted["timestamp"] == 3


# -- fast-forward recovery (5.3.11)


def test_after_a_fast_forward_new_keys_of_the_timestamp_let_everybody_return(
    trusting: Client, repository: Repository
) -> None:
    repository.timestamp.version = 99_999
    assert trusting.refresh() == 0
    repository.rotate("timestamp")
    repository.publish_root(bump=True)
    repository.timestamp.version = 1

    assert trusting.refresh() == 0
    assert trusting.trusted["timestamp"] == 1


def test_after_a_fast_forward_new_keys_of_the_snapshot_let_everybody_return(
    trusting: Client, repository: Repository
) -> None:
    repository.snapshot.version = 99_999
    repository.update_timestamp()
    assert trusting.refresh() == 0
    repository.rotate("snapshot")
    repository.rotate("timestamp")
    repository.publish_root(bump=True)
    repository.snapshot.version = 1
    repository.update_timestamp()

    assert trusting.refresh() == 0
    assert trusting.trusted["snapshot"] == 1


def test_after_a_fast_forward_of_targets_a_new_snapshot_key_lets_everybody_return(
    trusting: Client, repository: Repository
) -> None:
    repository.targets.version = 99_999
    repository.update_snapshot()
    assert trusting.refresh() == 0
    repository.rotate("snapshot")
    repository.rotate("timestamp")
    repository.publish_root(bump=True)
    repository.targets.version = 1
    repository.update_snapshot()

    assert trusting.refresh() == 0
    assert trusting.trusted["targets"] == 1


def test_without_new_keys_a_fast_forward_cannot_be_taken_back(trusting: Client, repository: Repository) -> None:
    repository.timestamp.version = 99_999
    assert trusting.refresh() == 0
    repository.timestamp.version = 2
    repository.add_key("targets", signer())
    repository.publish_root(bump=True)

    assert trusting.refresh() == 1
    assert trusting.trusted["timestamp"] == 99_999
