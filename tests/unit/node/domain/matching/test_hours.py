"""Weekly hours that overlap across time zones and changes of the clock."""

from dataclasses import replace

import pytest

from node.domain.matching.criteria.hours import SharedHours, weeks
from node.domain.matching.finding import SILENT, Finding, Reason
from node.domain.person import Kind
from tests.support.matching import BEARINGS, HAT, MAPLE_CREEK, NOWHERE, ST_JOHNS, a_candidate

CRITERION = SharedHours(BEARINGS)


def between(ours: tuple[str, ...], theirs: tuple[str, ...], **other: object) -> Finding:
    mentee = a_candidate(slots=ours, community=HAT)
    return CRITERION.compare(CRITERION.trait(mentee), CRITERION.trait(a_candidate(Kind.MENTOR, slots=theirs, **other)))


def test_the_same_evening_in_one_town_is_four_hours() -> None:
    found = between(("mon-evening",), ("mon-evening", "tue-evening"))

    assert (found.share, found.reason, found.details) == (100, Reason.SHARED_HOURS, (("hours", 4),))


def test_saskatchewan_does_not_change_its_clocks_and_loses_an_hour_in_winter() -> None:
    # In summer Maple Creek shows the time of Medicine Hat; in winter it is an hour ahead.
    found = between(("mon-evening",), ("mon-evening",), community=MAPLE_CREEK)

    assert (found.reason, found.details) == (Reason.FEW_SHARED_HOURS, (("hours", 3),))
    assert not found.speaks_for


def test_newfoundland_is_three_hours_and_a_half_ahead() -> None:
    found = between(("mon-evening",), ("mon-evening",), community=ST_JOHNS)

    assert (found.share, found.reason, found.speaks_for) == (0, Reason.NO_SHARED_HOUR, False)


def test_a_named_time_zone_wins_over_the_community() -> None:
    found = between(("mon-morning",), ("mon-evening",), time_zone="Europe/Kyiv")

    assert found.details == (("hours", 4),)
    assert between(("mon-evening",), ("mon-evening",), time_zone="Europe/Kyiv").reason is Reason.NO_SHARED_HOUR


def test_a_week_has_no_end() -> None:
    # Sunday evening in Alberta is Monday morning in Manila.
    found = between(("sun-evening",), ("mon-morning",), time_zone="Asia/Manila")

    assert found.details == (("hours", 3),)


def test_who_lives_off_the_map_has_the_time_of_the_program() -> None:
    assert between(("mon-evening",), ("mon-evening",), community=NOWHERE).reason is Reason.SHARED_HOURS


def test_who_says_nothing_speaks_for_nothing() -> None:
    assert between((), ("mon-evening",)) is SILENT
    assert between(("mon-evening",), ()) is SILENT


@pytest.mark.parametrize("zone", ["Nowhere/At_All", "../etc"])
def test_a_zone_nobody_knows_is_read_as_universal_time(zone: str) -> None:
    assert weeks(("mon-evening",), zone, 2026) == weeks(("mon-evening",), "UTC", 2026)


def test_the_year_decides_when_clocks_change() -> None:
    later = SharedHours(replace(BEARINGS, today=BEARINGS.today.replace(year=2030)))

    assert later.trait(a_candidate(slots=("mon-evening",))) == CRITERION.trait(a_candidate(slots=("mon-evening",)))
