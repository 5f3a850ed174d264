"""One state of the roster follows another by rule."""

from dataclasses import replace
from datetime import timedelta

import pytest

from federation.governance.domain import changes
from federation.governance.domain.content import Bundle, Versions
from federation.governance.domain.errors import AlreadyMemberError, KeyVersionError, NothingToChangeError
from federation.governance.domain.trust import RoleName, Rotation
from protocol.ids import KeyId
from protocol.keys import SigningKey
from protocol.roster import NotMemberError, Standing, Suspension
from tests.support.clock import NOON
from tests.unit.governance.domain.builders import NODE, OTHER, content, member, steward

LATER = NOON + timedelta(days=1)
DUTY = KeyId("d" * 43)
NOBODY: frozenset[Suspension] = frozenset()


def test_a_change_of_members_dates_and_numbers_the_admissions_file_alone() -> None:
    before = content()
    after = changes.admit(before, member(), LATER)
    assert after.versions == Versions(root=1, targets=2, suspensions=1)
    assert after.members.signed_at == int(LATER.timestamp())
    assert after.expires.targets == LATER + timedelta(days=90)
    assert (after.expires.root, after.suspensions) == (before.expires.root, before.suspensions)


def test_ids_and_identities_occur_once() -> None:
    first = member()
    with_one = changes.admit(content(), first, LATER)
    with pytest.raises(AlreadyMemberError):
        changes.admit(with_one, member(), LATER)
    with pytest.raises(AlreadyMemberError):
        changes.admit(with_one, first.model_copy(update={"id": OTHER}), LATER)


def test_a_new_identity_brings_a_higher_key_version_and_touches_nobody_else() -> None:
    two = changes.admit(changes.admit(content(), member(), LATER), member(OTHER), LATER)
    identity = SigningKey.generate().public.jwk
    after = changes.rekey(two, NODE, identity, 2, LATER)
    assert (after.members.members[0].identity, after.members.members[0].min_key_version) == (identity, 2)
    assert after.members.members[1] == two.members.members[1]
    with pytest.raises(KeyVersionError):
        changes.rekey(after, NODE, SigningKey.generate().public.jwk, 2, LATER)
    with pytest.raises(AlreadyMemberError):
        changes.rekey(after, NODE, identity, 3, LATER)


def test_a_suspension_keeps_all_that_held_before() -> None:
    start = changes.admit(changes.admit(content(), member(), LATER), member(OTHER), LATER)
    old = Suspension(key=DUTY, serial=7, subject=OTHER, since=1)
    after = changes.suspend(start, NODE, duty=DUTY, kept=frozenset({old}), now=LATER)
    assert [(entry.subject, entry.serial) for entry in after.suspensions.entries] == [(OTHER, 7), (NODE, 8)]
    assert after.versions.suspensions == 2
    assert after.expires.suspensions == LATER + timedelta(hours=72)


def test_only_members_are_suspended_and_only_once_by_a_key() -> None:
    start = changes.admit(content(), member(), LATER)
    with pytest.raises(NotMemberError):
        changes.suspend(start, OTHER, duty=DUTY, kept=NOBODY, now=LATER)
    held = frozenset({Suspension(key=DUTY, serial=1, subject=NODE, since=1)})
    with pytest.raises(NothingToChangeError):
        changes.suspend(start, NODE, duty=DUTY, kept=held, now=LATER)
    other_key = KeyId("e" * 43)
    assert len(changes.suspend(start, NODE, duty=other_key, kept=held, now=LATER).suspensions.entries) == 2


def test_resuming_clears_every_suspension_of_the_member_and_no_other() -> None:
    start = changes.admit(changes.admit(content(), member(), LATER), member(OTHER), LATER)
    mine = Suspension(key=DUTY, serial=1, subject=NODE, since=1)
    theirs = Suspension(key=DUTY, serial=2, subject=OTHER, since=1)
    after = changes.resume(start, NODE, frozenset({mine, theirs}), LATER)
    assert [(entry.key, entry.serial) for entry in after.members.cleared] == [(DUTY, 1)]


def test_a_member_that_left_may_return() -> None:
    gone = changes.remove(changes.admit(content(), member(), LATER), NODE, LATER)
    assert gone.members.members[0].status is Standing.LEFT
    with pytest.raises(NothingToChangeError):
        changes.remove(gone, NODE, LATER)
    assert changes.resume(gone, NODE, NOBODY, LATER).members.members[0].status is Standing.ACTIVE
    with pytest.raises(NothingToChangeError):
        changes.resume(changes.resume(gone, NODE, NOBODY, LATER), NODE, NOBODY, LATER)


def test_stewards_vouch_for_the_mentees_of_a_member_and_for_nothing_else() -> None:
    start = changes.admit(changes.admit(content(), member(), LATER), member(OTHER), LATER)
    after = changes.vouch(start, NODE, 40, LATER)
    vouched, other = after.members.members
    assert (vouched.quotas.cards, other.quotas.cards) == (40, 0)
    assert vouched.quotas.messages == start.members.members[0].quotas.messages
    assert after.versions.targets == start.versions.targets + 1
    with pytest.raises(NothingToChangeError):
        changes.vouch(after, NODE, 40, LATER)


def test_a_policy_changes_only_when_it_says_something_else() -> None:
    start = content()
    with pytest.raises(NothingToChangeError):
        changes.set_policy(start, start.policy.model_copy(update={"signed_at": 1}), LATER)
    after = changes.set_policy(start, start.policy.model_copy(update={"board_interval": 60}), LATER)
    assert (after.policy.board_interval, after.policy.signed_at) == (60, int(LATER.timestamp()))
    assert after.versions.targets == 2


def test_a_root_renewed_as_it_is_leaves_all_else_alone() -> None:
    start = content()
    after = changes.rotate(start, start.trust, NOBODY, LATER)
    assert after.versions == Versions(root=2, targets=1, suspensions=1)
    assert after.expires.root == LATER + timedelta(days=365)


def test_what_changed_keys_signed_is_signed_anew() -> None:
    start = content("Ada", "Ben")
    gone = Rotation(remove=("Ben",)).apply(start.trust)
    assert changes.rotate(start, gone, NOBODY, LATER).versions == Versions(root=2, targets=2, suspensions=2)
    without_duty = Rotation(add=(steward("Cleo", duty=False),)).apply(start.trust)
    assert changes.rotate(start, without_duty, NOBODY, LATER).versions == Versions(root=2, targets=2, suspensions=1)


def test_the_first_suspensions_are_dated_anew_under_the_same_version() -> None:
    after = changes.date_founding(content(), LATER)
    assert after.versions.suspensions == 1
    assert after.expires.suspensions == LATER + timedelta(hours=72)


def test_a_bundle_over_another_is_the_whole_roster() -> None:
    base = Bundle(root=b"r1", targets=b"t1", suspensions=b"s1", members_file=b"m1")
    whole = Bundle(targets=b"t2", members_file=b"m2").over(base)
    assert whole == replace(base, targets=b"t2", members_file=b"m2")
    assert [whole.metadata(role) for role in (RoleName.ROOT, RoleName.TARGETS, RoleName.SUSPENSIONS)] == [
        b"r1",
        b"t2",
        b"s1",
    ]
    assert base.over(None) is base
