"""A program that came back from an old copy: it reads again, asks, and contradicts nothing it had said."""

from datetime import timedelta

import pytest

from federation.ground.engine import transaction
from federation.membership.refusals import CatchingUpError
from protocol.bodies import Kind, OfferAccept, StatusUpdate
from protocol.ids import ThreadId
from protocol.thread.table import State
from protocol.vocabulary import Progress
from tests.support.federation import Federation, Program, consent, introduce, offer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def carry(federation: Federation, *programs: Program) -> None:
    for program in programs * 2:
        federation.wait(timedelta(seconds=1), renew=False)
        program.sync()


def restore(federation: Federation, program: Program, *, after: timedelta = HOUR) -> Program:
    """Lose everything since the copy that lies beside the database."""
    made_at = federation.clock.now() - after
    program.put_back(program.file.with_suffix(".copy"), made_at)
    program.effects.events.clear()
    federation.wait(timedelta(seconds=1), renew=False)
    return program


@pytest.fixture
def thread(federation: Federation, home: Program, host: Program) -> ThreadId:
    """A request with an offer; then home's database is copied, and life goes on for an hour."""
    thread = home.open(host)
    carry(federation, home, host)
    host.say(thread, Kind.REQUEST_OFFER, offer(federation.clock))
    carry(federation, host, home)
    home.copy()
    host.copy()
    federation.wait(HOUR)
    return thread


def accept(federation: Federation, home: Program, thread: ThreadId) -> None:
    home.say(thread, Kind.OFFER_ACCEPT, OfferAccept(consent=consent(federation.clock)))


def test_its_own_lost_letters_come_home_and_both_ends_agree(
    federation: Federation, home: Program, host: Program, thread: ThreadId
) -> None:
    accept(federation, home, thread)
    carry(federation, home, host)
    restore(federation, home)
    assert home.view(thread).state is State.OFFERED

    first = home.sync()
    carry(federation, host, home)

    assert first.still_asking is not None
    assert first.still_asking.peers == (host.node,)
    assert home.view(thread).state is host.view(thread).state is State.ACCEPTED
    assert [(event.kind, event.ours) for event in home.effects.found[0].events] == [(Kind.OFFER_ACCEPT, True)]
    assert home.sync().still_asking is None
    assert home.alerts() == host.alerts() == []


def test_what_the_other_end_said_meanwhile_is_read_without_being_answered_again(
    federation: Federation, home: Program, host: Program, thread: ThreadId
) -> None:
    accept(federation, home, thread)
    carry(federation, home, host)
    host.say(thread, Kind.OFFER_RECALL)
    carry(federation, host, home)
    restore(federation, home)

    carry(federation, home, host, home)

    assert home.view(thread).state is State.RECALLED
    assert home.effects.events == []
    assert [event.kind for event in home.effects.found[0].events] == [Kind.OFFER_ACCEPT, Kind.OFFER_RECALL]


def test_a_request_opened_after_the_copy_is_found_through_its_answer(
    federation: Federation, home: Program, host: Program, thread: ThreadId
) -> None:
    later = home.open(host)
    carry(federation, home, host)
    host.say(later, Kind.REQUEST_OFFER, offer(federation.clock))
    carry(federation, host, home)
    restore(federation, home)

    carry(federation, home, host, home)

    assert home.view(later).state is host.view(later).state is State.OFFERED
    (found,) = [found for found in home.effects.found if found.thread == later]
    assert [(event.kind, event.ours) for event in found.events] == [
        (Kind.REQUEST_OPEN, True),
        (Kind.REQUEST_OFFER, False),
    ]


def test_nothing_is_said_in_a_request_before_its_other_end_answered(
    federation: Federation, home: Program, host: Program, thread: ThreadId
) -> None:
    restore(federation, home)

    with pytest.raises(CatchingUpError):
        accept(federation, home, thread)

    carry(federation, home, host, home)
    accept(federation, home, thread)
    carry(federation, home, host)
    assert host.view(thread).state is State.ACCEPTED


def test_an_erasure_said_meanwhile_follows_what_had_been_said_before(
    federation: Federation, home: Program, host: Program, thread: ThreadId
) -> None:
    accept(federation, home, thread)
    carry(federation, home, host)
    restore(federation, home)
    home.say(thread, Kind.PERSON_ERASE)

    carry(federation, home, host, home)
    carry(federation, home, host)

    assert home.view(thread).state is host.view(thread).state is State.ERASED
    assert home.effects.found[0].state is State.ERASED
    assert home.alerts() == host.alerts() == []


def test_a_letter_that_waited_in_the_copy_and_had_arrived_since_is_not_sent_again(
    federation: Federation, home: Program, host: Program, thread: ThreadId
) -> None:
    accept(federation, home, thread)
    home.copy()
    carry(federation, home, host)
    envelopes = len(federation.exchange.envelopes(host.node))
    restore(federation, home)

    carry(federation, home, host, home)

    assert home.outbox() == {}
    kinds = len(federation.exchange.envelopes(host.node)) - envelopes
    assert kinds == 1  # the question alone
    assert host.alerts() == []


def test_a_letter_that_waited_in_the_copy_and_never_arrived_is_sent_after_all(
    federation: Federation, home: Program, host: Program, thread: ThreadId
) -> None:
    accept(federation, home, thread)
    home.copy()
    restore(federation, home)

    carry(federation, home, host, home)
    carry(federation, home, host)

    assert host.view(thread).state is State.ACCEPTED


def test_keys_made_after_the_copy_are_succeeded_by_new_ones(
    federation: Federation, home: Program, host: Program, thread: ThreadId
) -> None:
    with transaction(home.engine) as connection:
        home.member.identity.rotate(connection, federation.clock.now())
    home.sync()
    federation.wait(2 * DAY)
    host.sync()
    restore(federation, home)

    carry(federation, home, host, home)
    federation.wait(2 * DAY)
    accept(federation, home, thread)
    carry(federation, home, host)

    assert max(version for node, version in federation.exchange.statements if node == home.node) == 3
    assert host.view(thread).state is State.ACCEPTED
    assert home.alerts() == host.alerts() == []


def test_a_program_that_never_answers_is_not_waited_for_for_ever(
    federation: Federation, home: Program, host: Program, thread: ThreadId
) -> None:
    restore(federation, home)
    home.sync()
    federation.wait(13 * DAY)
    assert home.sync().still_asking is not None

    federation.wait(2 * DAY)

    assert home.sync().still_asking is None
    assert home.alerts() == ["thread-unanswered"]


def test_a_person_may_decide_not_to_wait(
    federation: Federation, home: Program, host: Program, thread: ThreadId
) -> None:
    restore(federation, home)
    home.sync()

    home.member.stop_waiting()

    assert home.sync().still_asking is None
    assert home.alerts() == ["thread-unanswered"]


def test_both_ends_restored_at_once_agree_again(
    federation: Federation, home: Program, host: Program, thread: ThreadId
) -> None:
    accept(federation, home, thread)
    carry(federation, home, host)
    restore(federation, home)
    restore(federation, host)

    carry(federation, home, host)
    carry(federation, home, host)

    assert home.sync().still_asking is None
    assert home.view(thread).state is host.view(thread).state


def test_a_long_story_comes_home_in_several_answers(federation: Federation, home: Program, host: Program) -> None:
    home.copy()
    threads = introduce(home, host)
    for count in range(60):
        home.say(threads, Kind.STATUS_UPDATE, StatusUpdate(progress=Progress.STARTED, meetings=count))
    carry(federation, home, host)
    restore(federation, home)

    for _ in range(5):
        carry(federation, home, host)

    assert home.view(threads).state is State.INTRODUCED
    assert len(home.view(threads).timeline) == len(host.view(threads).timeline)
