"""When a letter is tried again, and what an exchange's answer means for it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.membership.letters import LONGEST_PAUSE, next_try, pause_after
from federation.membership.relay import Outcome, OutcomeClass, RelayError
from tests.support.clock import NOON

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (6, 32)])
def test_the_pause_doubles_from_one_minute(attempts: int, minutes: int) -> None:
    assert pause_after(attempts, chance=1 / 3) == minutes * MINUTE


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_the_pause_is_spread_and_never_longer_than_six_hours(attempts: int, chance: float) -> None:
    pause = pause_after(attempts, chance)

    assert 0.8 * MINUTE <= pause <= LONGEST_PAUSE


def test_a_server_may_ask_for_patience_but_not_for_ever() -> None:
    soon = next_try(NOON, attempts=1, chance=0, retry_after=2 * HOUR)
    late = next_try(NOON, attempts=1, chance=0, retry_after=100 * HOUR)
    impatient = next_try(NOON, attempts=9, chance=0, retry_after=timedelta(0))

    assert (soon, late) == (NOON + 2 * HOUR, NOON + LONGEST_PAUSE)
    assert impatient == next_try(NOON, attempts=9, chance=0, retry_after=None)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, OutcomeClass.DONE),
        (201, OutcomeClass.DONE),
        (0, OutcomeClass.UNREACHABLE),
        (408, OutcomeClass.UNREACHABLE),
        (429, OutcomeClass.UNREACHABLE),
        (500, OutcomeClass.UNREACHABLE),
        (503, OutcomeClass.UNREACHABLE),
        (401, OutcomeClass.DENIED),
        (403, OutcomeClass.DENIED),
        (302, OutcomeClass.REFUSED),
        (404, OutcomeClass.REFUSED),
        (409, OutcomeClass.REFUSED),
        (413, OutcomeClass.REFUSED),
        (422, OutcomeClass.REFUSED),
    ],
)
def test_every_answer_belongs_to_one_class(status: int, kind: OutcomeClass) -> None:
    assert Outcome(status=status).kind is kind


def test_an_error_of_the_exchange_names_its_code_and_nothing_else() -> None:
    error = RelayError(Outcome(status=422, problem="receipt-invalid"))

    assert str(error) == "exchange-said-no (status=422, problem=receipt-invalid)"
