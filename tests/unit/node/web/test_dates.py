"""Days as people say them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from node.web.pages import Dates
from node.words import Words
from tests.support.clock import NOON

HERE = ZoneInfo("America/Edmonton")


@pytest.mark.parametrize(
    ("language", "day", "said"),
    [
        ("en", NOON, "March 1"),
        ("fr", NOON, "1er mars"),
        ("fr", NOON + timedelta(days=1), "2 mars"),
        ("en", NOON - timedelta(days=365), "March 1, 2026"),
        ("fr", NOON - timedelta(days=364), "2 mars 2026"),
    ],
)
def test_a_day_is_said_as_its_language_does(language: str, day: datetime, said: str) -> None:
    assert Dates(Words(language), HERE).day(day, NOON) == said


def test_a_day_is_the_day_of_the_place() -> None:
    after_midnight_in_greenwich = datetime(2027, 3, 2, 3, 0, tzinfo=UTC)

    assert Dates(Words("en"), HERE).weekday(after_midnight_in_greenwich) == "Monday, March 1"
    assert Dates(Words("fr"), HERE).weekday(after_midnight_in_greenwich) == "Lundi 1er mars"


@pytest.mark.parametrize(
    ("days", "ago", "left"), [(0, "today", "today"), (1, "yesterday", "tomorrow"), (9, "9 days", "in 9 days")]
)
def test_an_age_counts_days(days: int, ago: str, left: str) -> None:
    dates = Dates(Words("en"), HERE)

    assert dates.age(NOON - timedelta(days=days), NOON) == ago
    assert dates.left(NOON + timedelta(days=days), NOON) == left
