"""What a program writes to itself, so that whom it erased stays erased when it comes back from an old copy."""

import os
from datetime import datetime, timedelta

import pytest

from protocol import jws
from protocol.documents import to_moment
from protocol.envelope import LIFETIME, EnvelopeHeader, parse_envelope, seal_envelope
from protocol.ids import uuid7
from protocol.notes import SIZE, ErasureNote, note_key, seal_note
from tests.support.federation import EPOCH, Federation, Program
from tests.support.forging import Forger
from tests.support.simulated_exchange import Held

DAY = timedelta(days=1)
ERASED, ALSO = "a" * 64, "b" * 64


@pytest.fixture
def home(federation: Federation) -> Program:
    """A program that keeps a list of erasures, an hour after it wrote its note."""
    home = federation.program("home")
    home.effects.erased = ()
    home.sync()
    federation.wait(timedelta(hours=1))
    return home


def notes(federation: Federation, program: Program) -> list[Held]:
    return federation.exchange.envelopes(program.node)


def a_note(program: Program, at: datetime, *erasures: str) -> ErasureNote:
    name, moment = uuid7(at, os.urandom(10)), to_moment(at)
    return ErasureNote(iss=program.node, jti=name, since=0, iat=moment, exp=to_moment(at + LIFETIME), erasures=erasures)


def test_a_note_a_day_at_one_hour_of_one_size_whether_somebody_was_erased_or_not(
    federation: Federation, home: Program
) -> None:
    home.effects.erased = (ERASED, ALSO)
    for _ in range(10):
        home.sync()
        federation.wait(timedelta(hours=2))
    assert len(notes(federation, home)) == 1
    federation.wait(timedelta(hours=3))
    home.sync()

    empty, full = (parse_envelope(held.data) for held in notes(federation, home))
    assert len(empty.raw) == len(full.raw) == SIZE
    assert empty.header.kid == full.header.kid
    assert len(empty.header_bytes) == len(full.header_bytes)


def test_a_copy_from_before_reads_what_it_was_reminded_of_and_writes_none_before(
    federation: Federation, home: Program
) -> None:
    home.copy()
    federation.wait(DAY)
    home.effects.erased = (ERASED,)
    home.sync()
    home.sync()  # it is read, and set aside
    written = federation.clock.now()
    federation.wait(timedelta(hours=1))
    home.effects.reminders.clear()
    home.effects.erased = ()
    home.put_back(home.file.with_suffix(".copy"), federation.clock.now() - DAY)

    home.sync()

    assert [(found.tombstones, found.since, found.at) for found in home.effects.reminders] == [
        ((), EPOCH, written - DAY - timedelta(hours=1)),
        ((ERASED,), EPOCH, written),
    ]
    assert len(notes(federation, home)) == 2
    home.sync()
    assert len(notes(federation, home)) == 3
    assert home.alerts() == []


def test_a_note_is_no_letter_and_is_set_aside_when_it_was_read(federation: Federation, home: Program) -> None:
    report = home.sync()

    assert report.letters_taken == 0
    assert [held.acknowledged for held in notes(federation, home)] == [True]
    assert home.outbox() == {}


def test_a_note_that_did_not_arrive_is_written_anew(federation: Federation, home: Program) -> None:
    federation.wait(DAY)
    exchange = federation.exchange
    exchange.before_mailbox = lambda: setattr(exchange, "always", 503)  # in the midst of a round
    home.sync()
    assert len(notes(federation, home)) == 1
    exchange.before_mailbox, exchange.always = None, None
    home.sync()
    assert len(notes(federation, home)) == 2


def test_an_exchange_cannot_write_a_note_for_us(federation: Federation, home: Program) -> None:
    now, identity = federation.clock.now(), home.member.identity.identity
    with home.engine.begin() as connection:
        published = home.member.identity.newest(connection).sealing[0]
    note = a_note(home, now, ERASED)
    header = EnvelopeHeader(
        to=home.node, sender=home.node, id=note.jti, sent_at=note.iat, expires_at=note.exp, kid=published.key_id
    )
    token = jws.sign(note.encode(), typ=jws.Typ.NOTE, key=identity)
    posed = seal_envelope(header, token, published, at_least=SIZE)
    home.effects.reminders.clear()
    federation.exchange.put_item(home.node, kind="envelope", name=note.jti, sender=home.node, data=posed.raw)

    home.sync()

    assert not any(found.tombstones for found in home.effects.reminders)
    assert home.alerts() == ["letter-discarded"]


def test_a_note_of_another_program_is_refused(federation: Federation, home: Program, host: Program) -> None:
    forger = Forger(federation, host, home)
    now = federation.clock.now()
    theirs = seal_note(a_note(host, now, ERASED), host.member.identity.identity)
    with home.engine.begin() as connection:
        published = home.member.identity.newest(connection).sealing[0]
    inner = jws.sign(a_note(host, now, ERASED).encode(), typ=jws.Typ.NOTE, key=forger.key())
    name = uuid7(now, os.urandom(10))
    header = EnvelopeHeader(
        to=home.node,
        sender=host.node,
        id=name,
        sent_at=to_moment(now),
        expires_at=to_moment(now + LIFETIME),
        kid=published.key_id,
    )
    home.effects.reminders.clear()
    for raw in (theirs.raw, seal_envelope(header, inner, published).raw):
        federation.exchange.put_item(home.node, kind="envelope", name=name, sender=host.node, data=raw)

    home.sync()

    assert not any(found.tombstones for found in home.effects.reminders)
    assert set(home.alerts()) == {"letter-discarded"}


def test_the_key_of_notes_follows_from_the_identity_key_alone(home: Program) -> None:
    identity = home.member.identity.identity
    assert note_key(identity).key_id == note_key(type(identity)(identity.seed)).key_id
