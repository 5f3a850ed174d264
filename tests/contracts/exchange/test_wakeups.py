"""Waking waiting polls: in one process, across two, and after the connection to the database was lost."""

from collections.abc import Iterator
from contextlib import contextmanager

import anyio
import pytest
from anyio import to_thread
from sqlalchemy.exc import OperationalError

from federation.exchange.adapters.wakeups import LocalWakeups, make_wakeups
from federation.exchange.domain.mailbox import Item, ItemKind, Page
from federation.ground.engine import make_engine
from protocol.ids import NodeId
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.anyio

NODE, OTHER = NodeId("a" * 16), NodeId("b" * 16)
PAGE = Page((), more=True)


def nothing() -> Page:
    return Page((), more=False)


@contextmanager
def started(url: str) -> Iterator[LocalWakeups]:
    engine = make_engine(url)
    wakeups = make_wakeups(engine)
    wakeups.start()
    try:
        yield wakeups
    finally:
        wakeups.close()
        engine.dispose()


async def test_only_who_is_meant_is_woken(sqlite_url: str) -> None:
    with (
        started(sqlite_url) as wakeups,
        wakeups.waiting(NODE, nothing) as bell,
        wakeups.waiting(OTHER, nothing) as other,
    ):
        wakeups.wake({NODE: ()})

        assert await bell.wait(5)
        assert not await other.wait(0.05)


async def test_everybody_who_waits_for_one_member_is_woken(database_url: str) -> None:
    with started(database_url) as wakeups, wakeups.waiting(NODE, nothing) as one, wakeups.waiting(NODE, nothing) as two:
        assert wakeups.count() == 2
        wakeups.wake({NODE: ()})

        assert [await one.wait(5), await two.wait(5)] == [True, True]


async def test_whoever_wakes_a_single_poll_brings_what_it_waits_for(sqlite_url: str) -> None:
    with started(sqlite_url) as wakeups, wakeups.waiting(NODE, lambda: PAGE) as bell:
        wakeups.wake({NODE: ()})

        assert await bell.wait(5)
        assert bell.brought() is PAGE
        assert bell.brought() is None


async def test_what_was_stored_is_brought_where_it_is_all_that_a_poll_waits_for(sqlite_url: str) -> None:
    def at(cursor: int) -> Item:
        return Item(cursor=cursor, id=str(cursor), kind=ItemKind.ENVELOPE, sender=OTHER, body=b"sealed")

    with started(sqlite_url) as wakeups, wakeups.waiting(NODE, lambda: PAGE, after=4) as bell:
        for stored, brought in (
            ([at(5), at(6)], Page((at(5), at(6)), more=False)),
            ([at(6)], PAGE),
            ([at(number) for number in range(5, 30)], PAGE),
            ([], PAGE),
        ):
            wakeups.wake({NODE: stored})

            assert await bell.wait(5)
            assert bell.brought() == brought


async def test_who_asked_for_no_cursor_gets_what_is_in_the_mailbox(sqlite_url: str) -> None:
    with started(sqlite_url) as wakeups, wakeups.waiting(NODE, lambda: PAGE) as bell:
        wakeups.wake({NODE: [Item(cursor=1, id="a", kind=ItemKind.ENVELOPE, sender=OTHER, body=b"sealed")]})

        assert await bell.wait(5)
        assert bell.brought() == PAGE


async def test_a_poll_that_nothing_can_be_brought_to_is_woken_all_the_same(sqlite_url: str) -> None:
    def fail() -> Page:
        raise OperationalError("look", None, Exception())

    with started(sqlite_url) as wakeups, wakeups.waiting(NODE, fail) as bell:
        wakeups.wake({NODE: ()})

        assert await bell.wait(5)
        assert bell.brought() is None


async def test_a_bell_rung_before_the_wait_is_heard(database_url: str) -> None:
    with started(database_url) as wakeups, wakeups.waiting(NODE, nothing) as bell:
        await to_thread.run_sync(wakeups.wake, {NODE: ()})

        assert await bell.wait(5)


async def test_another_replica_is_told(postgres_url: str) -> None:
    with started(postgres_url) as here, started(postgres_url) as there:
        with there.waiting(NODE, nothing) as bell:
            for _ in range(20):
                here.wake({NODE: ()})
                if await bell.wait(0.5):
                    return
        pytest.fail("the other replica was never told")


async def test_a_lost_connection_is_made_again(postgres_url: str, postgres_server: PostgresServer) -> None:
    with started(postgres_url) as here, started(postgres_url) as there:
        name = postgres_url.rpartition("/")[2]
        postgres_server.execute(
            f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"  # noqa: S608 - a name that our own fixture chose
        )
        with there.waiting(NODE, nothing) as bell:
            for _ in range(60):
                here.wake({NODE: ()})
                if await bell.wait(0.5):
                    return
        pytest.fail("the connection was never made again")


async def test_closing_lets_everybody_go(database_url: str) -> None:
    with started(database_url) as wakeups, wakeups.waiting(NODE, nothing) as bell:
        wakeups.close()

        assert wakeups.is_closing
        assert await bell.wait(5)


def test_ringing_for_a_loop_that_ended_does_nothing(sqlite_url: str) -> None:
    with started(sqlite_url) as wakeups:

        async def leave_a_bell() -> None:
            wakeups.waiting(NODE, nothing).__enter__()

        anyio.run(leave_a_bell)
        wakeups.wake({NODE: ()})
