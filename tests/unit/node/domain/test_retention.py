"""Clocks of retention: what may be chosen, and what an earlier choice still means."""

from datetime import timedelta

import pytest

from node.domain.retention import DEFAULT_DAYS, FEWEST_DAYS, MOST_DAYS, Kept, KeptDaysError, Schedule, check_days
from node.domain.scarce import LATELY
from tests.support.clock import NOON


@pytest.mark.parametrize("kind", Kept)
def test_every_clock_has_a_least_and_a_most(kind: Kept) -> None:
    check_days({kind: FEWEST_DAYS[kind]})
    check_days({kind: MOST_DAYS})
    for days in (FEWEST_DAYS[kind] - 1, MOST_DAYS + 1):
        with pytest.raises(KeptDaysError) as caught:
            check_days({kind: days})
        assert caught.value.kind is kind


def test_requests_are_kept_for_the_year_in_which_rare_mentors_are_counted() -> None:
    # The clock begins with the last word, at the earliest the offer; offers are looked for from when they were asked.
    assert FEWEST_DAYS[Kept.REQUESTS] == 365 == LATELY.days - 28


def test_what_was_chosen_before_is_no_shorter_than_the_least() -> None:
    schedule = Schedule(DEFAULT_DAYS).changed({Kept.REQUESTS: 90, Kept.LETTERS: 30})
    assert schedule.days[Kept.REQUESTS] == 365
    assert schedule.days[Kept.LETTERS] == 30


def test_the_audit_trail_is_kept_as_long_as_people_who_left() -> None:
    schedule = Schedule({**DEFAULT_DAYS, Kept.AUDIT: 30, Kept.PEOPLE: 40})
    assert schedule.before(Kept.AUDIT, NOON) == NOON - timedelta(days=40)
    assert schedule.before(Kept.LETTERS, NOON) == NOON - timedelta(days=90)
