"""Two programs and the real exchange: a request's whole life over the wire."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from federation.ground.engine import transaction
from federation.membership.summaries import SummaryDraft
from protocol.bodies import IntroReveal, Kind
from protocol.summaries import Bracket
from protocol.thread.table import State
from protocol.vocabulary import SizeBracket
from tests.support.federation import introduce
from tests.support.real_exchange import RealFederation


@pytest.fixture
def federation(tmp_path: Path) -> Iterator[RealFederation]:
    founded = RealFederation.found(tmp_path)
    yield founded
    founded.close()


def test_a_request_becomes_an_introduction_and_every_letter_is_delivered(federation: RealFederation) -> None:
    home, host = federation.program("home"), federation.program("host")

    thread = introduce(home, host)

    for program in (home, host):
        view = program.view(thread)
        assert view.state is State.INTRODUCED
        assert not program.outbox()
        assert program.alerts() == []
        assert all(entry.delivered_at for entry in view.timeline if entry.side is view.side)
    revealed = host.effects.events[-1].body
    assert isinstance(revealed, IntroReveal)
    assert revealed.name == "Nadia Newcomer"
    assert home.effects.kinds == [Kind.REQUEST_OFFER, Kind.OFFER_CONFIRM, Kind.INTRO_REVEAL]


def test_the_exchange_reads_nothing_of_what_it_carries(federation: RealFederation) -> None:
    home, host = federation.program("home"), federation.program("host")

    introduce(home, host)

    stored = b"".join(path.read_bytes() for path in (federation.folder / "exchange").rglob("*") if path.is_file())
    assert b"mary@host.example.org" not in stored
    assert b"Newcomer" not in stored


def test_keys_rotate_and_summaries_travel(federation: RealFederation) -> None:
    home, host = federation.program("home"), federation.program("host")
    draft = SummaryDraft(
        quarter="2027-Q1", policy="standard", counts=Bracket(size=SizeBracket.UNDER_25), listings=(), cards_posted=0
    )
    with transaction(host.engine) as connection:
        host.member.identity.rotate(connection, host.clock.now())
        host.member.publish_summary(connection, draft, host.clock.now())

    host.sync()
    report = home.sync()

    assert report.summaries_fetched == 1
    with transaction(home.engine) as connection:
        (read,) = home.member.summaries(connection, home.clock.now())
    assert (read.node, read.expired) == (host.node, False)
    assert home.alerts() == host.alerts() == []


def test_rubbish_and_unopenable_letters_leave_the_real_mailbox(federation: RealFederation) -> None:
    home, host = federation.program("home"), federation.program("host")
    home.sync()
    home.open(host)
    home.sync()
    with transaction(host.engine) as connection:
        connection.execute(host.tables.own_key.delete().where(host.tables.own_key.c.purpose == "seal"))

    assert host.sync().letters_discarded == 1
    assert host.sync().letters_discarded == 0
