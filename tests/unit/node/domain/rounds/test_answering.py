"""Reminders, the end of a question, a mentor's rest, and the order in which offers are shown."""

from datetime import timedelta

import pytest

from node.domain.person import PersonId
from node.domain.rounds.answering import HOLD, REST, Asked, Offered, choose, rests_until
from protocol.ids import Digest
from tests.unit.node.domain.rounds.building import COOK, SCALE, SURVEYOR, TODAY, card, mentee, mentor


def asked(days_ago: int, *, answered: bool = False) -> Asked:
    on = TODAY - timedelta(days=days_ago)
    return Asked(card=Digest("card"), mentor=PersonId("m"), on=on, answered=answered)


@pytest.mark.parametrize(("days", "reminders"), [(2, 0), (3, 1), (7, 2), (12, 3), (13, 3), (14, 0)])
def test_a_mentor_is_reminded_three_times_and_then_left_alone(days: int, reminders: int) -> None:
    assert asked(days).reminders_due(TODAY) == reminders
    assert asked(days, answered=True).reminders_due(TODAY) == 0


def test_a_question_lapses_after_two_weeks_unless_it_was_answered() -> None:
    assert not asked(13).lapsed(TODAY)
    assert asked(14).lapsed(TODAY)
    assert not asked(14, answered=True).lapsed(TODAY)


def test_a_silent_mentor_rests_for_four_weeks() -> None:
    assert rests_until([asked(14)], TODAY) == TODAY + REST
    assert rests_until([asked(14, answered=True), asked(3)], TODAY) is None
    assert rests_until([asked((HOLD + REST).days)], TODAY) is None


def test_a_mentor_who_answered_another_question_of_that_time_was_not_silent() -> None:
    assert rests_until([asked(14), asked(14, answered=True)], TODAY) is None
    assert rests_until([asked(20), asked(10, answered=True)], TODAY) is None
    assert rests_until([asked(14), asked(15, answered=True)], TODAY) == TODAY + REST


def test_offers_are_shown_best_first_without_those_that_are_over_or_impossible() -> None:
    later = TODAY + timedelta(days=1)
    offers = [
        Offered(id="cook", mentor=mentor("c", COOK).person, hold_until=later),
        Offered(id="near", mentor=mentor("s", SURVEYOR).person, hold_until=later),
        Offered(id="exact", mentor=mentor("e").person, hold_until=later),
        Offered(id="over", mentor=mentor("e").person, hold_until=TODAY),
    ]
    assert [one.id for one in choose(mentee("a"), offers, SCALE, TODAY)] == ["exact", "near", "cook"]
    assert choose(mentee("a", languages="fr"), offers, SCALE, TODAY) == ()


def test_a_card_says_its_language_and_counts_the_rest_half() -> None:
    assert [spoken.code for spoken in card("c", language="uk").as_candidate().profile.languages] == ["uk"]
    assert [spoken.code for spoken in card("c").as_candidate().profile.languages] == ["en", "fr"]
