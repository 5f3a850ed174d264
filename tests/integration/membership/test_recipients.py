"""Recipients without keys, members that vanished or were suspended, and a mailbox without an end."""

from datetime import timedelta

from protocol.bodies import Kind
from protocol.thread.table import State
from tests.support.federation import Federation, Program

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_a_letter_waits_until_its_recipient_has_published_keys(
    federation: Federation, home: Program, host: Program
) -> None:
    statement = federation.exchange.statements.pop((host.node, 1))
    thread = home.open(host)

    report = home.sync()
    assert (report.letters_sent, report.letters_waiting) == (0, 1)

    federation.exchange.statements[host.node, 1] = statement
    federation.wait(2 * MINUTE)
    federation.settle()
    assert host.view(thread).state is State.ASKED


def test_a_letter_is_not_sealed_to_keys_that_do_not_verify(
    federation: Federation, home: Program, host: Program
) -> None:
    federation.exchange.statements[host.node, 1] = federation.exchange.statements[home.node, 1]
    home.open(host)

    report = home.sync()

    assert report.letters_sent == 0
    assert home.alerts() == ["statement-refused"]
    assert federation.exchange.envelopes(host.node) == []


def test_a_program_that_vanished_from_the_roster_takes_no_part(
    federation: Federation, home: Program, host: Program
) -> None:
    home.open(host)
    federation.stewards.members = [member for member in federation.stewards.members if member.id != home.node]
    federation.wait(HOUR)

    assert not home.sync().joined
    assert federation.exchange.envelopes(host.node) == []


def test_a_letter_to_a_program_that_vanished_from_the_roster_is_parked(
    federation: Federation, home: Program, host: Program
) -> None:
    home.open(host)
    federation.stewards.members = [member for member in federation.stewards.members if member.id != host.node]
    federation.wait(HOUR)

    home.sync()

    assert list(home.outbox().values()) == ["refused"]


def test_a_suspended_program_still_reads_and_sends_but_reads_no_summaries(
    federation: Federation, home: Program, host: Program
) -> None:
    thread = home.open(host)
    federation.settle()
    federation.stewards.suspend(home.node)
    federation.wait(HOUR)
    home.say(thread, Kind.CONSENT_WITHDRAW)
    federation.exchange.requests.clear()

    report = home.sync()

    assert (report.reached, report.paused, report.letters_sent) == (True, False, 1)
    assert ("GET", "/v1/summaries/index") not in federation.exchange.requests


def test_a_mailbox_that_never_ends_is_left_after_a_while(federation: Federation, home: Program, host: Program) -> None:
    federation.exchange.endless = True

    assert home.sync().reached
