"""Warnings come 30, 14 and 3 days ahead, and at once where a machine stands still."""

from datetime import timedelta

import pytest

from federation.governance.domain.deadlines import Alarm, deadline
from federation.governance.domain.trust import RoleName
from tests.support.clock import NOON


@pytest.mark.parametrize("role", [RoleName.ROOT, RoleName.TARGETS])
@pytest.mark.parametrize(
    ("days", "alarm"),
    [
        (31, Alarm.NONE),
        (30, Alarm.FIRST),
        (15, Alarm.FIRST),
        (14, Alarm.SECOND),
        (4, Alarm.SECOND),
        (3, Alarm.LAST),
        (0, Alarm.PAST),
        (-1, Alarm.PAST),
    ],
)
def test_what_stewards_sign_warns_thirty_fourteen_and_three_days_ahead(role: RoleName, days: int, alarm: Alarm) -> None:
    found = deadline(role, NOON + timedelta(days=days), NOON)
    assert (found.alarm, found.days) == (alarm, days)


@pytest.mark.parametrize(
    ("role", "hours", "alarm"),
    [
        (RoleName.SUSPENSIONS, 47, Alarm.NONE),
        (RoleName.SUSPENSIONS, 46, Alarm.FIRST),
        (RoleName.SUSPENSIONS, 23, Alarm.LAST),
        (RoleName.SNAPSHOT, 73, Alarm.NONE),
        (RoleName.SNAPSHOT, 47, Alarm.SECOND),
        (RoleName.TIMESTAMP, 13, Alarm.NONE),
        (RoleName.TIMESTAMP, 2, Alarm.LAST),
    ],
)
def test_what_machines_sign_warns_when_a_turn_was_missed(role: RoleName, hours: int, alarm: Alarm) -> None:
    assert deadline(role, NOON + timedelta(hours=hours), NOON).alarm is alarm
