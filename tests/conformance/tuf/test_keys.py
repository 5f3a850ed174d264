"""Whose signatures count: thresholds, kinds of keys, rotation (specification 4.2, 5.3)."""

import json

import pytest

from tests.conformance.tuf.conftest import Client
from tests.conformance.tuf.repository import TOP, Repository, signer
from tests.support.site import Answer


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_keys_of_every_kind_verify(client: Client, repository: Repository, kind: str) -> None:
    for role in TOP:
        repository.add_key(role, signer(kind))
        repository.root.roles[role].threshold = 2
    repository.publish_root(bump=True)
    repository.roots = repository.roots[1:]
    client.init(repository.roots[0])

    assert client.refresh() == 0


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_fewer_signatures_than_the_threshold_are_refused(client: Client, repository: Repository, role: str) -> None:
    missing = repository.add_key(role)
    repository.root.roles[role].threshold = 2
    repository.publish_root(bump=True)
    client.init()
    del repository.signers[role][missing.public_key.keyid]

    assert client.refresh() == 1
    assert role not in client.trusted
    repository.signers[role][missing.public_key.keyid] = missing
    assert client.refresh() == 0


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_one_signature_given_twice_counts_once(client: Client, repository: Repository, role: str) -> None:
    other = repository.add_key(role)
    repository.root.roles[role].threshold = 2
    repository.publish_root(bump=True)
    del repository.signers[role][other.public_key.keyid]
    client.init()
    held = {"timestamp": repository.timestamp, "snapshot": repository.snapshot, "targets": repository.targets}[role]
    raw = json.loads(repository.sign(role, held))
    path = "/metadata/timestamp.json" if role == "timestamp" else f"/metadata/1.{role}.json"
    raw["signatures"] *= 2
    repository.instead[path] = Answer(200, json.dumps(raw).encode())
    assert client.refresh() == 1

    raw["signatures"] = [raw["signatures"][0], {**raw["signatures"][0], "keyid": other.public_key.keyid}]
    repository.instead[path] = Answer(200, json.dumps(raw).encode())
    assert client.refresh() == 1
    assert role not in client.trusted


def test_one_key_named_twice_in_a_role_counts_once(client: Client, repository: Repository) -> None:
    raw = json.loads(repository.roots[0])
    role = raw["signed"]["roles"]["timestamp"]
    role["keyids"], role["threshold"] = role["keyids"] * 2, 2

    assert client.init(json.dumps(raw).encode()) == 1


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_a_signature_by_a_key_of_another_role_is_refused(client: Client, repository: Repository, role: str) -> None:
    client.init()
    repository.signers[role] = dict(repository.signers["root"])

    assert client.refresh() == 1
    assert role not in client.trusted


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_a_changed_file_under_an_old_signature_is_refused(client: Client, repository: Repository, role: str) -> None:
    client.init()
    held = {"timestamp": repository.timestamp, "snapshot": repository.snapshot, "targets": repository.targets}[role]
    raw = json.loads(repository.sign(role, held))
    raw["signed"]["x-added"] = True
    path = "/metadata/timestamp.json" if role == "timestamp" else f"/metadata/1.{role}.json"
    repository.instead[path] = Answer(200, json.dumps(raw).encode())

    assert client.refresh() == 1


def test_a_key_id_need_not_be_the_hash_of_its_key(client: Client, repository: Repository) -> None:
    made = signer()
    made.public_key.keyid = "chosen-freely"
    repository.add_key("timestamp", made)
    repository.root.roles["timestamp"].threshold = 2
    repository.publish_root(bump=True)
    client.init()

    assert client.refresh() == 0


def test_a_root_without_a_role_is_no_root(client: Client, repository: Repository) -> None:
    raw = json.loads(repository.roots[0])
    del raw["signed"]["roles"]["snapshot"]

    assert client.init(json.dumps(raw).encode()) == 1


# -- rotation of the root


def test_a_root_is_followed_over_many_rotations(client: Client, repository: Repository) -> None:
    for _ in range(6):
        old = list(repository.signers["root"].values())
        repository.rotate("root")
        repository.rotate("timestamp")
        repository.publish_root(*old, bump=True)
    client.init()

    assert client.refresh() == 0
    assert client.trusted["root"] == 7


def test_a_root_that_the_old_keys_did_not_sign_is_refused(client: Client, repository: Repository) -> None:
    repository.rotate("root")
    repository.publish_root(bump=True)
    client.init()

    assert client.refresh() == 1
    assert client.trusted == {"root": 1}


def test_a_root_that_its_own_keys_did_not_sign_is_refused(client: Client, repository: Repository) -> None:
    old = dict(repository.signers["root"])
    repository.rotate("root")
    repository.signers["root"] = old
    repository.publish_root(bump=True)
    client.init()

    assert client.refresh() == 1


def test_a_raised_threshold_of_the_root_holds_for_itself(client: Client, repository: Repository) -> None:
    repository.root.roles["root"].threshold = 2
    repository.publish_root(bump=True)
    client.init()

    assert client.refresh() == 1
    assert client.trusted == {"root": 1}


def test_a_good_root_before_a_bad_one_is_kept(client: Client, repository: Repository) -> None:
    repository.publish_root(bump=True)
    repository.rotate("root")
    repository.publish_root(bump=True)
    client.init()

    assert client.refresh() == 1
    assert client.trusted == {"root": 2}


@pytest.mark.parametrize("role", ["timestamp", "snapshot"])
def test_old_keys_of_an_online_role_count_no_more_after_rotation(
    trusting: Client, repository: Repository, role: str
) -> None:
    old = dict(repository.signers[role])
    repository.rotate(role)
    repository.publish_root(bump=True)
    repository.signers[role] = old
    repository.update_snapshot()

    assert trusting.refresh() == 1
