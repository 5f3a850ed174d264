"""Meetings as files for calendars."""

from datetime import datetime
from typing import Protocol

from node.domain.pair import Plan


class Calendar(Protocol):
    """Writes one event as a file."""

    def event(self, plan: Plan, title: str, stamp: datetime) -> bytes:
        """A planned meeting under a title; `stamp` says when the file was made."""
        ...
