"""Rules of the exchange without a database: quotas, standing in the roster, steps of joining."""

from datetime import timedelta

import pytest

from federation.exchange.domain.caller import Caller
from federation.exchange.domain.errors import JoinStateError, QuotaError, RecipientLeftError, RecipientUnknownError
from federation.exchange.domain.join import Joining, JoinState
from federation.exchange.domain.quota import LARGEST, DailyLimits, Spending, day_of, seconds_left
from federation.exchange.domain.roster import Roster, Versions
from protocol.ids import JoinId, KeyId, NodeId
from protocol.keys import OpeningKey, SigningKey
from protocol.roster import (
    BoardKeys,
    Member,
    Members,
    NotMemberError,
    Policy,
    Quotas,
    Standing,
    SuspendedError,
    Suspension,
)
from protocol.vocabulary import Publishes, SizeBracket, vocabulary_hash
from tests.support.clock import NOON

ACTIVE, SUSPENDED, DENIED, LEFT, LATER = (NodeId(letter * 16) for letter in "abcde")
STRANGER = NodeId("z" * 16)


def member(node: NodeId, status: Standing = Standing.ACTIVE, valid_from: int = 0) -> Member:
    return Member(
        id=node,
        name="A program",
        region="AB",
        identity=SigningKey.generate().public.jwk,
        status=status,
        valid_from=valid_from,
        relay="https://exchange.example",
        publishes=Publishes.BRACKET,
        size=SizeBracket.UNDER_25,
    )


@pytest.fixture(name="roster", scope="module")
def a_roster() -> Roster:
    board = BoardKeys(sign=SigningKey.generate().public.jwk, seal=OpeningKey.generate().public.jwk)
    members = (
        member(ACTIVE),
        member(SUSPENDED, Standing.SUSPENDED),
        member(DENIED),
        member(LEFT, Standing.LEFT),
        member(LATER, valid_from=int(NOON.timestamp()) + 1),
    )
    return Roster.of(
        Versions(root=1, targets=1, suspensions=1, snapshot=1, timestamp=1),
        Members(signed_at=0, members=members),
        Policy(signed_at=0, board=board, vocabulary=vocabulary_hash()),
        frozenset({Suspension(key="k" * 43, serial=1, subject=DENIED, since=0)}),
        admissions={},
    )


def test_active_and_suspended_members_take_part_and_nobody_else(roster: Roster) -> None:
    for node in (ACTIVE, SUSPENDED, DENIED):
        assert roster.participant(node, NOON).id == node
    with pytest.raises(SuspendedError):
        roster.participant(LEFT, NOON)
    for node in (LATER, STRANGER):
        with pytest.raises(NotMemberError):
            roster.participant(node, NOON)


def test_only_members_in_good_standing_are_active(roster: Roster) -> None:
    assert roster.active(ACTIVE, NOON).id == ACTIVE
    for node in (SUSPENDED, DENIED, LEFT):
        with pytest.raises(SuspendedError):
            roster.active(node, NOON)
    assert not roster.is_active(STRANGER)


def test_letters_go_to_members_that_have_not_left(roster: Roster) -> None:
    assert roster.recipient(DENIED).id == DENIED
    with pytest.raises(RecipientLeftError):
        roster.recipient(LEFT)
    with pytest.raises(RecipientUnknownError):
        roster.recipient(STRANGER)


def test_the_pinned_identity_key_is_found_by_its_member(roster: Roster) -> None:
    key = roster.identity(ACTIVE)

    assert roster.identities[key.key_id] == ACTIVE
    with pytest.raises(NotMemberError):
        roster.identity(STRANGER)


def test_a_caller_knows_whether_the_identity_key_signed(roster: Roster) -> None:
    identity = roster.identity(ACTIVE).key_id

    def by(key: KeyId) -> Caller:
        return Caller(node=ACTIVE, key_id=key, nonce="n" * 16, expires=NOON, roster=roster)

    assert by(identity).by_identity
    assert not by(KeyId("k" * 43)).by_identity
    assert not by(roster.identity(DENIED).key_id).by_identity


def test_limits_of_a_day_come_from_the_roster() -> None:
    limits = DailyLimits.of(Quotas(messages=2_000, first_contacts=200))

    assert (limits.messages, limits.bytes, limits.first_contacts) == (2_000, 2_000 * 16_384, 200)
    assert DailyLimits.of(Quotas(messages=1)).bytes == LARGEST


def test_the_first_count_beyond_its_limit_is_named_with_the_time_to_wait() -> None:
    limits = DailyLimits(messages=1, bytes=10, first_contacts=1)
    limits.check(Spending(messages=1, bytes=10, first_contacts=1), NOON)

    with pytest.raises(QuotaError) as refusal:
        limits.check(Spending(messages=1, bytes=11), NOON)

    assert refusal.value.params == {"count": "bytes", "limit": 10, "retry_after": 43_201}


def test_a_day_is_a_day_in_utc() -> None:
    midnight = NOON + timedelta(hours=12)

    assert day_of(midnight - timedelta(seconds=1)) == "2027-03-01"
    assert day_of(midnight) == "2027-03-02"
    assert seconds_left(midnight - timedelta(seconds=1)) == 2


def joining() -> Joining:
    return Joining(id=JoinId("j"), node=ACTIVE, identity=KeyId("k"), identity_raw=b"", request=b"r", asked_at=NOON)


def test_a_joining_moves_from_step_to_step() -> None:
    asked = joining()
    challenged = asked.challenged(b"c")
    answered = challenged.answered(b"a")

    states = [step.state(is_active=False) for step in (asked, challenged, answered, answered.refused(b"no"))]
    assert states == [JoinState.PENDING, JoinState.CHALLENGED, JoinState.ANSWERED, JoinState.REFUSED]
    assert answered.refused(b"no").state(is_active=True) is JoinState.ADMITTED


def test_the_same_step_again_changes_nothing_and_another_challenge_starts_it_anew() -> None:
    answered = joining().challenged(b"c").answered(b"a")

    assert answered.challenged(b"c") == answered
    assert answered.answered(b"a") == answered
    assert answered.challenged(b"d").answer is None
    assert answered.refused(b"no").refused(b"no").refusal == b"no"


def test_steps_out_of_order_are_refused() -> None:
    answered = joining().challenged(b"c").answered(b"a")
    refused = answered.refused(b"no")

    with pytest.raises(JoinStateError):
        joining().answered(b"a")
    with pytest.raises(JoinStateError):
        answered.answered(b"b")
    with pytest.raises(JoinStateError):
        refused.challenged(b"c")
    with pytest.raises(JoinStateError):
        refused.answered(b"a")
    with pytest.raises(JoinStateError):
        refused.refused(b"never")
