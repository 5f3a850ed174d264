"""What a program gives to requests from outside: what costs its own nothing, and as much more as it asks of others."""

from node.adapters.assignment import solve
from node.domain.rounds.giving import CARDS_A_PLACE
from node.domain.rounds.room import Room, SeatHolder, Waiting
from node.domain.rounds.weekly import Plan, plan
from tests.unit.node.domain.rounds.building import COOK, ENGINEER, SURVEYOR, card, mentee, mentor, room

OUTSIDE = [card(f"outside-{number}") for number in range(3)]
ENGINEERS = [mentor(f"engineer-{number}") for number in range(3)]
SURVEYORS = [mentee(f"surveyor-{number}", SURVEYOR) for number in range(3)]


def cards(found: Plan) -> list[str]:
    return sorted(question.card for question in found.questions)


def with_open_cards(count: int, mentors: list[SeatHolder]) -> Room:
    """Own surveyors whom these mentors could serve, and so many cooks who ask elsewhere."""
    asking = [Waiting(person=mentee(f"cook-{number}", COOK), card_age=0) for number in range(count)]
    return room([*SURVEYORS, *asking], mentors)


def test_places_that_nobody_here_could_use_are_all_given() -> None:
    found = plan(room([mentee("cook", COOK)], ENGINEERS), OUTSIDE, solve)
    assert (len(found.questions), found.pairs) == (3, ())


def test_of_places_that_our_own_could_have_one_is_given_by_a_program_that_asks_nothing_of_others() -> None:
    found = plan(room(SURVEYORS, ENGINEERS), OUTSIDE, solve)
    assert (len(found.questions), len(found.pairs)) == (1, 2)


def test_more_of_them_are_given_for_open_cards_of_our_own() -> None:
    found = plan(with_open_cards(CARDS_A_PLACE, ENGINEERS), OUTSIDE, solve)
    assert (len(found.questions), len(found.pairs)) == (2, 1)


def test_a_question_counts_only_when_it_costs_a_place() -> None:
    spare = [mentor(f"engineer-{number}", free=2) for number in range(3)]
    found = plan(room(SURVEYORS, spare), OUTSIDE, solve)
    assert (len(found.questions), len(found.pairs)) == (3, 3)


def test_the_expert_of_whom_there_are_fewest_here_is_given_first() -> None:
    engineers = [mentee(f"ours-{number}") for number in range(3)]
    mentors = [mentor("one"), mentor("other"), mentor("only", SURVEYOR)]
    board = [card("first"), card("second"), card("rare", SURVEYOR)]
    found = plan(room(engineers, mentors), board, solve)
    assert cards(found) == ["rare"]
    assert len(found.pairs) == 2


def test_of_those_that_cost_alike_the_most_points_come_first() -> None:
    board = [card("short"), card("long", ENGINEER, tier=0), card("middle", ENGINEER, tier=1)]
    assert cards(plan(room(SURVEYORS, ENGINEERS), board, solve)) == ["long"]


def test_asking_one_by_one_gives_no_more_than_asking_at_once() -> None:
    later = room(SURVEYORS, [mentor("engineer-0", free=0), *ENGINEERS[1:]], set_aside=["engineer-0"])
    found = plan(later, OUTSIDE, solve)
    assert (found.questions, len(found.pairs)) == ((), 2)


def test_what_was_set_aside_without_cost_counts_for_nothing() -> None:
    mentors = [mentor("engineer-0", free=0), *ENGINEERS[1:], mentor("cook", COOK, free=0)]
    found = plan(room(SURVEYORS[:2], mentors, set_aside=["cook"]), OUTSIDE, solve)
    assert (len(found.questions), len(found.pairs)) == (1, 1)
