"""The need board's calendar and budgets."""

from datetime import UTC, datetime, timedelta

import pytest

from federation.exchange.domain.board import (
    WEEK,
    OpenBatch,
    Posted,
    first_batch,
    linked_batches,
    quarter_before,
    quarter_of,
    within_budget,
)

WEDNESDAY = datetime(2027, 3, 3, 12, tzinfo=UTC)


def posted(*, open_cards: int = 0, codes: int = 0, same_code: int = 0) -> Posted:
    return Posted(open_cards=open_cards, codes=codes, same_code=same_code)


def test_a_batch_is_named_by_the_iso_week_it_opened_in() -> None:
    assert first_batch(WEDNESDAY).batch == "2027-W09"
    assert first_batch(datetime(2027, 1, 1, 12, tzinfo=UTC)).batch == "2026-W53"


def test_a_week_begins_and_ends_on_monday_at_eighteen_hours() -> None:
    just_before = datetime(2027, 3, 8, 17, 59, 59, tzinfo=UTC)

    assert first_batch(just_before).batch == "2027-W09"
    assert first_batch(just_before + timedelta(seconds=1)).batch == "2027-W10"
    assert first_batch(WEDNESDAY).closes_at(WEEK) == datetime(2027, 3, 8, 18, tzinfo=UTC)
    assert first_batch(just_before + timedelta(seconds=1)).closes_at(WEEK) == datetime(2027, 3, 15, 18, tzinfo=UTC)


def test_another_interval_counts_from_the_opening() -> None:
    assert first_batch(WEDNESDAY).closes_at(5) == WEDNESDAY + timedelta(seconds=5)


def test_batches_of_one_week_are_numbered_and_a_new_week_starts_anew() -> None:
    first = first_batch(WEDNESDAY)
    second = first.following(WEDNESDAY)
    third = second.following(WEDNESDAY)

    assert [first.batch, second.batch, third.batch] == ["2027-W09", "2027-W09.1", "2027-W09.2"]
    assert third.following(WEDNESDAY + timedelta(weeks=1)) == OpenBatch(
        batch="2027-W10", number=4, opened_at=WEDNESDAY + timedelta(weeks=1)
    )


@pytest.mark.parametrize(
    ("state", "budget", "shown"),
    [
        (posted(), 0, False),
        (posted(), 1, True),
        (posted(open_cards=1, codes=1), 1, False),
        (posted(codes=1, same_code=1), 1, True),
        (posted(codes=1, same_code=2), 1, False),
        (posted(codes=1), 1, True),  # one change of code
        (posted(codes=2), 1, False),
        (posted(codes=2, same_code=1), 1, True),
        (posted(open_cards=4, codes=4), 5, True),
        (posted(codes=1, same_code=2), 74, False),  # twice, or once for every 25 who wait
        (posted(codes=1, same_code=2), 75, True),
        (posted(codes=1, same_code=3), 75, False),
    ],
)
def test_a_card_is_shown_within_the_attested_number_and_the_counts_of_codes(
    state: Posted, budget: int, *, shown: bool
) -> None:
    assert within_budget(state, budget) is shown


@pytest.mark.parametrize(
    ("month", "quarter", "before"),
    [(1, "2027-Q1", "2026-Q4"), (3, "2027-Q1", "2026-Q4"), (4, "2027-Q2", "2027-Q1"), (12, "2027-Q4", "2027-Q3")],
)
def test_quarters_follow_the_calendar(month: int, quarter: str, before: str) -> None:
    moment = datetime(2027, month, 15, tzinfo=UTC)

    assert quarter_of(moment) == quarter
    assert quarter_before(moment) == before


def test_cards_are_kept_for_the_quarter_and_as_long_again_and_always_while_they_are_open() -> None:
    assert linked_batches(WEEK) == 27
    assert linked_batches(86_400) == 184
    assert linked_batches(365 * 86_400) == 6
