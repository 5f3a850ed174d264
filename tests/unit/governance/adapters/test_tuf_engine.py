"""What the engine writes is TUF by the letter; what was bent by hand is refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from federation.governance.adapters.tuf_engine import TufEngine
from federation.governance.domain import changes
from federation.governance.domain.content import Bundle, Content
from federation.governance.domain.errors import FalseKeyIdError, ProposalDamagedError, ProposalsDifferError
from federation.governance.domain.trust import RoleName
from federation.ground.writing import Json
from protocol.keys import SigningKey
from tests.support.clock import NOON
from tests.unit.governance.domain.builders import content, member

ENGINE = TufEngine()
Bend = Callable[[dict[str, Json]], None]


def written() -> tuple[Content, Bundle]:
    start = content("Ada", "Ben")
    return start, ENGINE.write(start, None)


def bent(metadata: bytes | None, bend: Bend) -> bytes:
    assert metadata is not None
    document = json.loads(metadata)
    bend(document["signed"])
    return json.dumps(document).encode()


def test_what_is_written_is_read_as_it_was() -> None:
    start, bundle = written()
    assert ENGINE.read(bundle) == start


def test_only_what_changed_is_written_and_an_unchanged_policy_keeps_its_bytes() -> None:
    start, base = written()
    after = ENGINE.write(changes.admit(start, member(), NOON + timedelta(days=1)), base)
    assert (after.root, after.suspensions, after.suspensions_file) == (None, None, None)
    assert after.policy_file == base.policy_file
    assert ENGINE.read(after.over(base)).members.members[0].name == "Medicine Hat"


def test_a_key_listed_under_a_false_id_is_refused_so_that_no_key_counts_twice() -> None:
    _, bundle = written()

    def list_twice(root: dict[str, Json]) -> None:
        keys, roles = root["keys"], root["roles"]
        assert isinstance(keys, dict)
        assert isinstance(roles, dict)
        role = roles["root"]
        assert isinstance(role, dict)
        ids = role["keyids"]
        assert isinstance(ids, list)
        keys["f" * 43] = keys[str(ids[0])]
        ids.append("f" * 43)

    with pytest.raises(FalseKeyIdError):
        ENGINE.read(replace(bundle, root=bent(bundle.root, list_twice)))


def test_files_that_do_not_match_their_hash_are_refused() -> None:
    _, bundle = written()
    with pytest.raises(ProposalDamagedError) as refusal:
        ENGINE.read(replace(bundle, policy_file=b"{}"))
    assert refusal.value.params == {"file": "policy.json"}


@pytest.mark.parametrize("missing", ["root", "targets", "suspensions", "members_file"])
def test_a_bundle_with_a_missing_file_is_refused(missing: str) -> None:
    _, bundle = written()
    with pytest.raises(ProposalDamagedError):
        ENGINE.read(replace(bundle, **{missing: None}))


@pytest.mark.parametrize(
    "bundle",
    [
        pytest.param(lambda files: replace(files, root=files.targets), id="targets as root"),
        pytest.param(lambda files: replace(files, targets=files.root), id="root as targets"),
        pytest.param(lambda files: replace(files, root=b"{}"), id="no metadata"),
    ],
)
def test_metadata_of_another_kind_is_refused(bundle: Callable[[Bundle], Bundle]) -> None:
    with pytest.raises(ProposalDamagedError):
        ENGINE.read(bundle(written()[1]))


def _no_delegation(signed: dict[str, Json]) -> None:
    del signed["delegations"]


def _wider_path(signed: dict[str, Json]) -> None:
    delegations = signed["delegations"]
    assert isinstance(delegations, dict)
    roles = delegations["roles"]
    assert isinstance(roles, list)
    assert isinstance(roles[0], dict)
    roles[0]["paths"] = ["*"]


@pytest.mark.parametrize("bend", [_no_delegation, _wider_path])
def test_duty_may_sign_suspensions_and_nothing_else(bend: Bend) -> None:
    _, bundle = written()
    with pytest.raises(ProposalDamagedError):
        ENGINE.read(replace(bundle, targets=bent(bundle.targets, bend)))


@pytest.mark.parametrize(
    ("field", "value"),
    [("keytype", "rsa"), ("scheme", "rsassa-pss-sha256"), ("keyval", {"public": "xyz"}), ("keyval", {"public": "00"})],
)
def test_keys_of_another_kind_are_refused(field: str, value: Json) -> None:
    _, bundle = written()

    def bend(root: dict[str, Json]) -> None:
        keys = root["keys"]
        assert isinstance(keys, dict)
        for key in keys.values():
            assert isinstance(key, dict)
            key[field] = value

    with pytest.raises((ProposalDamagedError, FalseKeyIdError)):
        ENGINE.read(replace(bundle, root=bent(bundle.root, bend)))


def test_a_signature_is_found_only_where_it_holds() -> None:
    _, bundle = written()
    key, other = SigningKey.generate(), SigningKey.generate()
    assert bundle.targets is not None
    signed = ENGINE.sign(bundle.targets, key)
    assert ENGINE.is_signed_by(signed, key.public.jwk)
    assert not ENGINE.is_signed_by(signed, other.public.jwk)
    moved = bent(signed, lambda content: content.update(version=9))
    assert not ENGINE.is_signed_by(moved, key.public.jwk)


def test_signatures_are_joined_only_over_the_same_content() -> None:
    _, bundle = written()
    assert bundle.targets is not None
    assert bundle.suspensions is not None
    ada, ben = SigningKey.generate(), SigningKey.generate()
    both = ENGINE.merge(ENGINE.sign(bundle.targets, ada), ENGINE.sign(bundle.targets, ben))
    assert ENGINE.is_signed_by(both, ada.public.jwk)
    assert ENGINE.is_signed_by(both, ben.public.jwk)
    with pytest.raises(ProposalsDifferError):
        ENGINE.merge(bundle.targets, bundle.suspensions)


def test_a_check_tells_who_signed_and_how_many_are_missing() -> None:
    _, bundle = written()
    checks = ENGINE.check(bundle, None)
    assert [(check.role, check.missing, check.unsigned) for check in checks] == [
        (RoleName.ROOT, 1, ("Ada", "Ben")),
        (RoleName.TARGETS, 1, ("Ada", "Ben")),
        (RoleName.SUSPENSIONS, 1, ("Ada", "Ben")),
    ]
