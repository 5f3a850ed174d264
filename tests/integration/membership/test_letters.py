"""What a receiver does with letters that are false, late, twice, out of order, or more than its program can bear."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from federation.ground.engine import transaction
from federation.membership.alerts import AlertCode
from federation.membership.receive import ThreadEvent
from protocol import jws
from protocol.bodies import Kind
from protocol.documents import to_moment
from protocol.envelope import LIFETIME
from protocol.keys import OpeningKey, SigningKey
from protocol.thread.table import State
from tests.support.federation import Federation, Program, introduce, offer
from tests.support.forging import Forger

WITHDRAW = Kind.REQUEST_WITHDRAW


def discarded(program: Program) -> bytes:
    """Why the letter was discarded, as the alert keeps it."""
    with transaction(program.engine) as connection:
        alerts = program.member.alerts
        return b" ".join(
            alert.subject.encode() for alert in alerts.all(connection) if alert.code is AlertCode.LETTER_DISCARDED
        )


def test_an_honest_letter_is_stored_and_receipted(forger: Forger, host: Program) -> None:
    letter = forger.send()

    report = host.sync()

    assert report.letters_taken == 1
    assert forger.receipts() == {letter: "stored"}
    assert host.view(forger.thread).state is State.ASKED


def test_a_replayed_envelope_gets_the_same_receipt_and_has_no_second_effect(forger: Forger, host: Program) -> None:
    envelope = forger.envelope(forger.inner())
    forger.slip(envelope)
    host.sync()
    forger.federation.exchange.mailboxes[host.node].clear()
    first = [held.data for held in forger.federation.exchange.mailboxes[forger.sender.node]]

    forger.slip(envelope)
    report = host.sync()

    again = [held.data for held in forger.federation.exchange.mailboxes[forger.sender.node]]
    assert report.letters_taken == 0
    assert host.effects.kinds == [Kind.REQUEST_OPEN]
    assert again == first * 2


def test_another_envelope_under_a_known_id_is_discarded_and_kept_as_evidence(forger: Forger, host: Program) -> None:
    inner = forger.inner()
    forger.slip(forger.envelope(inner))
    host.sync()
    forger.federation.exchange.mailboxes[host.node].clear()

    forger.slip(forger.envelope(inner))
    host.sync()

    assert host.alerts() == ["equivocation"]
    assert host.effects.kinds == [Kind.REQUEST_OPEN]


def test_a_letter_written_to_another_member_and_passed_on_is_discarded(
    federation: Federation, forger: Forger, host: Program
) -> None:
    third = federation.program("third")

    forger.slip(forger.envelope(forger.inner(to=third.node)))
    host.sync()

    assert discarded(host) == b"message-recipient"
    assert not forger.receipts()


def test_an_envelope_for_another_member_in_our_mailbox_is_discarded(
    federation: Federation, forger: Forger, host: Program
) -> None:
    third = federation.program("third")

    forger.slip(forger.envelope(forger.inner(), header={"to": third.node}))
    host.sync()

    assert discarded(host) == b"message-recipient"
    assert not forger.receipts()


@pytest.mark.parametrize("field", ["id", "expires_at", "sent_at"])
def test_a_header_that_differs_from_what_was_signed_is_discarded(forger: Forger, host: Program, field: str) -> None:
    inner = forger.inner()
    honest = forger.envelope(inner).header
    changed: dict[str, dict[str, object]] = {
        "id": {"id": "018f3c3e-0000-7000-8000-000000000000"},
        "expires_at": {"expires_at": honest.expires_at - 1},
        "sent_at": {"sent_at": honest.sent_at - 1, "expires_at": honest.expires_at - 1},
    }

    forger.slip(forger.envelope(inner, header=changed[field]))
    host.sync()

    assert discarded(host) == b"message-header"
    assert host.effects.kinds == []


def test_a_changed_header_does_not_open_at_all(forger: Forger, host: Program) -> None:
    envelope = forger.envelope(forger.inner())
    was = f'"sent_at":{envelope.header.sent_at}'.encode()
    assert was in envelope.raw
    raw = envelope.raw.replace(was, f'"sent_at":{envelope.header.sent_at + 1}'.encode())

    forger.federation.exchange.put_item(
        host.node, kind="envelope", name=envelope.header.id, sender=forger.sender.node, data=raw
    )
    host.sync()

    assert discarded(host) == b"seal-unopenable"


def test_a_letter_signed_by_another_member_is_discarded(federation: Federation, forger: Forger, host: Program) -> None:
    third = federation.program("third")
    host.sync()

    forger.slip(forger.envelope(forger.inner(key=Forger(federation, third, host).key())))
    host.sync()

    assert discarded(host) == b"key-unknown"
    assert not forger.receipts()


def test_a_letter_signed_with_an_unpublished_key_is_discarded(forger: Forger, host: Program) -> None:
    forger.slip(forger.envelope(forger.inner(key=SigningKey.generate())))
    host.sync()

    assert discarded(host) == b"key-unknown"


def test_an_object_signed_as_another_kind_is_no_letter(forger: Forger, host: Program) -> None:
    forger.slip(forger.envelope(forger.inner(typ=jws.Typ.OFFER)))
    host.sync()

    assert discarded(host) == b"jws-type"


def test_a_letter_past_its_date_is_refused_with_a_receipt(forger: Forger, host: Program) -> None:
    now = forger.federation.clock.now()
    letter = forger.send(iat=to_moment(now - LIFETIME), exp=to_moment(now))

    host.sync()

    assert forger.receipts() == {letter: "message-stale"}
    assert host.effects.kinds == []


def test_a_letter_from_the_future_waits_until_its_time_has_come(forger: Forger, host: Program) -> None:
    later = forger.federation.clock.now() + timedelta(hours=1)
    letter = forger.send(iat=to_moment(later), exp=to_moment(later + timedelta(days=1)))

    assert host.sync().letters_kept == 1
    assert host.alerts() == ["letter-not-yet"]
    forger.federation.wait(timedelta(hours=1))
    host.sync()

    assert forger.receipts() == {letter: "stored"}


def test_an_unopenable_letter_is_discarded_without_a_receipt(forger: Forger, host: Program) -> None:
    forger.slip(forger.envelope(forger.inner(), seal_to=OpeningKey.generate().public))

    report = host.sync()

    assert report.letters_discarded == 1
    assert discarded(host) == b"seal-unopenable"
    assert not forger.receipts()
    assert host.sync().letters_discarded == 0


@pytest.mark.parametrize("data", [b"", b"x" * 1_024, b"MW1\0" + b"\xff" * 1_020, b"MW1\0\0\2{}" + b"\0" * 1_016])
def test_rubbish_is_discarded(forger: Forger, host: Program, data: bytes) -> None:
    forger.federation.exchange.put_item(host.node, kind="envelope", name="rubbish", sender="x", data=data)

    assert host.sync().letters_discarded == 1
    assert host.sync().letters_discarded == 0


def test_what_makes_the_program_fail_is_kept_and_blocks_no_other_letter(
    federation: Federation, forger: Forger, host: Program
) -> None:
    poison = forger.send()
    other = Forger(federation, forger.sender, host)
    good = other.send()

    def fail_for_poison(_connection: Connection, event: ThreadEvent) -> None:
        if event.message == poison and not healed:
            raise RuntimeError("cannot take this in")

    healed: list[bool] = []
    host.effects.answer = fail_for_poison
    report = host.sync()

    assert (report.letters_kept, report.letters_taken) == (1, 1)
    assert host.alerts() == ["letter-failed"]
    assert forger.receipts() == {good: "stored"}
    assert host.view(other.thread).state is State.ASKED

    healed.append(True)
    host.sync()
    assert forger.receipts()[poison] == "stored"
    assert host.view(forger.thread).state is State.ASKED


def test_an_answer_written_while_a_letter_is_taken_in_leaves_in_the_same_round(home: Program, host: Program) -> None:
    def offer_at_once(connection: Connection, event: ThreadEvent) -> None:
        host.member.post.say(
            connection,
            thread=event.thread,
            kind=Kind.REQUEST_OFFER,
            body=offer(host.clock),
            now=host.clock.now(),
        )

    host.effects.answer = offer_at_once
    thread = home.open(host)
    home.sync()
    report = host.sync()
    home.sync()

    assert report.letters_sent == 1
    assert home.view(thread).state is State.OFFERED


def test_no_personal_data_is_readable_in_the_database_of_letters(home: Program, host: Program) -> None:
    introduce(home, host)

    for program in (home, host):
        content = b"".join(path.read_bytes() for path in _files(program))
        assert b"mary@host.example.org" not in content
        assert b"Nadia" not in content


def _files(program: Program) -> list[Path]:
    database = Path(str(program.engine.url.database))
    return [path for path in database.parent.iterdir() if path.is_file()]
