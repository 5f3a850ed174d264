"""A meeting as a file that any calendar opens (RFC 5545)."""

from datetime import datetime, timedelta

_PRODUCT = "-//Mentorweave//EN"


class IcalCalendar:
    """Writes one event."""

    def event(self, uid: str, title: str, where: str, start: datetime, minutes: int, stamp: datetime) -> bytes:
        """The file; nobody is invited, so no address stands in it."""
        from icalendar import Calendar, Event  # noqa: PLC0415 - a fifth of a second that most commands need not wait

        calendar, event = Calendar(), Event()
        event.add("uid", uid)
        event.add("dtstamp", stamp)
        event.add("dtstart", start)
        event.add("dtend", start + timedelta(minutes=minutes))
        event.add("summary", title)
        if where:
            event.add("location", where)
        calendar.add("prodid", _PRODUCT)
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add_component(event)
        calendar.add_missing_timezones()
        return calendar.to_ical()
