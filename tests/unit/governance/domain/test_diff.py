"""A diff names every fact that would be different, and nothing that would not."""

from dataclasses import replace
from datetime import timedelta

from federation.governance.domain import changes
from federation.governance.domain.diff import Change, ChangeKind, compare
from federation.governance.domain.trust import Holder, Role, RoleName, Rotation, Trust
from protocol.ids import KeyId
from protocol.keys import SigningKey
from protocol.roster import Members, Suspension
from tests.support.clock import NOON
from tests.unit.governance.domain.builders import NODE, content, member, steward

LATER = NOON + timedelta(days=1)
DUTY = KeyId("d" * 43)


def kinds(changes_found: tuple[Change, ...]) -> list[ChangeKind]:
    return [change.kind for change in changes_found]


def test_nothing_changed_is_an_empty_diff() -> None:
    start = content()
    assert compare(start, start) == ()


def test_a_founding_shows_every_role_threshold_rule_and_date() -> None:
    found = compare(None, content("Ada", "Ben"))
    assert kinds(found).count(ChangeKind.KEY_ADDED) == 8
    assert kinds(found).count(ChangeKind.THRESHOLD_CHANGED) == 5
    assert kinds(found).count(ChangeKind.SIGNED_UNTIL) == 3
    assert ("policy", "bonuses.tier", "150") in {(each.subject, each.field, each.after) for each in found}


def test_an_admission_shows_the_program_with_its_key_by_id() -> None:
    start, joins = content(), member()
    found = compare(start, changes.admit(start, joins, LATER))
    fields = {change.field: change.after for change in found if change.kind is ChangeKind.MEMBER_CHANGED}
    assert found[0] == Change(kind=ChangeKind.MEMBER_ADDED, subject=NODE, field="name", after="Medicine Hat")
    assert fields["identity"] == joins.identity.key_id
    assert fields["status"] == "active"


def test_a_member_that_vanishes_is_shown() -> None:
    start = changes.admit(content(), member(), LATER)
    emptied = replace(start, members=Members(signed_at=1, members=()))
    assert kinds(compare(start, emptied)) == [ChangeKind.MEMBER_GONE]


def test_a_lifting_and_its_taking_back_are_shown() -> None:
    start = changes.admit(content(), member(), LATER)
    held = frozenset({Suspension(key=DUTY, serial=1, subject=NODE, since=1)})
    lifted = changes.resume(start, NODE, held, LATER)
    assert ChangeKind.CLEARED in kinds(compare(start, lifted))
    assert ChangeKind.UNCLEARED in kinds(compare(lifted, start))


def test_a_suspension_and_its_silence_are_shown() -> None:
    start = changes.admit(content(), member(), LATER)
    stopped = changes.suspend(start, NODE, duty=DUTY, kept=frozenset(), now=LATER)
    assert kinds(compare(start, stopped)) == [ChangeKind.SUSPENDED, ChangeKind.SIGNED_UNTIL]
    assert ChangeKind.NO_LONGER_NAMED in kinds(compare(stopped, start))


def test_a_policy_shows_the_field_that_changes() -> None:
    start = content()
    after = changes.set_policy(start, start.policy.model_copy(update={"board_interval": 60}), LATER)
    assert Change(
        kind=ChangeKind.POLICY_CHANGED, subject="policy", field="board_interval", before="604800", after="60"
    ) in compare(start, after)


def test_a_field_that_goes_back_to_nothing_is_shown() -> None:
    start = content()
    marked = replace(start, policy=start.policy.model_copy(update={"crit": ("quotas",)}))
    found = compare(marked, start)
    assert [(change.field, change.before, change.after) for change in found] == [("crit", "('quotas',)", "")]


def test_a_rotation_shows_who_comes_and_who_goes() -> None:
    start = content("Ada", "Ben")
    trust = Rotation(add=(steward("Cleo"),), remove=("Ben",), root_threshold=2).apply(start.trust)
    found = compare(start, changes.rotate(start, trust, frozenset(), LATER))
    assert [change.field for change in found if change.kind is ChangeKind.KEY_REMOVED] == ["Ben"] * 3
    assert [change.field for change in found if change.kind is ChangeKind.KEY_ADDED] == ["Cleo"] * 3
    assert [(change.before, change.after) for change in found if change.kind is ChangeKind.THRESHOLD_CHANGED] == [
        ("1", "2")
    ]


def test_a_key_that_is_called_by_another_name_is_shown() -> None:
    start = content()
    (holder,) = start.trust.root.holders
    root = Role(1, (Holder("Mallory", holder.key),))
    renamed = replace(start, trust=replace(start.trust, root=root))
    assert kinds(compare(start, renamed)) == [ChangeKind.KEY_RENAMED]


def test_every_role_of_the_roster_can_be_asked_for() -> None:
    trust: Trust = content().trust
    assert [trust.role(name).threshold for name in RoleName] == [1] * 5
    assert Holder("x", SigningKey.generate().public).key_id not in trust.root.key_ids
