"""Letters on their way out: an exchange that is away, refuses or denies; what is tried or said again."""

from datetime import timedelta

import pytest

from federation.ground.engine import transaction
from federation.membership.refusals import UnknownLetterError
from protocol.bodies import Kind
from protocol.ids import MessageId
from protocol.roster import Standing
from protocol.thread.chains import IllegalTransitionError
from protocol.thread.table import State
from tests.support.federation import END, Federation, Program, offer

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_a_letter_waits_while_the_exchange_is_away_and_leaves_when_it_is_back(
    federation: Federation, home: Program, host: Program
) -> None:
    federation.exchange.away = True
    thread = home.open(host)

    report = home.sync()
    assert (report.reached, report.letters_waiting) == (False, 1)
    assert home.view(thread).state is State.ASKED

    federation.exchange.away = False
    federation.settle()
    assert host.view(thread).state is State.ASKED
    assert not home.outbox()


@pytest.mark.parametrize("status", [500, 503, 408, 429])
def test_an_exchange_that_fails_only_delays(federation: Federation, home: Program, host: Program, status: int) -> None:
    home.open(host)
    federation.exchange.always = status

    report = home.sync()

    assert not report.reached
    assert not report.paused
    federation.exchange.always = None
    assert home.sync().letters_sent == 1


@pytest.mark.parametrize("status", [401, 403])
def test_an_exchange_that_denies_pauses_the_link_until_it_lets_us_read_again(
    federation: Federation, home: Program, host: Program, status: int
) -> None:
    home.open(host)
    federation.exchange.always = status

    report = home.sync()

    assert report.paused
    assert home.alerts() == ["link-denied"]
    federation.exchange.always = None
    report = home.sync()
    assert not report.paused
    assert report.letters_sent == 1


def test_every_try_carries_the_same_bytes(federation: Federation, home: Program, host: Program) -> None:
    home.open(host)
    home.sync()
    first = federation.exchange.envelopes(host.node)[0]
    with transaction(home.engine) as connection:
        connection.execute(home.tables.outbox.update().values(state="waiting", due_at=home.clock.now()))

    home.sync()

    assert [held.data for held in federation.exchange.envelopes(host.node)] == [first.data]
    assert list(home.outbox().values()) == ["accepted"]


def test_another_letter_under_the_same_id_is_refused_and_parked(
    federation: Federation, home: Program, host: Program
) -> None:
    thread = home.open(host)
    with transaction(home.engine) as connection:
        letter = next(entry.message for entry in home.member.outbox(connection))
    federation.exchange.put_item(host.node, kind="envelope", name=letter, sender=home.node, data=b"squatted")

    home.sync()

    assert home.outbox() == {letter: "refused"}
    assert home.alerts() == ["letter-refused-by-exchange"]
    assert home.view(thread).state is State.ASKED
    federation.exchange.mailboxes.clear()
    with transaction(home.engine) as connection:
        home.member.retry(connection, letter)
    assert home.sync().letters_sent == 1


def test_only_letters_that_wait_or_were_refused_can_be_sent_again(home: Program) -> None:
    with transaction(home.engine) as connection, pytest.raises(UnknownLetterError):
        home.member.retry(connection, MessageId("018f3c3e-0000-7000-8000-000000000000"))


def test_a_refused_letter_holds_up_neither_the_mailbox_nor_other_threads(
    federation: Federation, home: Program, host: Program
) -> None:
    home.open(host)
    with transaction(home.engine) as connection:
        letter = next(entry.message for entry in home.member.outbox(connection))
    federation.exchange.put_item(host.node, kind="envelope", name=letter, sender=home.node, data=b"squatted")
    home.open(host)

    report = home.sync()

    assert report.letters_sent == 1


def test_nothing_is_sent_while_a_person_paused_the_link(federation: Federation, home: Program, host: Program) -> None:
    thread = home.open(host)
    with transaction(home.engine) as connection:
        home.member.pause(connection)

    report = home.sync()
    assert (report.paused, report.letters_sent, report.letters_waiting) == (True, 0, 1)

    with transaction(home.engine) as connection:
        home.member.resume(connection)
    federation.settle()
    assert host.view(thread).state is State.ASKED


def test_a_letter_that_found_no_way_out_in_fourteen_days_expires_and_is_alerted(
    federation: Federation, home: Program, host: Program
) -> None:
    home.open(host)
    federation.exchange.always = 500
    home.sync()
    federation.wait(15 * DAY)
    federation.exchange.always = None

    home.sync()

    assert list(home.outbox().values()) == ["expired"]
    assert "letter-expired" in home.alerts()


def test_only_a_receipt_says_delivered(federation: Federation, home: Program, host: Program) -> None:
    thread = home.open(host)
    home.sync()
    assert list(home.outbox().values()) == ["accepted"]
    assert home.view(thread).timeline[0].delivered_at is None

    host.sync()
    home.sync()

    assert home.outbox() == {}
    assert home.view(thread).timeline[0].delivered_at is not None


def test_a_forged_receipt_changes_nothing(federation: Federation, home: Program, host: Program) -> None:
    third = federation.program("third")
    home.sync()
    thread = home.open(host)
    other = home.open(third)
    home.sync()
    host.sync()
    third.sync()
    receipts = [held for held in federation.exchange.mailboxes[home.node] if held.kind == "receipt"]
    assert len(receipts) == 2
    federation.exchange.mailboxes[home.node].remove(receipts[0])
    head, payload, _ = receipts[0].data.split(b".")
    stolen = b".".join((head, payload, receipts[1].data.split(b".")[2]))
    federation.exchange.put_item(home.node, kind="receipt", name="forged", sender=host.node, data=stolen)

    home.sync()

    assert home.view(thread).timeline[0].delivered_at is None
    assert home.view(other).timeline[0].delivered_at is not None
    assert home.alerts() == ["receipt-invalid"]
    assert home.sync().receipts_taken == 0


@pytest.mark.parametrize("only_singly", [False, True])
def test_letters_that_wait_together_leave_together_where_the_exchange_takes_that(
    federation: Federation, home: Program, host: Program, *, only_singly: bool
) -> None:
    home.sync()
    for _ in range(3):
        home.open(host)
    federation.exchange.only_singly = only_singly
    federation.exchange.requests.clear()

    report = home.sync()

    sent = [(method, path.split("/")[3]) for method, path in federation.exchange.requests if method != "GET"]
    alone = [("PUT", host.node)] * 3
    assert sent == [("POST", "send"), *alone] if only_singly else sent == [("POST", "send")]
    assert report.letters_sent == 3
    federation.settle()
    assert home.outbox() == {}


def test_a_receipt_among_others_that_does_not_hold_keeps_none_of_them(
    federation: Federation, home: Program, host: Program
) -> None:
    home.sync()
    threads = [home.open(host) for _ in range(4)]
    home.sync()
    host.sync()
    receipts = [held for held in federation.exchange.mailboxes[home.node] if held.kind == "receipt"]
    receipts[1].data = receipts[1].data[:-8] + b"AAAAAAAA"
    receipts[2].data = receipts[0].data

    report = home.sync()

    assert report.receipts_taken == 3
    assert home.alerts() == ["receipt-invalid"]
    assert [home.view(thread).timeline[0].delivered_at is not None for thread in threads].count(True) == 2


def test_a_letter_refused_by_its_receiver_is_void_at_both_ends_and_the_story_goes_on(
    federation: Federation, home: Program, host: Program
) -> None:
    thread = home.open(host)
    federation.settle()
    late = host.say(thread, Kind.REQUEST_OFFER, offer(federation.clock))
    host.sync()
    federation.wait(14 * DAY)  # home sleeps, and the exchange keeps the letter longer than it should

    home.sync()
    host.sync()

    assert home.view(thread).state is host.view(thread).state is State.ASKED
    assert host.outbox() == {late: "void"}
    assert host.alerts() == ["letter-refused-by-peer"]
    host.say(thread, Kind.REQUEST_OFFER, offer(federation.clock))
    federation.settle()
    assert home.view(thread).state is host.view(thread).state is State.OFFERED


def test_a_withdrawal_without_a_receipt_is_said_again_until_one_comes_home(
    federation: Federation, home: Program, host: Program
) -> None:
    thread = home.open(host)
    federation.settle()
    home.say(thread, Kind.CONSENT_WITHDRAW)
    home.sync()
    federation.exchange.mailboxes[host.node].clear()  # the exchange drops it
    federation.wait(3 * DAY)

    home.sync()
    assert len(federation.exchange.envelopes(host.node)) == 1
    host.sync()

    assert host.view(thread).state is State.CONSENT_WITHDRAWN
    home.sync()
    federation.wait(3 * DAY)
    federation.settle()
    federation.wait(4 * DAY)
    before = len(federation.exchange.envelopes(host.node))
    home.sync()
    assert len(federation.exchange.envelopes(host.node)) == before


def test_a_withdrawal_to_a_program_that_left_is_not_said_again(
    federation: Federation, home: Program, host: Program
) -> None:
    thread = home.open(host)
    federation.settle()
    home.say(thread, Kind.CONSENT_WITHDRAW)
    federation.stewards.change(host.node, status=Standing.LEFT)
    federation.wait(3 * DAY)

    home.sync()
    federation.wait(3 * DAY)
    home.sync()

    assert list(home.outbox().values()) == ["refused"]


def test_an_erasure_takes_back_what_has_not_left_yet(federation: Federation, home: Program, host: Program) -> None:
    thread = home.open(host)
    federation.settle()
    federation.exchange.away = True
    host.say(thread, Kind.REQUEST_OFFER, offer(federation.clock))
    host.sync()
    host.say(thread, Kind.PERSON_ERASE)
    federation.exchange.away = False
    federation.wait(HOUR)

    host.sync()

    assert len(federation.exchange.envelopes(home.node)) == 1
    home.sync()
    assert home.view(thread).state is host.view(thread).state is State.ERASED
    with pytest.raises(IllegalTransitionError):
        home.say(thread, Kind.OFFER_REFUSE, END)


def test_the_exchange_refusing_one_receipt_does_not_hold_up_the_others(
    federation: Federation, home: Program, host: Program
) -> None:
    home.open(host)
    home.open(host)
    home.sync()
    refused, other = federation.exchange.envelopes(host.node)
    federation.exchange.refuses_receipts_of.add(refused.id)

    host.sync()

    assert (refused.acknowledged, other.acknowledged) == (False, True)
    assert len(host.effects.events) == 2
