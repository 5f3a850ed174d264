"""Weekly hours that really overlap: each person's slots in her own time zone, in a winter week and in a summer week.

Places change their clocks on different days or never, so the worse of the two weeks counts.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from node.domain.matching.bearings import Bearings
from node.domain.matching.finding import SILENT, WHOLE, Aspect, Finding, Reason
from node.domain.person import Candidate

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PARTS = {"morning": (8, 12), "afternoon": (12, 17), "evening": (17, 21)}
_QUARTERS = 4
"""Time is counted in quarters of an hour: some zones are off by three of them."""
_WEEK = 7 * 24 * _QUARTERS
_ENOUGH = 4
"""So many shared hours a week count wholly: two people who meet every other week have a choice."""

Weeks = tuple[int, int]
"""The quarters of an hour, in universal time, of a winter week and of a summer week: one bit each."""


@lru_cache(maxsize=65_536)
def weeks(slots: tuple[str, ...], zone: str, year: int) -> Weeks:
    """When somebody with these slots is free. A zone nobody knows is read as universal time."""
    return _free(slots, zone, date(year, 1, 15)), _free(slots, zone, date(year, 7, 15))


def _free(slots: tuple[str, ...], zone: str, day: date) -> int:
    shift = _offset(zone, day)
    free = 0
    for slot in slots:
        name, _, part = slot.partition("-")
        begin, end = _PARTS[part]
        for quarter in range(begin * _QUARTERS, end * _QUARTERS):
            free |= 1 << ((_DAYS.index(name) * 24 * _QUARTERS + quarter - shift) % _WEEK)
    return free


@lru_cache(maxsize=1024)
def _offset(zone: str, day: date) -> int:
    """How many quarters of an hour a zone is ahead of universal time at noon of a day."""
    try:
        ahead = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError):
        return 0
    return (ahead or timedelta(0)) // timedelta(minutes=60 // _QUARTERS)


@dataclass(frozen=True, slots=True)
class SharedHours:
    """Availability and time zone."""

    bearings: Bearings
    aspect: Aspect = field(default=Aspect.HOURS)

    def trait(self, person: Candidate) -> Weeks:
        """When she is free."""
        profile = person.profile
        zone = self.bearings.zone_of(profile.time_zone, profile.community)
        return weeks(profile.slots, zone, self.bearings.today.year)

    def compare(self, mentee: Weeks, mentor: Weeks) -> Finding:
        """How many hours a week the two are both free, in the worse half of the year."""
        if not mentee[0] or not mentor[0]:
            return SILENT
        quarters = min((mentee[0] & mentor[0]).bit_count(), (mentee[1] & mentor[1]).bit_count())
        hours = quarters // _QUARTERS
        if not hours:
            return Finding(0, Reason.NO_SHARED_HOUR, speaks_for=False)
        share = min(WHOLE, WHOLE * quarters // (_ENOUGH * _QUARTERS))
        reason = Reason.SHARED_HOURS if hours >= _ENOUGH else Reason.FEW_SHARED_HOURS
        return Finding(share, reason, speaks_for=hours >= _ENOUGH, details=(("hours", hours),))
