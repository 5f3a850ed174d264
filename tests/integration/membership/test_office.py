"""While a program serves, letters come and go by themselves, and nothing is judged by a roster that is behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

import pytest

from federation.ground.engine import transaction
from federation.membership.links import Links, PausedBy
from federation.membership.office import Office
from protocol.bodies import Kind
from protocol.keys import SigningKey
from tests.support.federation import Federation, Program, offer
from tests.support.waiting import wait_until


@contextmanager
def attended(*programs: Program) -> Iterator[None]:
    """Let each program's post be seen to; leaving waits for it, which must not take long."""
    stop = Event()
    threads = [Thread(target=Office(program.member).attend, args=(stop,)) for program in programs]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=20)
    assert not any(thread.is_alive() for thread in threads)


def test_letters_and_answers_come_and_go_without_a_round(federation: Federation, home: Program, host: Program) -> None:
    home.sync()
    with attended(home, host):
        thread = home.open(host)
        wait_until(lambda: host.effects.kinds == [Kind.REQUEST_OPEN], within=20, what="the request")
        wait_until(lambda: home.outbox() == {}, within=20, what="its receipt")
        host.say(thread, Kind.REQUEST_OFFER, offer(federation.clock))
        wait_until(lambda: home.effects.kinds == [Kind.REQUEST_OFFER], within=20, what="the offer")
        wait_until(lambda: host.outbox() == {}, within=20, what="its receipt")


@pytest.mark.parametrize("older", [False, True])
def test_a_receipt_and_the_wait_for_the_next_letter_are_one_request_where_the_exchange_takes_that(
    federation: Federation, home: Program, host: Program, *, older: bool
) -> None:
    home.sync()
    federation.exchange.only_singly = older
    with attended(home, host):
        for _ in range(2):
            home.open(host)
            wait_until(lambda: home.outbox() == {}, within=20, what="its receipt")

    assert len(host.effects.events) == 2
    assert ("POST", "/v1/mailbox/ack") in federation.exchange.requests


def test_a_receipt_that_is_refused_holds_up_neither_the_others_nor_what_comes_next(
    federation: Federation, home: Program, host: Program
) -> None:
    home.sync()
    for _ in range(2):
        home.open(host)
    home.sync()
    refused, other = federation.exchange.envelopes(host.node)
    federation.exchange.refuses_receipts_of.add(refused.id)

    with attended(home, host):
        wait_until(lambda: len(home.outbox()) == 1, within=20, what="the receipt that is not refused")
        home.open(host)
        wait_until(lambda: len(host.effects.events) == 3, within=20, what="the next letter")

    assert (refused.acknowledged, other.acknowledged) == (False, True)


def test_a_page_of_letters_with_a_poison_one_among_them_loses_none(
    federation: Federation, home: Program, host: Program
) -> None:
    home.sync()
    threads = [home.open(host) for _ in range(5)]
    home.sync()
    poison = threads[2]

    def fail(_connection: object, event: object) -> None:
        if getattr(event, "thread", None) == poison:
            raise RuntimeError("the program fails")

    host.effects.answer = fail
    host.sync()
    home.sync()

    assert host.alerts() == ["letter-failed"]
    assert len(home.outbox()) == 1
    host.effects.answer = None
    host.sync()
    home.sync()
    assert home.outbox() == {}


def test_a_suspension_holds_as_soon_as_a_letter_tells_of_it(
    federation: Federation, home: Program, host: Program
) -> None:
    federation.wait(timedelta(minutes=1), renew=False)
    federation.stewards.suspend(home.node)
    federation.renew()
    home.sync()
    home.open(host)
    home.sync()

    with attended(host):
        wait_until(lambda: host.alerts() == ["sender-quarantined"], within=20, what="the quarantine")

    assert host.effects.kinds == []


def test_a_letter_of_a_program_the_roster_does_not_know_yet_waits_for_no_round(
    federation: Federation, home: Program
) -> None:
    home.sync()
    federation.wait(timedelta(minutes=1), renew=False)
    newcomer = federation.program("newcomer")
    newcomer.open(home)
    newcomer.sync()

    with attended(home):
        wait_until(lambda: home.effects.kinds == [Kind.REQUEST_OPEN], within=20, what="the letter")

    assert home.alerts() == []


def test_a_letter_of_a_program_with_a_new_identity_is_not_discarded_meanwhile(
    federation: Federation, home: Program, host: Program
) -> None:
    federation.wait(timedelta(minutes=1), renew=False)
    fresh = SigningKey.generate()
    identity = replace(home.member.identity, identity=fresh)
    home.member = replace(home.member, identity=identity)
    federation.stewards.admit(home.node, fresh.public, "home", min_key_version=2)
    federation.renew()
    home.sync()
    home.open(host)
    home.sync()

    with attended(host):
        wait_until(lambda: host.effects.kinds == [Kind.REQUEST_OPEN], within=20, what="the letter")

    assert host.alerts() == []


def test_a_program_paused_by_a_person_reads_and_sends_nothing(
    federation: Federation, home: Program, host: Program
) -> None:
    home.sync()
    with transaction(home.engine) as connection:
        Links(home.tables).pause(connection, PausedBy.PERSON, federation.clock.now())
    home.open(host)
    host.open(home)
    host.sync()

    with attended(home):
        wait_until(lambda: home.effects.kinds == [Kind.REQUEST_OPEN], within=20, what="the other's request")

    assert list(home.outbox().values()) == ["waiting"]


def test_an_exchange_that_is_away_leaves_what_waits_as_it_is(
    federation: Federation, home: Program, host: Program
) -> None:
    home.open(host)
    federation.exchange.requests.clear()
    federation.exchange.away = True

    with attended(home):
        wait_until(lambda: len(federation.exchange.requests) > 0, within=20, what="a try")

    assert list(home.outbox().values()) == ["waiting"]
