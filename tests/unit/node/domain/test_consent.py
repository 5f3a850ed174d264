"""When a yes holds, and that history is added to and never edited."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.domain.actor import UserId
from node.domain.consent import ANY_MEMBER, Given, Grant, GrantId, Purpose, Withdrawal
from node.domain.errors import ConsentAlreadyWithdrawnError, ConsentPeriodError
from node.domain.person import PersonId
from tests.support.clock import NOON

GRANT = Grant(
    id=GrantId("grant"),
    person=PersonId("person"),
    purpose=Purpose.OUTSIDE,
    recipient=ANY_MEMBER,
    wording="wording.outside",
    given=Given.PHONE,
    granted_at=NOON,
    expires_at=NOON + timedelta(days=10),
    recorded_by=UserId("user"),
)
WITHDRAWAL = Withdrawal(at=NOON + timedelta(days=5), given=Given.PAPER, recorded_by=UserId("user"))


def test_a_grant_covers_its_purpose_from_its_first_moment_until_before_its_last() -> None:
    assert GRANT.covers(Purpose.OUTSIDE, "aaaa", NOON)
    assert not GRANT.covers(Purpose.OUTSIDE, "aaaa", NOON - timedelta(seconds=1))
    assert not GRANT.covers(Purpose.OUTSIDE, "aaaa", NOON + timedelta(days=10))


def test_a_grant_covers_no_other_purpose() -> None:
    assert not GRANT.covers(Purpose.CONTACT, "aaaa", NOON)


def test_a_grant_toward_one_program_covers_no_other() -> None:
    toward = replace(GRANT, recipient="aaaa")

    assert toward.covers(Purpose.OUTSIDE, "aaaa", NOON)
    assert not toward.covers(Purpose.OUTSIDE, "bbbb", NOON)


def test_a_withdrawn_grant_covers_until_the_moment_of_withdrawal() -> None:
    withdrawn = GRANT.withdraw(WITHDRAWAL)

    assert withdrawn.covers(Purpose.OUTSIDE, "aaaa", NOON + timedelta(days=4))
    assert not withdrawn.covers(Purpose.OUTSIDE, "aaaa", NOON + timedelta(days=5))


def test_a_yes_is_taken_back_only_once() -> None:
    with pytest.raises(ConsentAlreadyWithdrawnError):
        GRANT.withdraw(WITHDRAWAL).withdraw(WITHDRAWAL)


def test_a_grant_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ConsentPeriodError):
        replace(GRANT, expires_at=NOON)
