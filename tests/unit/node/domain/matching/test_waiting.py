"""Waiting: as a criterion, as a tier, and as points across programs."""

from datetime import date, timedelta

import pytest

from node.domain.matching.criteria.waiting import Waits
from node.domain.matching.finding import Reason
from node.domain.matching.points import NO_BONUSES, points, waiting_tier
from tests.support.matching import TODAY, a_candidate

CRITERION = Waits(TODAY)


def test_a_year_of_waiting_counts_wholly() -> None:
    weeks = CRITERION.trait(a_candidate(waiting_since=TODAY - timedelta(weeks=26)))

    assert weeks == 26
    assert CRITERION.compare(weeks, 0).share == 50
    assert CRITERION.compare(500, 0).share == 100
    assert CRITERION.compare(13, 0).reason is Reason.LONG_WAIT
    assert CRITERION.compare(12, 0).reason is None
    assert CRITERION.trait(a_candidate(waiting_since=None)) == 0


@pytest.mark.parametrize(("weeks", "tier"), [(0, 2), (12, 2), (13, 1), (26, 1), (27, 0)])
def test_tiers_begin_at_13_weeks_and_after_26(weeks: int, tier: int) -> None:
    assert waiting_tier(TODAY - timedelta(weeks=weeks), TODAY) == tier


def test_who_has_no_date_is_new() -> None:
    assert waiting_tier(None, date(2026, 1, 1)) == 2


def test_points_can_be_recomputed_by_anybody() -> None:
    assert points(640, 2, no_exact_mentor=False) == 640
    assert points(640, 1, no_exact_mentor=False) == 790
    assert points(640, 0, no_exact_mentor=True) == 1040
    assert points(640, 0, no_exact_mentor=True, bonuses=NO_BONUSES) == 640
