"""Dates as people write them."""

from datetime import date

import pytest

from node.services.intake.dates import Order, order_of, parse_date
from node.services.intake.problems import CellError, ProblemCode


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-31",
        "2026/3/31",
        "2026-03-31 00:00:00",
        "31/03/2026",
        "03/31/2026",
        "31.3.2026",
        "March 31, 2026",
        "31 Mar 2026",
        "31 mars 2026",
        "Mar. 31st, 2026",
    ],
)
def test_a_day_is_read_in_every_usual_form(text: str) -> None:
    assert parse_date(text, Order.UNKNOWN) == date(2026, 3, 31)


@pytest.mark.parametrize("text", ["1er août 2026", "1 AUG 2026", "August 1, 2026"])
def test_months_are_read_in_both_languages(text: str) -> None:
    assert parse_date(text, Order.UNKNOWN) == date(2026, 8, 1)


@pytest.mark.parametrize("text", ["soon", "2026-02-30", "31/31/2026", "31 smarch 2026", "smarch 3 2026", "26-3-1"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(CellError) as refused:
        parse_date(text, Order.UNKNOWN)

    assert refused.value.code is ProblemCode.DATE


def test_a_day_that_can_be_read_two_ways_is_asked_about() -> None:
    with pytest.raises(CellError) as refused:
        parse_date("01/03/2026", Order.UNKNOWN)

    assert refused.value.code is ProblemCode.DATE_AMBIGUOUS
    assert parse_date("03/03/2026", Order.UNKNOWN) == date(2026, 3, 3)


def test_one_clear_date_tells_how_the_file_means_the_others() -> None:
    assert order_of(["01/03/2026", "31/03/2026", ""]) is Order.DAY_FIRST
    assert order_of(["01/03/2026", "03/31/2026"]) is Order.MONTH_FIRST
    assert order_of(["01/03/2026"]) is Order.UNKNOWN
    assert order_of(["03/31/2026", "31/03/2026"]) is Order.UNKNOWN
    assert parse_date("01/03/2026", Order.DAY_FIRST) == date(2026, 3, 1)
    assert parse_date("01/03/2026", Order.MONTH_FIRST) == date(2026, 1, 3)
