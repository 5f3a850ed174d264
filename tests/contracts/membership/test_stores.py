"""What a member keeps in its own database means the same on SQLite and on PostgreSQL."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Connection, select

from federation.ground.engine import transaction
from federation.membership.alerts import AlertCode
from federation.membership.inbox import InboxState
from federation.membership.letters import LetterState
from federation.membership.links import JoinState, Links, PausedBy
from federation.membership.outbox import LEASE, Outbox
from federation.membership.refusals import KeysMissingError, NotJoinedError, RosterUnverifiedError, UnknownThreadError
from federation.membership.relay import Outcome
from federation.membership.roster_store import RosterStore
from protocol.bodies import Kind
from protocol.ids import ThreadId, uuid7
from protocol.sealing import UnsealError
from protocol.thread.chains import IllegalTransitionError
from protocol.thread.table import State
from tests.support.federation import END, NEED, Federation, Program, introduce, make_program, offer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def federation(tmp_path: Path) -> Federation:
    return Federation(tmp_path)


@pytest.fixture
def program(federation: Federation, database_url: str) -> Iterator[Program]:
    made = federation.program("here", database_url=database_url)
    yield made
    made.engine.dispose()


@pytest.fixture
def fresh(federation: Federation, database_url: str) -> Iterator[Program]:
    made = make_program(federation.folder, "fresh", federation.clock, federation.exchange.connect, database_url)
    yield made
    made.engine.dispose()


def test_a_whole_introduction_fits_every_table(federation: Federation, program: Program) -> None:
    other = federation.program("other")

    thread = introduce(other, program)

    assert program.view(thread).state is other.view(thread).state is State.INTRODUCED
    assert program.alerts() == []
    assert not program.outbox()


def test_a_decision_and_its_letter_commit_or_vanish_together(federation: Federation, program: Program) -> None:
    other = federation.program("other")
    program.sync()

    def decide(connection: Connection) -> None:
        program.member.post.open_thread(connection, to=other.node, body=NEED, now=program.clock.now())
        raise KeyError("the decision fails")

    with pytest.raises(KeyError), transaction(program.engine) as connection:
        decide(connection)

    assert program.outbox() == {}
    with transaction(program.engine) as connection:
        assert connection.execute(select(program.tables.thread)).all() == []


def test_an_empty_database_says_what_is_missing(fresh: Program) -> None:
    thread = ThreadId(uuid7(fresh.clock.now(), os.urandom(10)))
    with transaction(fresh.engine) as connection:
        assert RosterStore(fresh.tables).find(connection) is None
        assert fresh.member.link(connection) is None
        with pytest.raises(RosterUnverifiedError):
            RosterStore(fresh.tables).get(connection)
        with pytest.raises(NotJoinedError):
            fresh.member.pause(connection)
        with pytest.raises(UnknownThreadError):
            fresh.member.post.view(connection, thread)
        with pytest.raises(KeysMissingError):
            fresh.member.identity.statement(connection, fresh.clock.now())
        with pytest.raises(KeysMissingError):
            fresh.member.identity.signing_key(connection, fresh.clock.now())
        assert fresh.member.post.due(connection, fresh.clock.now()) == []


def test_a_kept_roster_comes_back_as_it_was(federation: Federation, program: Program) -> None:
    federation.stewards.suspend(program.node)
    federation.wait(HOUR)
    program.sync()
    store = RosterStore(program.tables)

    with transaction(program.engine) as connection:
        kept = store.get(connection)
        older = replace(kept, signed_at=None, targets=1)
        store.keep(connection, older)
        assert store.get(connection) == older


def test_the_link_remembers_joining_pausing_and_reading(program: Program) -> None:
    links = Links(program.tables)
    with transaction(program.engine) as connection:
        links.pause(connection, PausedBy.EXCHANGE, program.clock.now())
        links.joined(connection, JoinState.REFUSED)
        link = links.get(connection)
        assert (link.paused_by, link.state, link.synced_at) == (
            PausedBy.EXCHANGE,
            JoinState.REFUSED,
            program.clock.now(),
        )
        links.resume(connection)
        assert links.get(connection).paused_by is None


def test_alerts_are_counted_kept_with_their_first_evidence_and_dismissed(program: Program) -> None:
    alerts, now = program.member.alerts, program.clock.now()
    with transaction(program.engine) as connection:
        alerts.sound(connection, AlertCode.EQUIVOCATION, "thread", now, evidence=b"first")
        alerts.sound(connection, AlertCode.EQUIVOCATION, "thread", now + HOUR, evidence=b"second")
        (alert,) = alerts.all(connection)
        assert (alert.count, alert.first_at, alert.last_at) == (2, now, now + HOUR)
        assert alerts.evidence(connection, AlertCode.EQUIVOCATION, "thread") == b"first"
        assert alerts.evidence(connection, AlertCode.EQUIVOCATION, "other") is None
        alerts.dismiss(connection, AlertCode.EQUIVOCATION, "thread")
        assert alerts.all(connection) == ()


def test_a_claimed_letter_is_free_again_when_its_lease_ends(federation: Federation, program: Program) -> None:
    other = federation.program("other")
    program.sync()
    program.open(other)
    outbox = Outbox(tables=program.tables, seal=program.member.identity.seal)
    now = program.clock.now()
    with transaction(program.engine) as connection:
        (row,) = outbox.claim(connection, now)
        assert outbox.claim(connection, now) == []
    with transaction(program.engine) as connection:
        (again,) = outbox.claim(connection, now + LEASE)
        outbox.record(connection, row, Outcome(status=201), now + LEASE)  # the first worker comes too late
        assert outbox.entries(connection)[0].state is LetterState.WAITING
        outbox.record(connection, again, Outcome(status=201), now + LEASE)
        assert outbox.entries(connection)[0].state is LetterState.ACCEPTED


def test_a_failed_letter_is_due_again_later_and_counts_its_attempts(federation: Federation, program: Program) -> None:
    other = federation.program("other")
    program.sync()
    program.open(other)
    outbox = Outbox(tables=program.tables, seal=program.member.identity.seal)
    now = program.clock.now()
    with transaction(program.engine) as connection:
        (row,) = outbox.claim(connection, now)
        outbox.record(connection, row, Outcome(status=503), now)
        (entry,) = outbox.entries(connection)
    assert entry.attempts == 1
    assert entry.error == "503"
    assert entry.due_at is not None
    assert 0.8 * timedelta(minutes=1) <= entry.due_at - now <= 1.4 * timedelta(minutes=1)


def test_old_inbox_rows_are_forgotten(federation: Federation, program: Program) -> None:
    other = federation.program("other")
    other.sync()
    other.open(program)
    other.sync()
    program.sync()

    def states() -> list[str]:
        with transaction(program.engine) as connection:
            return list(connection.scalars(select(program.tables.inbox.c.state)))

    assert states() == [InboxState.STORED.value]
    federation.wait(17 * DAY)
    program.sync()
    assert states() == []


def test_own_keys_are_sealed_and_opened_by_their_id_only(program: Program) -> None:
    identity, now = program.member.identity, program.clock.now()
    with transaction(program.engine) as connection:
        statement = identity.newest(connection)
        assert identity.opening_key(connection, statement.sealing[0].key_id).public == statement.sealing[0]
        assert identity.signing_key(connection, now).public == statement.signing[0]
        private = list(connection.scalars(select(program.tables.own_key.c.private)))
        assert all(identity.signing_key(connection, now).seed not in sealed for sealed in private)
        with pytest.raises(UnsealError):
            identity.opening_key(connection, statement.signing[0].key_id)


def test_rotation_is_not_repeated_while_new_keys_wait_to_be_published(program: Program) -> None:
    identity, now = program.member.identity, program.clock.now()
    with transaction(program.engine) as connection:
        second = identity.rotate(connection, now)
        assert identity.rotate(connection, now) == second
        assert identity.statement(connection, now).version == 1
        identity.published(connection, 2, now)
        assert identity.statement(connection, now).version == 2
        third = identity.rotate(connection, now)
        assert third.prev == second.digest
        assert len(third.signing) == 3


def test_what_the_table_forbids_is_not_written(federation: Federation, program: Program) -> None:
    other = federation.program("other")
    program.sync()
    thread = program.open(other)

    with pytest.raises(IllegalTransitionError):
        program.say(thread, Kind.REQUEST_OFFER, offer(program.clock))
    with pytest.raises(IllegalTransitionError):
        program.say(thread, Kind.MATCH_CLOSED, END)
    assert len(program.view(thread).timeline) == 1


def test_two_processes_sound_one_alert_at_the_same_moment(program: Program) -> None:
    now, code = program.clock.now(), AlertCode.ROSTER_UNREACHABLE
    together = Barrier(8)

    def sound(_number: int) -> None:
        together.wait()
        with transaction(program.engine) as connection:
            program.member.alerts.sound(connection, code, "away", now, evidence=b"first")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(sound, range(8)))

    with transaction(program.engine) as connection:
        (alert,) = program.member.alerts.all(connection)
        assert program.member.alerts.evidence(connection, code, "away") == b"first"
    assert alert.count == 8


def test_a_sender_that_lost_its_claim_sends_nothing(federation: Federation, program: Program) -> None:
    """Two sealings of one letter differ, and the exchange would refuse the second for ever."""
    other = federation.program("other")
    program.sync()
    program.open(other)
    outbox = Outbox(tables=program.tables, seal=program.member.identity.seal)
    with transaction(program.engine) as connection:
        (late,) = outbox.claim(connection, program.clock.now())
    program.clock.advance(LEASE)
    with transaction(program.engine) as connection:
        outbox.claim(connection, program.clock.now())

        assert not outbox.sealed(connection, late, b"sealed too late", "digest")
