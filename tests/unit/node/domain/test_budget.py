"""The accountant: what a year costs, when a quarter is drawn, and what a restored node must take as drawn."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.budget import (
    YEAR_CAP_MILLI,
    Charge,
    Quarter,
    best_attack,
    due_at,
    guarantee,
    in_100,
    next_open,
    right_in_100,
    spent,
    unproven,
)
from tests.audit.attacks import exact_advantage

Q1, Q2, Q3, Q4 = (Quarter(2027, number) for number in (1, 2, 3, 4))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - a bound of a strategy has no zone


def charge(quarter: Quarter, epsilon_milli: int = 250) -> Charge:
    return Charge(quarter=quarter, epsilon_milli=epsilon_milli)


def test_everything_drawn_in_a_calendar_year_adds_up() -> None:
    charges = [charge(Q1), charge(Q2), charge(Quarter(2028, 1))]

    assert (spent(charges, 2027), spent(charges, 2028), spent(charges, 2029)) == (500, 250, 0)


def test_a_quarter_is_open_until_it_is_drawn_and_a_full_year_until_the_next() -> None:
    assert next_open([], Q2, 250) == Q2
    assert next_open([charge(Q2)], Q2, 250) == Q3
    assert next_open([charge(Q1, 800)], Q2, 250) == Quarter(2028, 1)
    assert next_open([charge(Q4)], Q4, 250) == Quarter(2028, 1)


@given(st.lists(MOMENTS, max_size=40))
def test_whenever_it_is_asked_to_draw_a_year_never_passes_its_cap(moments: list[datetime]) -> None:
    charges: list[Charge] = []
    for moment in sorted(moments):
        if next_open(charges, Quarter.of(moment), 300) == Quarter.of(moment):
            charges.append(charge(Quarter.of(moment), 300))

    assert all(spent(charges, year) <= YEAR_CAP_MILLI for year in range(2026, 2031))
    assert len({one.quarter for one in charges}) == len(charges)


@given(MOMENTS)
def test_a_quarter_is_written_and_read_and_holds_its_moment(moment: datetime) -> None:
    quarter = Quarter.of(moment)

    assert Quarter.read(str(quarter)) == quarter
    assert quarter.starts_at <= moment < quarter.next.starts_at


@pytest.mark.parametrize(
    ("agreed", "due"),
    [
        (datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, 9, tzinfo=UTC)),
        (datetime(2027, 2, 3, 8, 59, tzinfo=UTC), datetime(2027, 2, 3, 9, tzinfo=UTC)),
        (datetime(2027, 2, 3, 9, 1, tzinfo=UTC), datetime(2027, 2, 4, 9, tzinfo=UTC)),
    ],
)
def test_a_draw_falls_due_at_the_fixed_hour_after_the_yes(agreed: datetime, due: datetime) -> None:
    assert due_at(agreed, Q1) == due


def test_every_quarter_from_the_backup_to_the_restore_counts_as_drawn_unless_its_draw_is_here() -> None:
    backup, restore = datetime(2026, 11, 5, tzinfo=UTC), datetime(2027, 4, 2, tzinfo=UTC)

    assert unproven(backup, restore, [Quarter(2026, 4)]) == (Q1, Q2)
    assert unproven(backup, backup + timedelta(hours=1), [Quarter(2026, 4)]) == ()
    assert unproven(backup, backup + timedelta(hours=1), []) == (Quarter(2026, 4),)


def test_the_best_attack_stays_below_the_guarantee_and_reaches_it_for_one_draw() -> None:
    assert best_attack(0) == 0
    assert best_attack(1) == pytest.approx(guarantee(250))
    assert best_attack(4) == pytest.approx(exact_advantage(4))
    assert in_100(best_attack(4)) == 59


def test_the_guarantee_in_words() -> None:
    assert [right_in_100(milli) for milli in (0, 250, 1_000)] == [50, 56, 73]
    assert guarantee(1_000) == pytest.approx(0.4621, abs=1e-4)
