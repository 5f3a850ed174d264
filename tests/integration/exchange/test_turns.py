"""Writers of one SQLite file share commits, and each of them still stands or falls alone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from federation.exchange.adapters.sql.turns import MOST, SharedTransactions
from federation.ground.engine import make_engine, reading, transaction
from tests.support.waiting import wait_until

WRITERS = 24


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    found = make_engine(sqlite_url)
    with transaction(found) as connection:
        connection.exec_driver_sql("CREATE TABLE written (number INTEGER PRIMARY KEY)")
    yield found
    found.dispose()


def write(share: SharedTransactions, number: int) -> None:
    with share() as connection:
        connection.exec_driver_sql("INSERT INTO written VALUES (?)", (number,))


def written(engine: Engine) -> set[int]:
    with reading(engine) as connection:
        return {int(row[0]) for row in connection.exec_driver_sql("SELECT number FROM written")}


def refuse_odd(number: int) -> None:
    if number % 2:
        raise ValueError(number)


def commits(engine: Engine) -> list[object]:
    found: list[object] = []
    event.listen(engine, "commit", found.append)
    return found


def test_who_comes_alone_is_committed_at_once(engine: Engine) -> None:
    share = SharedTransactions(engine)
    write(share, 1)
    assert written(engine) == {1}


def test_those_that_queue_behind_one_another_share_commits_and_all_are_kept(engine: Engine) -> None:
    share, counted, barrier = SharedTransactions(engine), commits(engine), Barrier(WRITERS)
    entered: list[int] = []

    def hold(_connection: object) -> None:
        wait_until(lambda: len(entered) == WRITERS, what="all are there while the first commits")

    def together(number: int) -> None:
        barrier.wait()
        entered.append(number)
        write(share, number)

    event.listen(engine, "commit", hold)
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(together, range(WRITERS)))
    assert written(engine) == set(range(WRITERS))
    assert 1 <= len(counted) < WRITERS <= MOST


def test_none_returns_before_the_commit_that_holds_its_work(engine: Engine) -> None:
    share, barrier = SharedTransactions(engine), Barrier(WRITERS)

    def see(number: int) -> bool:
        barrier.wait()
        write(share, number)
        return number in written(engine)

    with ThreadPoolExecutor(WRITERS) as pool:
        assert all(pool.map(see, range(WRITERS)))


def test_a_refused_one_takes_back_its_own_work_and_nobody_elses(engine: Engine) -> None:
    share, barrier = SharedTransactions(engine), Barrier(WRITERS)

    def odd_ones_fail(number: int) -> bool:
        barrier.wait()
        try:
            with share() as connection:
                connection.exec_driver_sql("INSERT INTO written VALUES (?)", (number,))
                refuse_odd(number)
        except ValueError:
            return False
        return True

    with ThreadPoolExecutor(WRITERS) as pool:
        kept = list(pool.map(odd_ones_fail, range(WRITERS)))
    assert kept == [number % 2 == 0 for number in range(WRITERS)]
    assert written(engine) == set(range(0, WRITERS, 2))


def test_a_commit_that_fails_is_told_to_everybody_in_it_and_the_next_begins_anew(engine: Engine) -> None:
    share, first_is_in, second_waits = SharedTransactions(engine), Event(), Event()
    failing = [True]

    def refuse(_connection: object) -> None:
        if failing[0]:
            raise OperationalError("COMMIT", None, Exception("disk full"))

    event.listen(engine, "commit", refuse)

    def first() -> None:
        with share() as connection:
            first_is_in.set()
            second_waits.wait(10)
            connection.exec_driver_sql("INSERT INTO written VALUES (1)")

    def second() -> None:
        first_is_in.wait(10)
        second_waits.set()
        write(share, 2)

    with ThreadPoolExecutor(2) as pool:
        for ended in [pool.submit(first), pool.submit(second)]:
            with pytest.raises(OperationalError):
                ended.result()
    failing[0] = False
    write(share, 3)
    assert written(engine) == {3}


def test_a_transaction_that_cannot_begin_leaves_the_turn_to_the_next(engine: Engine) -> None:
    share, failing = SharedTransactions(engine), [True]

    def refuse(_connection: object) -> None:
        if failing[0]:
            raise OperationalError("BEGIN", None, Exception("locked"))

    event.listen(engine, "begin", refuse)
    with pytest.raises(OperationalError):
        write(share, 1)
    failing[0] = False
    write(share, 2)
    assert written(engine) == {2}
