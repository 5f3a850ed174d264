"""Members compare what they were shown of the need board: a board that is hidden, cut or forked comes to light."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from federation.ground.engine import transaction
from federation.membership.summaries import SummaryDraft
from protocol.documents import to_moment
from protocol.ids import Digest, sha256_hex
from protocol.keys import SigningKey
from protocol.needs import Batch, BoardKind, sign_batch
from protocol.summaries import Bracket, claimed_summary
from protocol.vocabulary import SizeBracket
from tests.support.federation import Federation, Program

WITHHOLDING = "withholding-or-forked"
DRAFT = SummaryDraft(
    quarter="2026-Q4", policy="1", counts=Bracket(size=SizeBracket.UNDER_25), listings=(), cards_posted=0
)


def release(
    federation: Federation, name: str, *, previous: Digest | None = None, key: SigningKey | None = None
) -> Digest:
    """The board releases a batch; unless told otherwise it follows the last one."""
    batches = federation.exchange.batches
    last = sha256_hex(list(batches.values())[-1]) if batches else None
    batch = Batch(
        batch=name,
        kind=BoardKind.NEEDS,
        released_at=to_moment(federation.clock.now()),
        previous=previous or last,
    )
    batches[name] = sign_batch(batch, key or federation.stewards.board_sign)
    federation.clock.advance(timedelta(minutes=1))
    return sha256_hex(batches[name])


def publish(program: Program) -> bytes:
    """A summary of the program, as its exchange got it."""
    with transaction(program.engine) as connection:
        program.member.publish_summary(connection, DRAFT, program.clock.now())
    program.sync()
    with transaction(program.engine) as connection:
        token: bytes = connection.execute(select(program.tables.own_summary.c.token)).scalars().all()[-1]
        return token


def test_letters_and_summaries_tell_the_last_batch(federation: Federation, home: Program, host: Program) -> None:
    first = release(federation, "2026-W40")
    second = release(federation, "2026-W41")
    home.sync()

    assert home.member.roster().seen.batch == second != first
    assert claimed_summary(publish(home)).seen.batch == second


def test_members_that_were_shown_the_same_board_are_at_peace(
    federation: Federation, home: Program, host: Program
) -> None:
    release(federation, "2026-W40")
    home.sync()
    publish(home)
    release(federation, "2026-W41")
    host.sync()
    home.open(host)
    federation.settle()

    assert WITHHOLDING not in host.alerts() + home.alerts()


@pytest.mark.parametrize("told_by", ["letter", "summary"])
def test_a_board_shown_to_others_in_another_form_is_noticed(
    federation: Federation, home: Program, host: Program, told_by: str
) -> None:
    release(federation, "2026-W40")
    federation.settle()
    before = dict(federation.exchange.batches)
    release(federation, "2026-W41")
    home.sync()
    if told_by == "letter":
        home.open(host)
        home.sync()
    else:
        publish(home)
    federation.exchange.batches = before
    release(federation, "2026-W41")

    host.sync()

    assert WITHHOLDING in host.alerts()


def test_a_board_that_was_never_shown_to_us_is_noticed(federation: Federation, home: Program, host: Program) -> None:
    release(federation, "2026-W40")
    federation.settle()
    release(federation, "2026-W41")
    home.sync()
    home.open(host)
    home.sync()
    del federation.exchange.batches["2026-W41"]

    host.sync()

    assert WITHHOLDING in host.alerts()


def test_a_batch_that_does_not_follow_what_we_saw_is_noticed(federation: Federation, home: Program) -> None:
    release(federation, "2026-W40")
    home.sync()
    release(federation, "2026-W41", previous=sha256_hex(b"another past"))
    home.sync()

    assert WITHHOLDING in home.alerts()


def test_a_list_without_the_last_batch_we_saw_is_noticed(federation: Federation, home: Program) -> None:
    release(federation, "2026-W40")
    home.sync()
    federation.exchange.batches.clear()
    home.sync()

    assert WITHHOLDING in home.alerts()


def test_a_batch_that_is_listed_and_not_served_is_noticed(federation: Federation, home: Program) -> None:
    release(federation, "2026-W40")
    federation.exchange.missing_batch = "2026-W40"
    home.sync()

    assert WITHHOLDING in home.alerts()


def test_a_batch_the_board_did_not_sign_is_refused_and_not_told_to_others(
    federation: Federation, home: Program
) -> None:
    good = release(federation, "2026-W40")
    home.sync()
    release(federation, "2026-W41", key=SigningKey.generate())
    home.sync()

    assert "board-refused" in home.alerts()
    assert home.member.roster().seen.batch == good


def test_what_others_saw_before_we_looked_is_not_judged(federation: Federation, home: Program, host: Program) -> None:
    release(federation, "2026-W30")
    home.sync()
    home.open(host)
    home.sync()
    federation.exchange.batches.clear()
    federation.wait(timedelta(days=1))
    release(federation, "2026-W40")

    host.sync()

    assert host.alerts() == []


def test_an_exchange_without_a_board_is_no_fault(federation: Federation, home: Program) -> None:
    federation.exchange.has_board = False

    report = home.sync()

    assert report.reached
    assert home.alerts() == []
