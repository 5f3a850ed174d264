"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


class FakeClock:
    """Fake of `federation.ground.clock.Clock`."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now

    def now(self) -> datetime:
        """Return the moment the test chose."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move on by `by`."""
        self._now += by

    def set(self, now: datetime) -> None:
        """Jump to `now`."""
        self._now = now
