"""One leader per database and name, alike on both databases, with a real second process that is killed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from federation.ground.engine import make_engine, transaction
from federation.ground.leader import Leadership
from tests.support.postgres import PostgresServer
from tests.support.processes import peer
from tests.support.waiting import wait_until

CANDIDATE = "tests.contracts.ground.leading_peer"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def leader(engine: Engine) -> Iterator[Leadership]:
    made = Leadership(engine, "ticks")
    yield made
    made.release()


@pytest.fixture
def rival(engine: Engine) -> Iterator[Leadership]:
    made = Leadership(engine, "ticks")
    yield made
    made.release()


def test_the_first_to_ask_leads_and_the_second_does_not(leader: Leadership, rival: Leadership) -> None:
    assert leader.hold()
    assert not rival.hold()
    assert leader.hold()


def test_a_leader_that_lets_go_hands_over(leader: Leadership, rival: Leadership) -> None:
    leader.hold()
    leader.release()

    assert rival.hold()
    assert not leader.hold()


def test_letting_go_without_leading_takes_nothing_from_the_leader(leader: Leadership, rival: Leadership) -> None:
    leader.hold()
    rival.hold()
    rival.release()

    assert leader.hold()
    assert not rival.hold()


def test_two_names_have_two_leaders(engine: Engine, leader: Leadership) -> None:
    other = Leadership(engine, "letters")

    assert leader.hold()
    assert other.hold()
    other.release()


def test_leading_takes_no_connection_from_the_pool_and_no_lock_on_the_data(engine: Engine, leader: Leadership) -> None:
    leader.hold()

    with transaction(engine) as connection:
        connection.execute(text("create table things (id integer)"))


def test_of_eight_threads_that_share_a_candidate_all_hear_the_same(leader: Leadership, rival: Leadership) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: leader.hold(), range(40)))
        assert not any(pool.map(lambda _: rival.hold(), range(40)))


def test_a_leader_killed_without_warning_hands_over_at_once(rival: Leadership, database_url: str) -> None:
    with peer(CANDIDATE, database_url, "ticks") as process:
        assert process.hear() == "leads"
        assert not rival.hold()

        process.kill()

        wait_until(rival.hold, within=5, what="the handing over")


def test_a_process_waits_for_the_leader_of_another(leader: Leadership, database_url: str) -> None:
    leader.hold()
    with peer(CANDIDATE, database_url, "ticks") as process:
        assert process.hear() == "waits"

        leader.release()
        process.tell("again")

        assert process.hear() == "leads"


def test_a_leader_whose_connection_was_cut_notices_and_asks_again(
    postgres_server: PostgresServer, postgres_url: str
) -> None:
    engine = make_engine(postgres_url)
    leader, rival = Leadership(engine, "ticks"), Leadership(engine, "ticks")
    leader.hold()

    # No other test runs on this server at the same time, so the one advisory lock is this leader's.
    postgres_server.execute("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'")
    wait_until(rival.hold, within=5, what="the rival leading")

    assert not leader.hold()
    rival.release()
    assert leader.hold()
    leader.release()
    engine.dispose()
