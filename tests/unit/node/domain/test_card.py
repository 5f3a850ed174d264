"""Anonymous requests: their age, the yes to their exact words, how long an offer can be taken, and reminders."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.domain.budget import Quarter
from node.domain.card import CardOffer, CardWords, Question, QuestionId, ShownCard, last_reminder
from node.domain.person import OccupationCode, PersonId
from node.domain.request import Capability, Offered
from node.domain.rounds.card import Stage
from protocol.ids import Digest, NodeId, ThreadId
from protocol.vocabulary import Mode
from tests.support.clock import NOON

WEEK = timedelta(weeks=1)
WORDS = CardWords(occupation=OccupationCode("31103"), language=None, tier=2, mode=Mode.EITHER)
CARD = ShownCard(id=Digest("a" * 64), words=WORDS, key="k" * 43, close=Digest("b" * 64), shown_at=NOON)
OFFER = Offered(
    Capability(
        occupation=OccupationCode("31103"),
        languages=("en",),
        topics=(),
        mode=Mode.ONLINE,
        hours=4,
        years_of_experience=9,
        time_zone="America/Edmonton",
    ),
    NOON + 2 * WEEK,
)


def test_a_yes_to_other_words_is_no_yes_to_these() -> None:
    others = [replace(WORDS, language="tl"), replace(WORDS, tier=1), replace(WORDS, mode=Mode.ONLINE)]

    assert len({WORDS.exact, *(words.exact for words in others)}) == 4


@pytest.mark.parametrize(("later", "stage"), [(0, Stage.RARE), (1, Stage.RARE), (2, Stage.SWEEP), (6, Stage.OVER)])
def test_a_card_ages_with_every_batch_after_the_one_that_showed_it(later: int, stage: Stage) -> None:
    released = [NOON + number * WEEK for number in range(-3, later + 1)]

    card = CARD.as_card(released)

    assert (card.age, card.stage) == (later, stage)


def test_an_offer_can_be_taken_once_until_its_place_is_free_again() -> None:
    offer = CardOffer(id=QuestionId("q"), card=CARD.id, host=NodeId("h" * 16), offer=OFFER, ticket="t", heard_at=NOON)

    assert offer.is_open(NOON)
    assert not offer.is_open(OFFER.hold_until)
    assert not replace(offer, passed=True).is_open(NOON)
    assert not replace(offer, thread=ThreadId("t")).is_open(NOON)


def test_a_question_that_was_answered_never_lapses() -> None:
    question = Question(id=QuestionId("q"), card=CARD.id, mentor=PersonId("m"), asked_at=NOON)
    later = (NOON + 3 * WEEK).date()

    assert question.asked().lapsed(later)
    assert not replace(question, answered_at=NOON).asked().lapsed(later)


@pytest.mark.parametrize(("day", "reminded"), [(0, 0), (2, 0), (3, 3), (8, 7), (13, 12)])
def test_reminders_come_after_3_7_and_12_days(day: int, reminded: int) -> None:
    assert last_reminder(NOON, NOON + timedelta(days=day)) == NOON + timedelta(days=reminded)


def test_before_the_first_quarter_comes_the_last_of_the_year_before() -> None:
    assert (Quarter(2027, 1).before, Quarter(2027, 3).before) == (Quarter(2026, 4), Quarter(2027, 2))
