from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import hop
from protocol.documents import CriticalFieldError, FieldError, to_moment
from protocol.roster import (
    Cleared,
    Member,
    Members,
    NotMemberError,
    Policy,
    Standing,
    SuccessionError,
    Suspension,
    Suspensions,
    check_succession,
    find,
    standing,
    stick,
)
from protocol.seen import Seen, Withheld, withheld
from protocol.vocabulary import Publishes, SizeBracket, vocabulary_hash
from tests.unit.protocol.builders import AT, DAY, HOME, HOST, IDENTITY, NOW, OPEN, OTHER, SIGN, later, signing

DUTY = signing("duty").key_id


def member(**changes: object) -> Member:
    fields: dict[str, object] = {
        "id": HOME,
        "name": "Medicine Hat",
        "region": "Alberta",
        "identity": IDENTITY.public.jwk,
        "status": Standing.ACTIVE,
        "valid_from": AT,
        "relay": "https://exchange.example/r",
        "publishes": Publishes.BRACKET,
        "size": SizeBracket.UNDER_25,
    }
    return Member.model_validate(fields | changes)


def members(*entries: Member, at: int = AT, cleared: tuple[Cleared, ...] = ()) -> Members:
    return Members(signed_at=at, members=entries or (member(),), cleared=cleared)


def suspension(serial: int = 1, subject: str = HOME) -> Suspension:
    return Suspension(key=DUTY, serial=serial, subject=subject, since=AT)


def suspensions(*entries: Suspension) -> Suspensions:
    return Suspensions(signed_at=AT, entries=entries)


def read(document: Members | Policy, **changes: object) -> object:
    whole = json.loads(document.encode()) | changes
    return type(document).parse(json.dumps(whole).encode(), limit=10_000)


POLICY = Policy.model_validate(
    {
        "signed_at": AT,
        "board": {"sign": SIGN.public.jwk, "seal": OPEN.public.jwk},
        "vocabulary": vocabulary_hash(),
    }
)


def test_a_list_of_members_and_a_policy_travel_and_come_back() -> None:
    assert read(members()) == members()
    assert read(POLICY) == POLICY


def test_one_id_or_one_identity_key_stands_once() -> None:
    for twin in (member(identity=SIGN.public.jwk), member(id=HOST)):
        with pytest.raises(FieldError):
            read(members(), members=[json.loads(each.encode()) for each in (member(), twin)])


def test_an_identity_key_signs_and_the_board_signs_and_seals() -> None:
    with pytest.raises(FieldError):
        read(members(), members=[json.loads(member().encode()) | {"identity": json.loads(OPEN.public.jwk.encode())}])
    swapped = {"sign": json.loads(OPEN.public.jwk.encode()), "seal": json.loads(SIGN.public.jwk.encode())}
    with pytest.raises(FieldError):
        read(POLICY, board=swapped)


@pytest.mark.parametrize(
    "relay", ["ftp://a", "https://", "https://a b", "javascript:alert(1)", "https://user@host", "https://a?b", "//a"]
)
def test_a_relay_is_a_plain_web_address(relay: str) -> None:
    with pytest.raises(FieldError):
        read(members(), members=[json.loads(member().encode()) | {"relay": relay}])


def test_a_critical_field_of_a_newer_roster_stops_an_older_release() -> None:
    with pytest.raises(CriticalFieldError):
        read(members(), crit=["quorum"], quorum=2)


def test_a_member_stands_as_the_stewards_say() -> None:
    roster = members(member(), member(id=HOST, identity=SIGN.public.jwk, status=Standing.LEFT))
    assert standing(roster, frozenset(), HOME) is Standing.ACTIVE
    assert standing(roster, frozenset({suspension(subject=HOST)}), HOST) is Standing.LEFT
    assert standing(roster, frozenset({suspension(subject=HOST)}), HOME) is Standing.ACTIVE
    assert find(roster, HOME).name == "Medicine Hat"
    with pytest.raises(NotMemberError):
        standing(roster, frozenset(), OTHER)


def test_one_suspension_by_one_duty_key_stops_a_member() -> None:
    assert standing(members(), frozenset({suspension()}), HOME) is Standing.SUSPENDED


def test_a_member_is_none_before_its_time() -> None:
    assert standing(members(), frozenset(), HOME, at=NOW) is Standing.ACTIVE
    with pytest.raises(NotMemberError):
        standing(members(), frozenset(), HOME, at=later(seconds=-1))


def test_a_suspension_sticks_when_a_later_file_leaves_it_out() -> None:
    kept = stick(frozenset(), suspensions(suspension()), ())
    assert stick(kept, suspensions(), ()) == {suspension()}


def test_only_a_clearing_by_name_lifts_a_suspension() -> None:
    kept = frozenset({suspension(1), suspension(2)})
    assert stick(kept, suspensions(), (Cleared(key=DUTY, serial=1),)) == {suspension(2)}
    assert stick(kept, suspensions(), (Cleared(key=signing("other duty").key_id, serial=1),)) == kept


def test_a_cleared_suspension_in_an_old_file_does_not_come_back() -> None:
    assert stick(frozenset(), suspensions(suspension(1)), (Cleared(key=DUTY, serial=1),)) == frozenset()


def test_a_new_list_that_only_adds_is_fine() -> None:
    check_succession(members(), members(member(), member(id=HOST, identity=SIGN.public.jwk), at=AT + 1))
    check_succession(members(), members(member(status=Standing.LEFT)))


@pytest.mark.parametrize(
    ("after", "field"),
    [
        (members(at=AT - 1), "signed_at"),
        (members(member(id=HOST)), "id"),
        (members(member(identity=SIGN.public.jwk)), "min_key_version"),
        (members(member(publishes=Publishes.COUNTS)), "publishes"),
        (members(member(size=SizeBracket.UNDER_100)), "publishes"),
    ],
)
def test_a_new_list_that_rewrites_what_is_fixed_is_refused(after: Members, field: str) -> None:
    with pytest.raises(SuccessionError) as refused:
        check_succession(members(), after)
    assert refused.value.params["field"] == field


def test_a_rekey_raises_the_least_version_of_keys_and_it_never_falls() -> None:
    rekeyed = members(member(identity=SIGN.public.jwk, min_key_version=2))
    check_succession(members(), rekeyed)
    with pytest.raises(SuccessionError):
        check_succession(rekeyed, members(member(identity=SIGN.public.jwk, min_key_version=1)))


def test_what_a_member_publishes_may_change_with_the_calendar_year() -> None:
    before = members(at=to_moment(NOW) - 61 * DAY)  # 31 December
    after = members(member(publishes=Publishes.COUNTS, size=SizeBracket.UNDER_100), at=AT - 60 * DAY)
    check_succession(before, after)


def test_a_member_that_saw_more_than_we_were_shown_reveals_the_exchange() -> None:
    ours = Seen(root=2, targets=5, suspensions=9)
    assert withheld(Seen(root=2, targets=5, suspensions=9), ours, batch_is_known=True) == ()
    assert withheld(Seen(root=1, targets=1, suspensions=0), ours, batch_is_known=True) == ()
    assert withheld(Seen(root=3, targets=6, suspensions=10), ours, batch_is_known=False) == tuple(Withheld)


@given(st.tuples(*[st.integers(1, 9)] * 3), st.tuples(*[st.integers(1, 9)] * 3))
def test_what_is_withheld_is_what_is_higher(theirs: tuple[int, int, int], ours: tuple[int, int, int]) -> None:
    def seen(versions: tuple[int, int, int]) -> Seen:
        return Seen(root=versions[0], targets=versions[1], suspensions=versions[2])

    parts = (Withheld.ROOT, Withheld.TARGETS, Withheld.SUSPENSIONS)
    higher = tuple(part for part, peer, own in zip(parts, theirs, ours, strict=True) if peer > own)
    assert withheld(seen(theirs), seen(ours), batch_is_known=True) == higher


def test_the_hop_profile_lives_ten_minutes_and_forgives_five() -> None:
    assert (hop.LIFETIME.total_seconds(), hop.SKEW.total_seconds(), hop.TAG) == (600, 300, "mentorweave-exchange")
    assert issubclass(hop.HopReplayError, hop.HopSignatureError)


def test_the_vocabulary_is_pinned_by_hash() -> None:
    # A change of any shared list changes this value, and so needs a new policy in every federation.
    assert vocabulary_hash() == "f0cf42b83372e6fe2a85059916efd249d2814604a2a1ff84b8b37ac1e0bf798c"
