"""The engine, the columns and the two kinds of transaction, alike on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier, Thread

import pytest
from sqlalchemy import Column, Engine, ForeignKey, Integer, String, Table, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from federation.ground.columns import UtcDateTime
from federation.ground.engine import make_engine, metadata, reading, tell_commits, transaction, wrote

SCHEMA = metadata()
ROWS = Table(
    "rows",
    SCHEMA,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime),
    Column("word", String, unique=True),
)
LINKS = Table("links", SCHEMA, Column("row_id", Integer, ForeignKey("rows.id"), primary_key=True))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    SCHEMA.create_all(made)
    yield made
    made.dispose()


def words(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.scalars(select(ROWS.c.word).order_by(ROWS.c.id)))


def test_leaving_a_transaction_commits(engine: Engine) -> None:
    with transaction(engine) as connection:
        connection.execute(insert(ROWS).values(id=1, word="kept"))

    assert words(engine) == ["kept"]


def test_an_error_rolls_the_whole_transaction_back(engine: Engine) -> None:
    def write_and_fail() -> None:
        with transaction(engine) as connection:
            connection.execute(insert(ROWS).values(id=1, word="lost"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()

    assert words(engine) == []


def test_a_reading_transaction_cannot_write(engine: Engine) -> None:
    with pytest.raises(DBAPIError), reading(engine) as connection:
        connection.execute(insert(ROWS).values(id=1, word="refused"))

    with transaction(engine) as connection:  # and the connection that went back to the pool writes again
        connection.execute(insert(ROWS).values(id=2, word="kept"))
    assert words(engine) == ["kept"]


def test_a_reader_neither_waits_for_a_writer_nor_sees_what_is_not_committed(engine: Engine) -> None:
    with transaction(engine) as connection:
        connection.execute(insert(ROWS).values(id=1, word="pending"))
        assert words(engine) == []


def test_whoever_waits_for_something_is_told_when_it_was_written(engine: Engine) -> None:
    told: list[str] = []
    tell_commits(engine, lambda: told.append("anything"))
    tell_commits(engine, lambda: told.append("letters"), of="letters")

    with transaction(engine):
        pass
    with transaction(engine) as connection:
        wrote(connection, "letters")
        assert told == ["anything"]
    assert sorted(told) == ["anything", "anything", "letters"]

    with engine.connect() as connection:  # and takes it back
        wrote(connection, "letters")
        connection.rollback()
    with transaction(engine):
        pass
    assert told.count("letters") == 1


def test_references_are_enforced(engine: Engine) -> None:
    with pytest.raises(IntegrityError), transaction(engine) as connection:
        connection.execute(insert(LINKS).values(row_id=7))


def test_two_writers_that_read_first_both_succeed_one_after_the_other(engine: Engine) -> None:
    with transaction(engine) as connection:
        connection.execute(insert(ROWS).values(id=1, word="0"))
    barrier = Barrier(4)

    def count_up() -> None:
        barrier.wait()
        for _ in range(5):
            with transaction(engine) as connection:
                word = connection.scalar(select(ROWS.c.word).where(ROWS.c.id == 1).with_for_update())
                connection.execute(update(ROWS).where(ROWS.c.id == 1).values(word=str(int(word or 0) + 1)))

    threads = [Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert words(engine) == ["20"]


def test_a_refused_statement_does_not_show_its_values(engine: Engine) -> None:
    with transaction(engine) as connection:
        connection.execute(insert(ROWS).values(id=1, word="first"))

    with pytest.raises(IntegrityError) as caught, transaction(engine) as connection:
        connection.execute(insert(ROWS).values(id=1, at=datetime(2031, 7, 9, tzinfo=UTC), word="canary"))

    assert "canary" not in str(caught.value)


def test_moments_come_back_aware_in_utc_and_to_the_microsecond(engine: Engine) -> None:
    moment = datetime(2027, 3, 1, 12, 30, 15, 123456, tzinfo=timezone(timedelta(hours=-5)))
    with transaction(engine) as connection:
        connection.execute(insert(ROWS).values(id=1, at=moment))
        connection.execute(insert(ROWS).values(id=2, at=None))

    with reading(engine) as connection:
        kept, none = connection.scalars(select(ROWS.c.at).order_by(ROWS.c.id))

    assert (kept, none) == (moment, None)
    assert kept.tzinfo is UTC


def test_moments_sort_and_compare_by_time_whatever_their_zone(engine: Engine) -> None:
    noon = datetime(2027, 3, 1, 12, tzinfo=UTC)
    earlier = (noon - timedelta(microseconds=1)).astimezone(timezone(timedelta(hours=9)))
    with transaction(engine) as connection:
        connection.execute(insert(ROWS).values(id=1, at=noon))
        connection.execute(insert(ROWS).values(id=2, at=earlier))

    with reading(engine) as connection:
        assert list(connection.scalars(select(ROWS.c.id).order_by(ROWS.c.at))) == [2, 1]
        assert list(connection.scalars(select(ROWS.c.id).where(ROWS.c.at < noon))) == [2]


def test_a_moment_without_a_zone_is_refused(engine: Engine) -> None:
    naive = datetime(2027, 3, 1)  # noqa: DTZ001 - the very mistake
    with pytest.raises(StatementError, match="without a zone"), transaction(engine) as connection:
        connection.execute(insert(ROWS).values(id=1, at=naive))
