"""A meeting as a file that any calendar opens (RFC 5545)."""

from datetime import datetime, timedelta

from node.domain.pair import Plan

_PRODUCT = "-//Mentorweave//EN"


class IcalCalendar:
    """Writes one event."""

    def event(self, plan: Plan, title: str, stamp: datetime) -> bytes:
        """The file; nobody is invited, so no address stands in it."""
        from icalendar import Calendar, Event  # noqa: PLC0415 - a fifth of a second that most commands need not wait

        calendar, event = Calendar(), Event()
        event.add("uid", plan.id)
        event.add("dtstamp", stamp)
        event.add("dtstart", plan.at)
        event.add("dtend", plan.at + timedelta(minutes=plan.minutes))
        event.add("summary", title)
        if plan.where:
            event.add("location", plan.where)
        calendar.add("prodid", _PRODUCT)
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add_component(event)
        calendar.add_missing_timezones()
        return bytes(calendar.to_ical())
