"""Meetings as files for calendars."""

from datetime import datetime
from typing import Protocol


class Calendar(Protocol):
    """Writes one event as a file."""

    def event(self, uid: str, title: str, where: str, start: datetime, minutes: int, stamp: datetime) -> bytes:
        """The file; `start` and `stamp` have a zone."""
        ...
