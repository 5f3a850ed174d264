"""Second factors: a code counts once, a password does not wait for ever, and who must have one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.domain.actor import Role, UserId
from node.domain.factor import (
    HALF_OPEN,
    TRIES,
    CodeRefusedError,
    Demand,
    FactorOnError,
    HalfOpen,
    HalfOpenError,
    SecondFactor,
    is_recovery_code,
    plain_code,
)
from node.domain.signin import digest
from tests.support.clock import NOON

FACTOR = SecondFactor(user=UserId("robin"), secret="JBSWY3DPEHPK3PXP", begun_at=NOON)
HALF = HalfOpen(digest=digest("half"), user=UserId("robin"), until=NOON + HALF_OPEN, attempt="1")


@pytest.mark.parametrize("step", [None, 99, 100])
def test_a_wrong_code_and_one_of_a_step_that_is_over_are_refused(step: int | None) -> None:
    with pytest.raises(CodeRefusedError):
        replace(FACTOR, last_step=100).accept(step)


def test_a_first_code_confirms_and_is_used_up() -> None:
    confirmed = FACTOR.confirm(100, NOON)

    assert (confirmed.confirmed_at, confirmed.last_step) == (NOON, 100)
    assert confirmed.accept(101) == 101
    with pytest.raises(FactorOnError):
        confirmed.confirm(102, NOON)


def test_a_password_waits_for_a_few_codes_and_a_few_minutes() -> None:
    half = HALF
    for _ in range(TRIES):
        half = half.once_more(NOON)
    with pytest.raises(HalfOpenError):
        half.once_more(NOON)
    with pytest.raises(HalfOpenError):
        HALF.once_more(NOON + HALF_OPEN)
    assert HALF.once_more(NOON + HALF_OPEN - timedelta(seconds=1)).tries == 1


@pytest.mark.parametrize(
    ("typed", "code", "recovery"),
    [
        (" 123 456 ", "123456", False),
        ("ABCD-efgh 2345", "abcdefgh2345", True),
        ("2345 2345 2345", "234523452345", True),
        ("١٢٣٤٥٦", "١٢٣٤٥٦", True),
    ],
)
def test_codes_are_compared_without_what_people_add(typed: str, code: str, *, recovery: bool) -> None:
    assert plain_code(typed) == code
    assert is_recovery_code(code) is recovery


@pytest.mark.parametrize(
    ("demand", "of_administrators", "of_others"),
    [(Demand.NOBODY, False, False), (Demand.ADMINISTRATORS, True, False), (Demand.EVERYBODY, True, True)],
)
def test_a_program_may_want_a_second_factor(demand: Demand, *, of_administrators: bool, of_others: bool) -> None:
    assert demand.is_for(Role.ADMINISTRATOR) is of_administrators
    assert demand.is_for(Role.COORDINATOR) is of_others
