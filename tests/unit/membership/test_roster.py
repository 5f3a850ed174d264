"""What the age of a roster allows, and what a newly fetched one may change."""

from dataclasses import replace
from datetime import timedelta

import pytest

from federation.membership.roster import Fetched, Roster, RosterRollbackError, Tier, renewed
from protocol.documents import to_moment
from protocol.ids import NodeId
from protocol.keys import OpeningKey, SigningKey
from protocol.roster import (
    BoardKeys,
    Cleared,
    Member,
    Members,
    NotMemberError,
    Policy,
    Standing,
    SuspendedError,
    Suspension,
    Suspensions,
)
from protocol.vocabulary import Publishes, SizeBracket, vocabulary_hash
from tests.support.clock import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NODE, OTHER = NodeId("abcdefghijklmnop"), NodeId("bcdefghijklmnopq")
DUTY = SigningKey.generate().key_id
STOP = Suspension(key=DUTY, serial=1, subject=NODE, since=to_moment(NOON))


def member(node: NodeId, *, begins: timedelta = -DAY) -> Member:
    return Member(
        id=node,
        name="Medicine Hat",
        region="Alberta",
        identity=SigningKey.generate().public.jwk,
        status=Standing.ACTIVE,
        valid_from=to_moment(NOON + begins),
        relay="https://exchange.example",
        publishes=Publishes.BRACKET,
        size=SizeBracket.UNDER_25,
    )


def fetched(
    *entries: Suspension, signed_at: timedelta | None = timedelta(0), cleared: tuple[Cleared, ...] = ()
) -> Fetched:
    suspensions = None if signed_at is None else Suspensions(signed_at=to_moment(NOON + signed_at), entries=entries)
    return Fetched(
        root=1,
        targets=1,
        targets_expires=NOON + 90 * DAY,
        members=Members(signed_at=to_moment(NOON), members=(member(NODE), member(OTHER, begins=DAY)), cleared=cleared),
        policy=Policy(
            signed_at=to_moment(NOON),
            board=BoardKeys(sign=SigningKey.generate().public.jwk, seal=OpeningKey.generate().public.jwk),
            vocabulary=vocabulary_hash(),
        ),
        suspensions_version=0 if suspensions is None else 1,
        suspensions=suspensions,
        withheld=None,
    )


def roster(*entries: Suspension) -> Roster:
    return renewed(None, fetched(*entries), NOON)


@pytest.mark.parametrize(
    ("age", "tier"),
    [
        (timedelta(0), Tier.FRESH),
        (48 * HOUR, Tier.FRESH),
        (48 * HOUR + timedelta(seconds=1), Tier.WARN),
        (7 * DAY, Tier.WARN),
        (7 * DAY + timedelta(seconds=1), Tier.NO_NEW),
        (30 * DAY, Tier.NO_NEW),
        (30 * DAY + timedelta(seconds=1), Tier.SILENT),
    ],
)
def test_a_roster_allows_less_the_older_it_is(age: timedelta, tier: Tier) -> None:
    assert roster().tier(NOON + age) is tier


def test_nothing_new_is_opened_when_admissions_have_expired() -> None:
    late = replace(roster(), targets_expires=NOON)

    assert late.tier(NOON) is Tier.NO_NEW


def test_without_any_suspensions_a_roster_allows_nothing() -> None:
    never = renewed(None, fetched(signed_at=None), NOON)

    assert never.age(NOON) is None
    assert never.tier(NOON) is Tier.SILENT


def test_a_clock_that_is_behind_makes_no_negative_age() -> None:
    assert roster().age(NOON - HOUR) == timedelta(0)


def test_suspensions_stick_until_they_are_cleared_by_name() -> None:
    stopped = renewed(roster(STOP), fetched(), NOON)
    assert stopped.standing(NODE) is Standing.SUSPENDED

    other = renewed(stopped, fetched(cleared=(Cleared(key=DUTY, serial=2),)), NOON)
    assert other.standing(NODE) is Standing.SUSPENDED

    lifted = renewed(other, fetched(cleared=(Cleared(key=DUTY, serial=1),)), NOON)
    assert lifted.standing(NODE) is Standing.ACTIVE


def test_an_older_file_that_verifies_does_not_make_a_roster_older() -> None:
    again = renewed(roster(), fetched(signed_at=-DAY), NOON)

    assert again.signed_at == NOON


def test_a_fetch_without_suspensions_keeps_what_was_known_of_them() -> None:
    kept = renewed(roster(STOP), fetched(signed_at=None), NOON + DAY)

    assert (kept.signed_at, kept.suspensions, kept.stuck) == (NOON, 1, frozenset({STOP}))


def test_lower_versions_are_a_rollback_unless_the_root_is_newer() -> None:
    newest = replace(roster(), targets=5)

    with pytest.raises(RosterRollbackError):
        renewed(newest, fetched(), NOON)
    assert renewed(newest, replace(fetched(), root=2), NOON).targets == 1


def test_only_active_members_whose_time_has_come_take_part() -> None:
    known = roster(STOP)

    with pytest.raises(SuspendedError):
        known.require_active(NODE, NOON)
    with pytest.raises(NotMemberError):
        known.require_active(OTHER, NOON)
    assert known.require_active(OTHER, NOON + DAY).id == OTHER
    assert [entry.id for entry in known.active] == [OTHER]
