"""How long each file of the roster still lasts, and when somebody must do something about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from federation.governance.domain.content import Published
from federation.governance.domain.trust import RoleName

_AHEAD = (timedelta(days=30), timedelta(days=14), timedelta(days=3))
_SECONDS_A_DAY = 86_400


class Alarm(StrEnum):
    """How urgent a deadline is."""

    NONE = "none"
    FIRST = "first"
    SECOND = "second"
    LAST = "last"
    PAST = "past"


# Stewards' files warn 30, 14 and 3 days ahead. The rest is signed by machines, every day or oftener:
# there a warning means that a machine stands still, and the marks are those of a missed turn.
_MARKS = {
    RoleName.ROOT: _AHEAD,
    RoleName.TARGETS: _AHEAD,
    RoleName.SUSPENSIONS: (timedelta(hours=46), timedelta(hours=36), timedelta(hours=24)),
    RoleName.SNAPSHOT: (timedelta(days=3), timedelta(days=2), timedelta(days=1)),
    RoleName.TIMESTAMP: (timedelta(hours=12), timedelta(hours=6), timedelta(hours=3)),
}
_ALARMS = (Alarm.FIRST, Alarm.SECOND, Alarm.LAST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """Until when a role's newest file may be used, and how many days that is."""

    role: RoleName
    expires: datetime
    days: float
    alarm: Alarm


def deadline(role: RoleName, expires: datetime, now: datetime) -> Deadline:
    """The deadline of one role as seen at `now`."""
    left = expires - now
    alarm = Alarm.NONE
    for mark, name in zip(_MARKS[role], _ALARMS, strict=True):
        if left <= mark:
            alarm = name
    if left <= timedelta(0):
        alarm = Alarm.PAST
    return Deadline(role=role, expires=expires, days=round(left.total_seconds() / _SECONDS_A_DAY, 2), alarm=alarm)


def deadlines(published: Published, now: datetime) -> tuple[Deadline, ...]:
    """All five, in the order of the chain of trust."""
    expires = published.content.expires
    moments = (
        (RoleName.ROOT, expires.root),
        (RoleName.TARGETS, expires.targets),
        (RoleName.SUSPENSIONS, expires.suspensions),
        (RoleName.SNAPSHOT, published.snapshot_expires),
        (RoleName.TIMESTAMP, published.timestamp_expires),
    )
    return tuple(deadline(role, moment, now) for role, moment in moments)
