"""Calling what recurs: one process per database does, the others stand by.

A tick holds no state. What is due is a row in the database, claimed with a lock that expires, so a
tick that is missed, doubled or cut off loses nothing.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Event, Thread

from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]
from apscheduler.jobstores.base import JobLookupError  # type: ignore[import-untyped]
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]
from sqlalchemy import Engine

from federation.ground.clock import Clock, SystemClock
from federation.ground.incidents import record_incident
from federation.ground.leader import Leadership

_BREATH_SECONDS = 1.0


class Ticker:
    """Calls functions at intervals while this process leads; the first call comes at once."""

    def __init__(self, engine: Engine, name: str, clock: Clock, *, stand_by: timedelta = timedelta(seconds=5)) -> None:
        self._leadership = Leadership(engine, name)
        self._stand_by = stand_by
        self._clock = clock
        self._done: dict[str, datetime] = {}
        self._over = Event()
        self._attending: list[Thread] = []
        self._workers = ThreadPoolExecutor(8)
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": self._workers},
            # A laptop that slept through ten rounds catches up with one, however late.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def every(self, interval: timedelta, name: str, fn: Callable[[], None]) -> None:
        """Call `fn` every `interval`, never twice at the same time in this process."""

        def tick() -> None:
            self._tick(name, fn)

        self._scheduler.add_job(
            tick, "interval", seconds=interval.total_seconds(), id=name, next_run_time=SystemClock().now()
        )

    def attend(self, name: str, fn: Callable[[Event], None]) -> None:
        """Call `fn` again and again, in a thread of its own, while this process leads; it is handed what ends it."""

        def attend() -> None:
            while not self._over.is_set():
                self._tick(name, lambda: fn(self._over))
                self._over.wait(_BREATH_SECONDS)

        self._attending.append(Thread(target=attend, name=name, daemon=True))

    def start(self) -> None:
        """Begin to tick in the background."""
        self._scheduler.start()
        for thread in self._attending:
            thread.start()

    def stop(self) -> None:
        """Wait for what is running, then let another process lead."""
        self._over.set()
        for thread in self._attending:
            if thread.is_alive():
                thread.join()
        if self._scheduler.running:
            # The scheduler would hold its lock while it waits, and a job that stands by asks it for that lock.
            self._scheduler.shutdown(wait=False)
            self._workers.shutdown(wait=True)
        self._leadership.release()

    def last_done(self, name: str) -> datetime | None:
        """When this process last finished `name` without an error, or None."""
        return self._done.get(name)

    def _ask_again(self, name: str) -> None:
        # What runs once a day must not wait a day for a leader that left a minute after it was asked.
        job = self._scheduler.get_job(name)
        soon = SystemClock().now() + self._stand_by
        if job is not None and job.next_run_time > soon:
            with suppress(JobLookupError):  # the scheduler is being stopped
                job.modify(next_run_time=soon)

    def _tick(self, name: str, fn: Callable[[], None]) -> None:
        try:
            if not self._leadership.hold():
                self._ask_again(name)
                return
            fn()
        except Exception as error:  # noqa: BLE001 - an outermost loop: one bad round never stops the next
            record_incident("tick-failed", error, tick=name)
        else:
            self._done[name] = self._clock.now()
