"""Claiming due rows, alike on both databases, with real threads and real second processes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, update

from federation.ground.claims import claim_due, still_claimed
from federation.ground.engine import make_engine, transaction
from tests.contracts.ground.claiming_rows import DUE, PAIRS, ROWS, SCHEMA
from tests.support.processes import peer

LEASE = timedelta(minutes=5)
WORKER = "tests.contracts.ground.claiming_peer"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    SCHEMA.create_all(made)
    yield made
    made.dispose()


def add(engine: Engine, count: int, *, due_at: datetime | None = DUE, first: int = 1) -> None:
    with transaction(engine) as connection:
        numbers = range(first, first + count)
        connection.execute(insert(ROWS), [{"id": number, "word": "w", "due_at": due_at} for number in numbers])


def claim(engine: Engine, *, now: datetime = DUE, limit: int = 10) -> list[int]:
    with transaction(engine) as connection:
        return [row.id for row in claim_due(connection, ROWS, now=now, lease=LEASE, limit=limit)]


def test_only_rows_that_are_due_are_claimed_oldest_first(engine: Engine) -> None:
    add(engine, 1, first=1)
    add(engine, 1, first=2, due_at=DUE - timedelta(hours=1))
    add(engine, 1, first=3, due_at=DUE + timedelta(microseconds=1))
    add(engine, 1, first=4, due_at=None)

    assert claim(engine) == [2, 1]


def test_no_more_than_the_limit_is_claimed(engine: Engine) -> None:
    add(engine, 5)

    assert claim(engine, limit=2) == [1, 2]
    assert claim(engine, limit=2) == [3, 4]
    assert claim(engine, limit=2) == [5]
    assert claim(engine, limit=2) == []


def test_a_claim_ends_with_its_lease_and_not_a_moment_earlier(engine: Engine) -> None:
    add(engine, 1)
    assert claim(engine) == [1]

    assert claim(engine, now=DUE + LEASE - timedelta(microseconds=1)) == []
    assert claim(engine, now=DUE + LEASE) == [1]


def test_a_claim_that_is_rolled_back_was_never_made(engine: Engine) -> None:
    add(engine, 1)

    def claim_and_fail() -> None:
        with transaction(engine) as connection:
            claim_due(connection, ROWS, now=DUE, lease=LEASE, limit=1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        claim_and_fail()

    assert claim(engine) == [1]


def test_a_claimed_row_comes_whole_with_the_end_of_its_lease(engine: Engine) -> None:
    add(engine, 1)
    with transaction(engine) as connection:
        (row,) = claim_due(connection, ROWS, now=DUE, lease=LEASE, limit=1)

    assert (row.word, row.due_at, row.claimed_until) == ("w", DUE, DUE + LEASE)


def test_rows_with_a_key_of_two_columns_are_claimed_one_by_one(engine: Engine) -> None:
    keys = [(1, "a"), (1, "b"), (2, "a")]
    with transaction(engine) as connection:
        connection.execute(insert(PAIRS), [{"left": left, "right": right, "due_at": DUE} for left, right in keys])

    with transaction(engine) as connection:
        first = claim_due(connection, PAIRS, now=DUE, lease=LEASE, limit=2)
        second = claim_due(connection, PAIRS, now=DUE, lease=LEASE, limit=2)

    assert [(row.left, row.right) for row in first + second] == keys


def test_a_worker_that_was_late_cannot_conclude_a_row_another_has_claimed_since(engine: Engine) -> None:
    add(engine, 1)
    with transaction(engine) as connection:
        (late,) = claim_due(connection, ROWS, now=DUE, lease=LEASE, limit=1)
    with transaction(engine) as connection:
        (prompt,) = claim_due(connection, ROWS, now=DUE + LEASE, lease=LEASE, limit=1)

    with transaction(engine) as connection:
        conclude = update(ROWS).values(due_at=None, claimed_until=None)
        assert connection.execute(conclude.where(still_claimed(ROWS, late))).rowcount == 0
        assert connection.execute(conclude.where(still_claimed(ROWS, prompt))).rowcount == 1


def test_a_second_claim_never_waits_for_a_first_that_is_still_open(postgres_url: str) -> None:
    engine = make_engine(postgres_url)
    SCHEMA.create_all(engine)
    add(engine, 4)

    with transaction(engine) as connection:
        first = claim_due(connection, ROWS, now=DUE, lease=LEASE, limit=2)
        assert [row.id for row in first] == [1, 2]
        assert claim(engine) == [3, 4]
    engine.dispose()


def test_eight_threads_share_two_hundred_rows_without_a_double(engine: Engine) -> None:
    add(engine, 200)

    def work(_: int) -> list[int]:
        mine: list[int] = []
        while batch := claim(engine, limit=7):
            mine += batch
        return mine

    with ThreadPoolExecutor(8) as pool:
        claimed = [number for mine in pool.map(work, range(8)) for number in mine]

    assert sorted(claimed) == list(range(1, 201))


def test_two_processes_share_two_hundred_rows_without_a_double(engine: Engine, database_url: str) -> None:
    add(engine, 200)

    with peer(WORKER, database_url) as one, peer(WORKER, database_url) as other:
        assert (one.hear(), other.hear()) == ("ready", "ready")
        one.tell("go")
        other.tell("go")
        claimed = [int(number) for worker in (one, other) for number in worker.hear().split()]

    assert sorted(claimed) == list(range(1, 201))
