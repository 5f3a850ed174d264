"""The ports `Cards`, `Postings` and `NeedBoard`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from node.adapters.sql.tables import BOARD, MEMBER
from node.domain.card import (
    Attested,
    CardOffer,
    CardWords,
    OwnCard,
    Question,
    QuestionId,
    ShownCard,
    UnknownCardError,
    UnknownOfferError,
)
from node.domain.errors import ChangedMeanwhileError
from node.domain.matching.points import USUAL
from node.domain.person import OccupationCode
from node.domain.request import Capability, Offered
from node.domain.seat import SeatId
from node.services.ports.board import NeedBoard
from protocol.ids import Digest, NodeId, ThreadId, sha256_hex
from protocol.keys import OpeningKey
from protocol.vocabulary import Mode
from tests.support.board import FakeNeedBoard
from tests.support.clock import NOON
from tests.support.node import OpenSqlWork, a_mentor, a_person, new_id
from tests.support.nodes import World

WORDS = CardWords(occupation=OccupationCode("31103"), language="tl", tier=1, mode=Mode.ONLINE)
TICKET = "t" * 43
OFFER = Offered(
    Capability(
        occupation=OccupationCode("31103"),
        languages=("en", "fr"),
        topics=(),
        mode=Mode.ONLINE,
        hours=4,
        years_of_experience=9,
        time_zone="America/Edmonton",
    ),
    NOON + timedelta(days=14),
)


def a_card(text: str = "one", *, ours: bool = False, days: int = 0) -> ShownCard:
    return ShownCard(
        id=sha256_hex(text.encode()),
        words=WORDS,
        key=OpeningKey.generate().public.jwk.x,
        close=sha256_hex(b"close " + text.encode()),
        shown_at=NOON + timedelta(days=days),
        ours=ours,
    )


def test_cards_are_kept_once_found_since_a_moment_and_closed_by_their_secret(work: OpenSqlWork) -> None:
    first, second = a_card(), a_card("two", ours=True, days=7)
    with work() as unit:
        unit.cards.add([first, first])
        unit.cards.add([replace(first, ours=True), second])
        unit.cards.add([])

        assert unit.cards.get(first.id) == first
        assert unit.cards.since(NOON + timedelta(days=1)) == (second,)
        assert unit.cards.close([first.close, Digest("0" * 64)]) == (first.id,)
        assert unit.cards.get(first.id).closed
        assert unit.cards.posted(NOON, NOON + timedelta(days=8)) == 1
        assert unit.cards.posted(NOON, NOON + timedelta(days=7)) == 0
        with pytest.raises(UnknownCardError):
            unit.cards.get(Digest("0" * 64))


def test_questions_are_kept_changed_and_go_with_their_mentor(work: OpenSqlWork) -> None:
    mentor = a_mentor()
    asked = Question(id=QuestionId(new_id()), card=a_card().id, mentor=mentor.id, asked_at=NOON, seat=SeatId(new_id()))
    with work() as unit:
        unit.people.add([mentor])
        unit.cards.ask(asked)
        assert unit.cards.unanswered() == unit.cards.questions() == unit.cards.asked(mentor.id) == (asked,)
        unit.cards.replace(replace(asked, answered_at=NOON, offer=OFFER, ticket="h" * 64, thread=ThreadId("t")))

        answered = unit.cards.question(asked.id)
        assert answered is not None
        assert (answered.offer, answered.ticket, answered.thread) == (OFFER, "h" * 64, "t")
        assert unit.cards.unanswered() == ()
        with pytest.raises(ChangedMeanwhileError):
            unit.cards.replace(asked)
        unit.people.erase(mentor.id)
        assert unit.cards.question(asked.id) is None


def test_what_opens_and_closes_a_card_is_sealed_and_goes_with_the_mentee(work: OpenSqlWork) -> None:
    mentee = a_person()
    own = OwnCard(id=a_card().id, person=mentee.id, words=WORDS, secret="opens.closes", posted_at=NOON)
    offer = CardOffer(
        id=QuestionId(new_id()), card=own.id, host=NodeId("h" * 16), offer=OFFER, ticket=TICKET, heard_at=NOON
    )
    with work() as unit:
        unit.people.add([mentee])
        unit.postings.add(own)
        unit.postings.hear(offer)
        unit.postings.hear(replace(offer, ticket="u" * 43))

        assert unit.postings.get(own.id) == own
        assert unit.postings.all() == unit.postings.of(mentee.id) == (own,)
        assert unit.postings.offers(own.id) == (unit.postings.offer(offer.id),) == (offer,)
        (waits,) = unit.postings.unanswered()
        assert (waits.offer, waits.person, waits.hold_until) == (offer.id, mentee.id, OFFER.hold_until)
        stored = unit.connection.execute(BOARD.own_cards.select()).one().secret
        assert b"opens" not in stored
        assert TICKET.encode() not in unit.connection.execute(BOARD.offers.select()).one().ticket
        unit.postings.answer(replace(offer, thread=ThreadId("t"), passed=True))
        taken = unit.postings.taken_in(ThreadId("t"))
        assert taken is not None
        assert taken.id == offer.id
        assert unit.postings.taken_in(ThreadId("u")) is None
        assert unit.postings.unanswered() == ()
        unit.postings.replace(replace(own, secret="", ended_at=NOON))
        assert unit.postings.get(own.id).ended_at == NOON
        unit.people.erase(mentee.id)
        assert unit.postings.all() == ()
        with pytest.raises(UnknownCardError):
            unit.postings.get(own.id)
        with pytest.raises(UnknownOfferError):
            unit.postings.offer(offer.id)


def test_offers_are_counted_for_each_card(work: OpenSqlWork) -> None:
    mentee = a_person()
    own = OwnCard(id=a_card().id, person=mentee.id, words=WORDS, secret="opens.closes", posted_at=NOON)
    with work() as unit:
        unit.people.add([mentee])
        unit.postings.add(own)
        for _ in range(2):
            offer = QuestionId(new_id())
            unit.postings.hear(
                CardOffer(id=offer, card=own.id, host=NodeId("b" * 16), offer=OFFER, ticket=TICKET, heard_at=NOON)
            )

        assert unit.postings.heard() == {own.id: 2}
        unit.postings.forget_offers(a_card("another").id)
        assert unit.postings.heard() == {own.id: 2}
        unit.postings.forget_offers(own.id)
        assert unit.postings.heard() == {}
        assert unit.postings.all() == (own,)


def test_the_last_number_of_a_quarter_stands(work: OpenSqlWork) -> None:
    said = Attested(quarter="2027-Q1", waiting=3, by="olga", at=NOON)
    with work() as unit:
        assert unit.postings.attested("2027-Q1") is None
        unit.postings.attest(said)
        unit.postings.attest(replace(said, waiting=4))

        assert unit.postings.attested("2027-Q1") == replace(said, waiting=4)


@dataclass(frozen=True, slots=True)
class Desk:
    """A board, and what still waits to leave for it."""

    do: Callable[[Callable[[NeedBoard], object]], object]
    waits: Callable[[], int]


@pytest.fixture(params=["fake", "real"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    if request.param == "fake":
        fake = FakeNeedBoard()
        yield Desk(lambda act: act(fake), lambda: len(fake.waits) + len(fake.closed) + len(fake.attested))
        return
    world = World(tmp_path)
    node = world.node("Hat")

    def do(act: Callable[[NeedBoard], object]) -> object:
        with node.services.requests.open.work() as work:
            return act(work.border.board)

    def waits() -> int:
        with node.work as work:
            return len(work.connection.execute(MEMBER.upload.select()).all())

    yield Desk(do, waits)
    world.close()


def test_what_is_said_to_the_board_waits_and_can_be_taken_back_before_it_leaves(desk: Desk) -> None:
    def story(board: NeedBoard) -> None:
        first, second = board.post(WORDS, NOON), board.post(WORDS, NOON + timedelta(seconds=1))
        assert first.id != second.id
        assert (board.bonuses(), board.released()) == (USUAL, ())
        board.close(first.id, first.secret)
        question = QuestionId(new_id())
        board.offer(question, a_card(), OFFER, TICKET, NOON)
        board.recall(question)
        board.recall(question)
        board.attest(Attested(quarter="2027-Q1", waiting=1, by="olga", at=NOON))

    desk.do(story)

    assert desk.waits() == 2
