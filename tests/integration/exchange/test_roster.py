"""Publishing a roster: what the stewards signed is served, and every forgery a hostile hand could stage is refused."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import anyio
import pytest
from tuf.api._payload import DelegatedRole, Delegations, TargetFile
from tuf.api.metadata import Metadata
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet
from tuf.ngclient.config import EnvelopeType

from protocol.documents import to_moment
from protocol.keys import SigningKey
from protocol.roster import MEMBERS, POLICY, SUSPENSIONS, Cleared, Members, Standing
from tests.support.exchange import (
    JSON,
    Federation,
    Peer,
    Stewards,
    bent_policy,
    bundle,
    federation,
    serving,
    signed,
    steward_keys,
)
from tests.support.problems import code

pytestmark = pytest.mark.anyio


async def fetch(exchange: Federation, name: str) -> bytes:
    response = await exchange.send("GET", f"/roster/{name}")
    assert response.status_code == 200, name
    return response.content


async def trusted(exchange: Federation, root: int = 1) -> TrustedMetadataSet:
    """What a client makes of the served files, step by step, with the exchange's idea of now."""
    found = TrustedMetadataSet(await fetch(exchange, "1.root.json"), EnvelopeType.METADATA)
    found.reference_time = exchange.clock.now()
    for version in range(2, root + 1):
        found.update_root(await fetch(exchange, f"{version}.root.json"))
    found.update_timestamp(await fetch(exchange, "timestamp.json"))
    found.update_snapshot(await fetch(exchange, f"{found.timestamp.snapshot_meta.version}.snapshot.json"))
    targets = found.snapshot.meta["targets.json"].version
    found.update_targets(await fetch(exchange, f"{targets}.targets.json"))
    suspensions = found.snapshot.meta["suspensions.json"].version
    file = await fetch(exchange, f"{suspensions}.suspensions.json")
    found.update_delegated_targets(file, "suspensions", "targets")
    return found


async def test_what_was_founded_is_what_a_client_verifies(exchange: Federation, home: Peer, host: Peer) -> None:
    found = await trusted(exchange)

    for name, target in found.targets.targets.items():
        (path,) = target.get_prefixed_paths()
        target.verify_length_and_hashes(await fetch(exchange, f"targets/{path}"))
        assert name in {MEMBERS, POLICY}
    assert found.timestamp.version == 1


async def test_nothing_but_the_founding_token_lets_a_first_root_in(exchange: Federation) -> None:
    body = exchange.stewards.founding()

    assert code(await exchange.publish(body)) == (403, "founding-token")
    assert code(await exchange.publish(body, token="guess")) == (403, "founding-token")
    assert code(await exchange.send("GET", "/roster/1.root.json")) == (404, "item-unknown")
    assert (await exchange.publish(body, token=exchange.stewards.public.founding_token)).status_code == 200


async def test_the_founding_token_works_once(exchange: Federation, host: Peer) -> None:
    token = exchange.stewards.public.founding_token
    usurpers = Stewards(public=exchange.stewards.public, clock=exchange.clock)

    assert code(await exchange.publish(usurpers.founding(), token=token)) == (409, "roster-version")
    usurpers.root_version = usurpers.targets_version = usurpers.suspensions_version = 2
    assert code(await exchange.publish(usurpers.founding(), token=token)) == (403, "roster-signatures")


async def test_before_the_founding_everything_else_waits(exchange: Federation) -> None:
    peer = Peer(clock=exchange.clock)

    assert code(await exchange.poll(peer)) == (503, "federation-unfounded")
    assert (await exchange.send("GET", "/v1/status")).json()["roster"] is None
    assert (await exchange.send("GET", "/readyz")).status_code == 200


async def test_members_are_admitted_suspended_resumed_and_removed(exchange: Federation, home: Peer, host: Peer) -> None:
    await exchange.suspend(host, serial=7)
    assert code(await exchange.send("GET", "/v1/summaries/index", peer=host)) == (403, "member-inactive")

    exchange.stewards.suspended.clear()
    response = await exchange.publish(exchange.stewards.denial())
    assert response.json()["suspensions"] == 3
    still = await exchange.send("GET", "/v1/summaries/index", peer=host)
    exchange.stewards.cleared.append(Cleared(key=exchange.stewards.keys.duty[0].key_id, serial=7))
    await exchange.admit()
    again = await exchange.send("GET", "/v1/summaries/index", peer=host)
    exchange.stewards.members.remove(host)
    await exchange.admit()

    assert code(still) == (403, "member-inactive")
    assert again.status_code == 200
    assert code(await exchange.send("GET", "/v1/summaries/index", peer=host)) == (401, "hop-signature")
    assert (await trusted(exchange)).targets.version == 3


async def test_a_root_is_rotated_by_the_old_and_the_new_stewards(exchange: Federation, host: Peer) -> None:
    stewards = exchange.stewards
    old, stewards.keys = stewards.keys, steward_keys()
    stewards.root_version, stewards.targets_version, stewards.suspensions_version = 2, 2, 2
    members = {MEMBERS: stewards.members_json(), POLICY: stewards.policy_json()}
    denied = stewards.suspensions_json()
    rest = [stewards.targets(members), stewards.suspensions(denied)]
    files = {**members, SUSPENSIONS: denied}

    by_the_new = await exchange.publish(bundle([stewards.root(), *rest], files))
    by_the_old = await exchange.publish(bundle([stewards.root(old.root[:2]), *rest], files))
    both = stewards.root((*old.root[:2], *stewards.keys.root[:2]))
    alone = await exchange.publish(bundle([both], {}))
    together = await exchange.publish(bundle([*rest, both], files))

    assert code(by_the_new) == (403, "roster-signatures")
    assert code(by_the_old) == (403, "roster-signatures")
    assert code(alone) == (403, "roster-signatures")  # the standing targets would no longer hold
    assert together.status_code == 200
    assert (await trusted(exchange, root=2)).root.version == 2


async def test_two_rotations_may_come_at_once_in_any_order(exchange: Federation, host: Peer) -> None:
    stewards = exchange.stewards
    stewards.root_version = 2
    second = stewards.root()
    stewards.root_version = 3

    response = await exchange.publish(bundle([stewards.root(), second], {}))

    assert response.json()["root"] == 3
    assert (await trusted(exchange, root=3)).root.version == 3


def replayed(stewards: Stewards) -> bytes:
    stewards.targets_version = 0
    return stewards.admission()


def skipping(stewards: Stewards) -> bytes:
    stewards.targets_version = 2
    return stewards.admission()


def by_one_steward(stewards: Stewards) -> bytes:
    return _targets(stewards, signers=stewards.keys.admissions[:1])


def by_one_steward_twice(stewards: Stewards) -> bytes:
    one = stewards.keys.admissions[0]
    return _targets(stewards, signers=(one, one))


def by_a_duty_key(stewards: Stewards) -> bytes:
    return _targets(stewards, signers=(*stewards.keys.duty, stewards.keys.admissions[0]))


def by_strangers(stewards: Stewards) -> bytes:
    return _targets(stewards, signers=(SigningKey.generate(), SigningKey.generate()))


def out_of_date(stewards: Stewards) -> bytes:
    return _targets(stewards, expires=stewards.clock.now().replace(microsecond=0) - timedelta(seconds=1))


def without_its_files(stewards: Stewards) -> bytes:
    stewards.targets_version = 2
    return bundle([stewards.targets(_members(stewards))], {})


def with_another_file(stewards: Stewards) -> bytes:
    stewards.targets_version = 2
    members = _members(stewards)
    return bundle([stewards.targets(members)], {**members, MEMBERS: members[MEMBERS] + b" "})


def with_a_stray_file(stewards: Stewards) -> bytes:
    stewards.targets_version = 2
    members = _members(stewards)
    return bundle([stewards.targets(members)], {**members, "stray.json": b"{}"})


def under_a_weaker_hash(stewards: Stewards) -> bytes:
    stewards.targets_version = 2
    members = _members(stewards)
    described = {name: TargetFile.from_data(name, content, ["md5"]) for name, content in members.items()}
    return bundle([stewards.targets(members, targets=described)], members)


def describing_less(stewards: Stewards) -> bytes:
    stewards.targets_version = 2
    members = {MEMBERS: stewards.members_json()}
    return bundle([stewards.targets(members)], members)


def without_delegation(stewards: Stewards) -> bytes:
    return _targets(stewards, delegations=Delegations(keys={}, roles={}))


def delegating_more(stewards: Stewards) -> bytes:
    role = DelegatedRole("suspensions", [], 1, terminating=True, paths=["*.json"])
    return _targets(stewards, delegations=Delegations(keys={}, roles={"suspensions": role}))


def delegating_to_an_admissions_key(stewards: Stewards) -> bytes:
    old = stewards.keys
    stewards.keys = type(old)(root=old.root, admissions=old.admissions, duty=(old.admissions[2],))
    stewards.suspensions_version = 2
    denied = stewards.suspensions_json()
    stewards.targets_version = 2
    members = _members(stewards)
    return bundle([stewards.targets(members), stewards.suspensions(denied)], {**members, SUSPENSIONS: denied})


def for_another_board(stewards: Stewards) -> bytes:
    stewards.targets_version = 2
    members = {MEMBERS: stewards.members_json(), POLICY: stewards.policy_json(bent_policy(stewards.keys))}
    return bundle([stewards.targets(members)], members)


def from_the_future(stewards: Stewards) -> bytes:
    stewards.targets_version = 2
    later = to_moment(stewards.clock.now()) + 400
    members = {**_members(stewards), MEMBERS: Members(signed_at=later, members=()).encode()}
    return bundle([stewards.targets(members)], members)


def unreadable(stewards: Stewards) -> bytes:
    stewards.targets_version = 2
    members = {**_members(stewards), MEMBERS: b'{"signed_at": 1, "signed_at": 2}'}
    return bundle([stewards.targets(members)], members)


def denied_by_an_admissions_key(stewards: Stewards) -> bytes:
    stewards.suspensions_version = 2
    content = stewards.suspensions_json()
    return bundle([stewards.suspensions(content, signers=stewards.keys.admissions[:2])], {SUSPENSIONS: content})


def denied_again(stewards: Stewards) -> bytes:
    content = stewards.suspensions_json()
    return bundle([stewards.suspensions(content)], {SUSPENSIONS: content})


def admitting_by_denial(stewards: Stewards) -> bytes:
    stewards.suspensions_version = 2
    content = {SUSPENSIONS: stewards.suspensions_json(), MEMBERS: stewards.members_json()}
    file = stewards.suspensions(content[SUSPENSIONS], targets={})
    return bundle([file], content)


def a_false_root(stewards: Stewards) -> bytes:
    stewards.root_version = 2
    stewards.keys = steward_keys()
    return bundle([stewards.root()], {})


def a_root_that_skips(stewards: Stewards) -> bytes:
    stewards.root_version = 3
    return bundle([stewards.root()], {})


def a_root_out_of_date(stewards: Stewards) -> bytes:
    stewards.root_version = 2
    return bundle([stewards.root(expires=stewards.clock.now().replace(microsecond=0) - timedelta(days=1))], {})


def a_root_without_consistent_snapshots(stewards: Stewards) -> bytes:
    stewards.root_version = 2
    return bundle([stewards.root(consistent_snapshot=False)], {})


def a_root_that_takes_the_online_keys_away(stewards: Stewards) -> bytes:
    stewards.root_version = 2
    root = Metadata.from_bytes(stewards.root())
    root.signed.roles["snapshot"].keyids = [stewards.keys.root[0].key_id]
    root.signatures.clear()
    return bundle([signed(root, stewards.keys.root[:2])], {})


def a_root_that_names_one_key_twice(stewards: Stewards) -> bytes:
    stewards.root_version = 2
    root = Metadata.from_bytes(stewards.root())
    key = root.signed.keys[stewards.keys.admissions[0].key_id].to_dict()
    twin = {"keyid": "0" * 43, **key}
    text = json.loads(root.to_bytes())
    text["signed"]["keys"]["0" * 43] = {name: twin[name] for name in ("keytype", "scheme", "keyval")}
    text["signed"]["roles"]["targets"]["keyids"].append("0" * 43)
    bent = Metadata.from_bytes(json.dumps(text).encode())
    bent.signatures.clear()
    return bundle([signed(bent, stewards.keys.root[:2])], {})


def two_targets_at_once(stewards: Stewards) -> bytes:
    stewards.targets_version = 2
    members = _members(stewards)
    one = stewards.targets(members)
    stewards.targets_version = 3
    return bundle([one, stewards.targets(members)], members)


def an_online_file(stewards: Stewards) -> bytes:
    return bundle([json.dumps({"signatures": [], "signed": _TIMESTAMP}).encode()], {})


def nothing(_: Stewards) -> bytes:
    return bundle([], {})


def garbage(_: Stewards) -> bytes:
    return bundle([b"garbage"], {})


def not_base64(_: Stewards) -> bytes:
    return json.dumps({"metadata": ["*"], "targets": {}}).encode()


_TIMESTAMP = {
    "_type": "timestamp",
    "version": 1,
    "spec_version": "1.0.31",
    "expires": "2030-01-01T00:00:00Z",
    "meta": {"snapshot.json": {"version": 1}},
}


def _members(stewards: Stewards) -> dict[str, bytes]:
    return {MEMBERS: stewards.members_json(), POLICY: stewards.policy_json()}


def _targets(stewards: Stewards, *, signers: tuple[SigningKey, ...] | None = None, **bent: object) -> bytes:
    stewards.targets_version = 2
    members = _members(stewards)
    return bundle([stewards.targets(members, signers, **bent)], members)


@pytest.mark.parametrize(
    ("staged", "refusal"),
    [
        (replayed, (409, "roster-version")),
        (skipping, (409, "roster-version")),
        (by_one_steward, (403, "roster-signatures")),
        (by_one_steward_twice, (403, "roster-signatures")),
        (by_a_duty_key, (403, "roster-signatures")),
        (by_strangers, (403, "roster-signatures")),
        (out_of_date, (422, "roster-expired")),
        (without_its_files, (422, "roster-mix")),
        (with_another_file, (422, "roster-mix")),
        (with_a_stray_file, (422, "roster-mix")),
        (under_a_weaker_hash, (422, "roster-mix")),
        (describing_less, (422, "roster-mix")),
        (without_delegation, (422, "roster-invalid")),
        (delegating_more, (422, "roster-invalid")),
        (delegating_to_an_admissions_key, (422, "roster-invalid")),
        (for_another_board, (422, "roster-invalid")),
        (from_the_future, (422, "roster-invalid")),
        (unreadable, (400, "json-duplicate-key")),
        (denied_by_an_admissions_key, (403, "roster-signatures")),
        (denied_again, (409, "roster-version")),
        (admitting_by_denial, (422, "roster-mix")),
        (a_false_root, (403, "roster-signatures")),
        (a_root_that_skips, (409, "roster-version")),
        (a_root_out_of_date, (422, "roster-expired")),
        (a_root_without_consistent_snapshots, (422, "roster-invalid")),
        (a_root_that_takes_the_online_keys_away, (422, "roster-invalid")),
        (a_root_that_names_one_key_twice, (422, "roster-invalid")),
        (two_targets_at_once, (422, "roster-mix")),
        (an_online_file, (422, "roster-mix")),
        (nothing, (422, "roster-mix")),
        (garbage, (422, "roster-invalid")),
        (not_base64, (422, "roster-invalid")),
    ],
)
async def test_what_a_member_would_refuse_is_never_published(
    tmp_path: Path, sqlite_url: str, staged: Callable[[Stewards], bytes], refusal: tuple[int, str]
) -> None:
    async with federation(tmp_path, sqlite_url) as exchange:
        await exchange.found(Peer(clock=exchange.clock))
        before = await fetch(exchange, "timestamp.json")
        exchange.clock.advance(timedelta(seconds=5))

        response = await exchange.publish(staged(exchange.stewards))

        assert code(response) == refusal
        assert await fetch(exchange, "timestamp.json") == before


async def test_a_first_roster_must_be_whole(exchange: Federation) -> None:
    stewards, token = exchange.stewards, exchange.stewards.public.founding_token
    members = _members(stewards)

    no_root = await exchange.publish(bundle([stewards.targets(members)], members), token=token)
    no_targets = await exchange.publish(bundle([stewards.root()], {}), token=token)
    no_denial = await exchange.publish(bundle([stewards.root(), stewards.targets(members)], members), token=token)

    assert [code(response) for response in (no_root, no_targets, no_denial)] == [(422, "roster-mix")] * 3


async def test_a_first_roster_brings_every_file_it_describes(exchange: Federation) -> None:
    stewards, token = exchange.stewards, exchange.stewards.public.founding_token
    members, denied = _members(stewards), stewards.suspensions_json()
    metadata = [stewards.root(), stewards.targets(members), stewards.suspensions(denied)]

    response = await exchange.publish(bundle(metadata, members), token=token)

    assert code(response) == (422, "roster-mix")
    assert response.json()["params"] == {"missing": SUSPENSIONS}


async def test_online_files_are_signed_again_before_they_expire(exchange: Federation, host: Peer) -> None:
    services = exchange.app.state.edge.services
    assert services.renew_roster() is False

    for _ in range(5):
        exchange.clock.advance(timedelta(hours=14))
        assert services.renew_roster() is True

    exchange.clock.advance(timedelta(hours=1))
    exchange.stewards.suspensions_version = 2
    content = exchange.stewards.suspensions_json()
    await exchange.publish(bundle([exchange.stewards.suspensions(content)], {SUSPENSIONS: content}))
    assert (await trusted(exchange)).timestamp.version == 7


async def test_an_exchange_without_federation_renews_nothing(exchange: Federation) -> None:
    assert exchange.app.state.edge.services.renew_roster() is False


async def test_files_are_cached_for_ever_but_the_timestamp(exchange: Federation, host: Peer) -> None:
    root = await exchange.send("GET", "/roster/1.root.json")
    again = await exchange.send("GET", "/roster/1.root.json", headers={"if-none-match": root.headers["etag"]})
    timestamp = await exchange.send("GET", "/roster/timestamp.json")

    assert "immutable" in root.headers["cache-control"]
    assert (again.status_code, again.content) == (304, b"")
    assert timestamp.headers["cache-control"] == "no-cache"
    assert code(await exchange.send("GET", "/roster/2.root.json")) == (404, "item-unknown")
    assert code(await exchange.send("GET", "/roster/../exchange.toml")) == (404, "not-found")


async def test_another_replica_learns_of_a_suspension_by_itself(exchange: Federation, home: Peer, host: Peer) -> None:
    async with serving(exchange.settings, exchange.clock, exchange.stewards) as other:
        assert (await other.send("GET", "/v1/summaries/index", peer=host)).status_code == 200

        await exchange.suspend(host)

        refused = await other.send("GET", "/v1/summaries/index", peer=host)
        with anyio.fail_after(10):
            while refused.status_code == 200:
                refused = await other.send("GET", "/v1/summaries/index", peer=host)
        assert code(refused) == (403, "member-inactive")


async def test_a_member_counts_from_the_day_it_is_valid(exchange: Federation, host: Peer) -> None:
    exchange.stewards.targets_version = 2
    later = host.member().model_copy(update={"valid_from": to_moment(exchange.clock.now()) + 60})
    members = Members(signed_at=to_moment(exchange.clock.now()), members=(later,)).encode()
    content = {MEMBERS: members, POLICY: exchange.stewards.policy_json()}
    await exchange.publish(bundle([exchange.stewards.targets(content)], content))

    early = await exchange.poll(host)
    exchange.clock.advance(timedelta(seconds=61))

    assert code(early) == (403, "member-unknown")
    assert (await exchange.poll(host)).status_code == 200
    assert host.status is Standing.ACTIVE


async def test_a_body_that_is_not_the_agreed_json_is_refused(exchange: Federation) -> None:
    twice = b'{"metadata": [], "metadata": [], "targets": {}}'
    deep = b'{"metadata": ' + b"[" * 40 + b"]" * 40 + b"}"

    assert code(await exchange.send("PUT", "/v1/roster/staged", body=deep, media=JSON)) == (400, "json-too-deep")
    assert code(await exchange.send("PUT", "/v1/roster/staged", body=twice, media=JSON)) == (400, "json-duplicate-key")
