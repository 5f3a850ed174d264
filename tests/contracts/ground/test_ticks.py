"""What recurs is called by one process at a time, and goes on whatever happens in a round."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Event

import pytest
import structlog
from sqlalchemy import Engine

from federation.ground.engine import make_engine
from federation.ground.ticks import Ticker
from tests.support.clock import NOON, FakeClock
from tests.support.waiting import wait_until

SOON = timedelta(milliseconds=20)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def ticker(engine: Engine) -> Iterator[Ticker]:
    made = Ticker(engine, "ticks", FakeClock())
    yield made
    made.stop()


def test_a_function_is_called_at_once_and_again(ticker: Ticker) -> None:
    calls: list[str] = []
    ticker.every(timedelta(days=1), "daily", lambda: calls.append("daily"))
    ticker.every(SOON, "often", lambda: calls.append("often"))

    ticker.start()

    wait_until(lambda: calls.count("often") >= 3)
    assert calls.count("daily") == 1


def test_when_it_was_last_done_is_known_for_what_succeeded_only(ticker: Ticker) -> None:
    ticker.every(SOON, "good", lambda: None)
    ticker.every(SOON, "bad", lambda: next(iter(())))

    assert ticker.last_done("good") is None
    with structlog.testing.capture_logs() as lines:
        ticker.start()
        wait_until(lambda: ticker.last_done("good") == NOON and bool(lines))
        ticker.stop()

    assert ticker.last_done("bad") is None


def test_an_error_is_logged_by_class_and_id_and_the_ticks_go_on(ticker: Ticker) -> None:
    calls: list[int] = []

    def fail() -> None:
        calls.append(1)
        raise LookupError("canary")

    ticker.every(SOON, "failing", fail)
    with structlog.testing.capture_logs() as lines:
        ticker.start()
        wait_until(lambda: len(calls) >= 3)
        ticker.stop()

    assert {(line["event"], line["tick"], line["error"]) for line in lines} == {
        ("tick-failed", "failing", "LookupError")
    }
    assert len({line["incident"] for line in lines}) == len(lines)
    assert "canary" not in str(lines)


def test_a_function_never_runs_twice_at_the_same_time(ticker: Ticker) -> None:
    running, most = [0], [0]
    finished = Event()

    def slow() -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        finished.wait(0.1)
        running[0] -= 1

    ticker.every(SOON, "slow", slow)
    rounds: list[int] = []
    ticker.every(SOON, "beside", lambda: rounds.append(1))
    ticker.start()
    wait_until(lambda: len(rounds) >= 10)
    finished.set()

    assert most == [1]


def test_only_the_leader_calls_and_its_end_hands_over(engine: Engine, ticker: Ticker) -> None:
    mine: list[int] = []
    theirs: list[int] = []
    other = Ticker(engine, "ticks", FakeClock())
    ticker.every(SOON, "round", lambda: mine.append(1))
    other.every(SOON, "round", lambda: theirs.append(1))

    ticker.start()
    wait_until(lambda: bool(mine))
    other.start()
    seen = len(mine)
    wait_until(lambda: len(mine) >= seen + 5)
    assert theirs == []

    ticker.stop()
    wait_until(lambda: bool(theirs))
    count = len(mine)
    other.stop()
    assert len(mine) == count


def test_what_runs_once_a_day_does_not_wait_a_day_for_a_leader_that_left(engine: Engine, ticker: Ticker) -> None:
    done: list[str] = []
    heir = Ticker(engine, "ticks", FakeClock(), stand_by=SOON)
    ticker.every(timedelta(days=1), "daily", lambda: done.append("leader"))
    heir.every(timedelta(days=1), "daily", lambda: done.append("heir"))
    ticker.start()
    wait_until(lambda: done == ["leader"])

    heir.start()
    ticker.stop()

    wait_until(lambda: done == ["leader", "heir"])
    heir.stop()


def test_stopping_waits_for_what_is_running(engine: Engine) -> None:
    ticker = Ticker(engine, "ticks", FakeClock())
    begun, ended, never = Event(), Event(), Event()

    def work() -> None:
        begun.set()
        never.wait(0.2)
        ended.set()

    ticker.every(timedelta(days=1), "work", work)
    ticker.start()
    begun.wait(10)
    ticker.stop()

    assert ended.is_set()


def test_stopping_before_starting_is_harmless(engine: Engine) -> None:
    Ticker(engine, "ticks", FakeClock()).stop()
