"""A week at one program: who is asked about a request from outside, who is seated, and in which order."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.adapters.assignment import solve
from node.domain.matching.hard.bonds import Bonds
from node.domain.matching.points import NO_BONUSES
from node.domain.person import OccupationCode, PersonId, Visibility
from node.domain.rounds.asking import HANDFUL, LOOKS, exact_questions, sweep_questions
from node.domain.rounds.card import Card, Stage
from node.domain.rounds.room import MOST_QUESTIONS, Room, SeatHolder, Waiting
from node.domain.rounds.seating import seat
from node.domain.rounds.weekly import Plan, plan
from protocol.ids import Digest
from protocol.vocabulary import Mode
from tests.unit.node.domain.rounds.building import (
    COOK,
    ENGINEER,
    SCALE,
    SURVEYOR,
    TODAY,
    card,
    mentee,
    mentor,
    room,
)


def asked(found: Plan) -> list[tuple[str, str]]:
    return [(question.card, question.mentor) for question in found.questions]


def test_a_card_is_weighed_before_our_own_seats_are_filled() -> None:
    ours = room([mentee("surveyor", SURVEYOR)], [mentor("engineer")])
    found = plan(ours, [card("outside")], solve)
    assert asked(found) == [("outside", "engineer")]
    assert found.pairs == ()


def test_an_own_mentee_of_a_longer_wait_keeps_the_seat() -> None:
    ours = room([mentee("long", weeks=40)], [mentor("engineer")])
    found = plan(ours, [card("outside", tier=2)], solve)
    assert found == Plan(questions=(), pairs=((PersonId("long"), PersonId("engineer")),))


def test_all_other_seats_are_filled_in_the_same_week() -> None:
    ours = room([mentee("surveyor", SURVEYOR)], [mentor("engineer", free=2)])
    found = plan(ours, [card("outside")], solve)
    assert asked(found) == [("outside", "engineer")]
    assert found.pairs == (("surveyor", "engineer"),)


def test_own_mentees_of_one_occupation_count_each_against_a_card() -> None:
    ours = [mentee("long", weeks=40), mentee("longer", weeks=50)]
    assert asked(plan(room(ours, [mentor("engineer", free=2)]), [card("outside")], solve)) == []
    assert asked(plan(room(ours, [mentor("engineer", free=3)]), [card("outside")], solve)) == [("outside", "engineer")]


def test_in_its_rare_rounds_a_card_is_put_only_to_mentors_of_its_very_occupation() -> None:
    assert exact_questions(room((), [mentor("surveyor", SURVEYOR)]), [card("outside")], solve) == ()


def test_in_its_sweeps_a_card_is_offered_what_is_left_to_similar_occupations_too() -> None:
    ours = room((), [mentor("surveyor", SURVEYOR), mentor("cook", COOK)])
    (question,) = sweep_questions(ours, [card("outside", age=2)], solve)
    assert (question.card, question.mentor, question.stage) == ("outside", "surveyor", Stage.SWEEP)


def test_two_cards_of_one_occupation_are_put_to_two_mentors() -> None:
    ours = room((), [mentor("one"), mentor("other")])
    assert {card_id for card_id, _ in asked(plan(ours, [card("first"), card("second")], solve))} == {"first", "second"}


def test_a_card_in_its_sweeps_waits_for_a_similar_mentor_until_our_own_are_seated() -> None:
    ours = room([mentee("ours", SURVEYOR)], [mentor("engineer")])
    found = plan(ours, [card("outside", SURVEYOR, tier=0, age=2)], solve)
    assert found == Plan(questions=(), pairs=((PersonId("ours"), PersonId("engineer")),))


def test_a_place_that_is_free_again_is_weighed_for_its_very_occupation_in_the_sweeps_too() -> None:
    ours = room([mentee("ours", SURVEYOR)], [mentor("engineer")])
    found = plan(ours, [card("outside", age=5)], solve)
    assert (asked(found), found.pairs) == ([("outside", "engineer")], ())


def test_a_card_is_put_to_one_mentor_in_a_week_whatever_else_is_free() -> None:
    ours = room((), [mentor("engineer"), mentor("surveyor", SURVEYOR)])
    assert asked(plan(ours, [card("outside", age=2)], solve)) == [("outside", "engineer")]


def test_of_equal_cards_a_longer_wait_is_asked_for_more_often_but_not_always() -> None:
    def first(number: int) -> str:
        board = [card(f"long-{number}", tier=0), card(f"short-{number}", tier=2)]
        (question,) = plan(room((), [mentor("engineer")], bonuses=NO_BONUSES), board, solve).questions
        return question.card.partition("-")[0]

    often = [first(number) for number in range(60)]
    assert len(often) // 2 < often.count("long") < len(often)


def test_not_every_program_asks_for_the_same_longest_wait() -> None:
    board = [*(card(f"long-{n}", tier=0) for n in range(2)), *(card(f"short-{n}", tier=2) for n in range(40))]
    asked_for = [plan(room((), [mentor(f"of-{n}")]), board, solve).questions[0].card for n in range(60)]
    long = [name for name in asked_for if name.startswith("long")]
    assert 20 <= len(long) <= 50
    assert len(set(asked_for)) > 10


def test_of_cards_that_were_drawn_the_points_decide() -> None:
    board = [card("long", tier=0), card("short", tier=2)]
    for number in range(30):
        (question,) = plan(room((), [mentor(f"of-{number}")]), board, solve).questions
        assert question.card == "long"


def test_a_card_of_which_everybody_here_was_asked_is_not_drawn_again() -> None:
    before = frozenset((Digest(f"past-{number}"), PersonId("engineer")) for number in range(20))
    board = [*(card(f"past-{number}", tier=0) for number in range(20)), card("new")]
    assert asked(plan(room((), [mentor("engineer")], asked=before), board, solve)) == [("new", "engineer")]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 3), min_size=1, max_size=4), st.lists(st.integers(0, 2), min_size=1, max_size=9))
def test_no_place_stays_empty_because_of_the_draw(seats: list[int], tiers: list[int]) -> None:
    ours = room((), [mentor(f"engineer-{number}", free=free) for number, free in enumerate(seats)])
    board = [card(f"c{number}", tier=tier) for number, tier in enumerate(tiers)]
    assert len(plan(ours, board, solve).questions) == min(sum(seats), len(tiers))


@pytest.mark.parametrize(("age", "stage"), [(0, "rare"), (1, "rare"), (2, "sweep"), (5, "sweep"), (6, "over")])
def test_a_card_has_two_rare_rounds_and_four_sweeps(age: int, stage: str) -> None:
    assert card("outside", age=age).stage.value == stage


def test_a_card_that_is_over_is_put_to_nobody() -> None:
    assert plan(room((), [mentor("engineer")]), [card("outside", age=6)], solve).questions == ()


@pytest.mark.parametrize(
    "closed",
    [
        mentor("engineer", visibility=Visibility.ONLY_HERE),
        mentor("engineer", taking_part=False),
        mentor("engineer", free=0),
        mentor("engineer", rests_until=TODAY + timedelta(days=1)),
        mentor("engineer", questions=MOST_QUESTIONS + 1),
        mentor("engineer", mode=Mode.IN_PERSON),
    ],
    ids=["only here", "away", "full", "resting", "asked enough", "in person only"],
)
def test_some_mentors_are_asked_nothing(closed: SeatHolder) -> None:
    assert plan(room((), [closed]), [card("rare"), card("sweep", age=3)], solve).questions == ()


def test_a_mentor_who_has_rested_is_asked_again() -> None:
    ours = room((), [mentor("engineer", rests_until=TODAY)])
    assert asked(plan(ours, [card("outside")], solve)) == [("outside", "engineer")]


@pytest.mark.parametrize(("visibility", "asks"), [(Visibility.ASK_FIRST, True), (Visibility.MAY_OFFER, False)])
def test_a_standing_consent_answers_for_the_mentor(visibility: Visibility, *, asks: bool) -> None:
    ours = room((), [mentor("engineer", visibility=visibility, questions=0 if asks else 100)])
    (question,) = plan(ours, [card("outside")], solve).questions
    assert question.needs_asking is asks


def test_a_mentor_is_asked_about_the_same_card_once() -> None:
    before = frozenset({(Digest("outside"), PersonId("engineer"))})
    assert plan(room((), [mentor("engineer")], asked=before), [card("outside")], solve).questions == ()


def test_a_mentee_is_not_seated_before_the_answers_to_both_rare_rounds_of_her_card_are_in() -> None:
    waiting = Waiting(person=mentee("carded", SURVEYOR), card_age=2)
    assert seat(room([waiting], [mentor("engineer")]), solve) == ()
    assert seat(room([replace(waiting, card_age=3)], [mentor("engineer")]), solve) == (("carded", "engineer"),)


def test_pairs_that_are_kept_apart_are_neither_weighed_nor_seated() -> None:
    apart = Bonds(apart={(PersonId("long"), PersonId("engineer"))})
    ours = room([mentee("long", weeks=40)], [mentor("engineer")], bonds=apart)
    assert plan(ours, [card("outside")], solve).pairs == ()
    assert asked(plan(ours, [card("outside")], solve)) == [("outside", "engineer")]


@pytest.mark.parametrize(("card_age", "outside"), [(None, [("outside", "engineer")]), (3, [])])
def test_whoever_has_a_card_is_worth_at_home_what_it_is_worth_elsewhere(
    card_age: int | None, outside: list[tuple[str, str]]
) -> None:
    ours = Waiting(person=mentee("ours"), card_age=card_age)
    mentors = [mentor("engineer"), *(mentor(f"full-{number}", free=0) for number in range(HANDFUL))]
    assert asked(plan(room([ours], mentors), [card("outside")], solve)) == outside


def test_points_are_recomputable_from_the_card_and_the_mentor() -> None:
    outside = card("outside", tier=0)
    (question,) = plan(room((), [mentor("engineer")]), [outside], solve).questions
    fit = SCALE.fit(outside.as_candidate(), mentor("engineer").person)
    assert (question.fit, question.points) == (fit, fit + 2 * 150 + 100)
    (plain,) = plan(room((), [mentor("engineer")], bonuses=NO_BONUSES), [outside], solve).questions
    assert plain.points == plain.fit


WORK = st.sampled_from([ENGINEER, SURVEYOR, COOK])
OURS = st.lists(st.tuples(WORK, st.integers(0, 40)), max_size=7)
THEIRS = st.lists(st.tuples(WORK, st.integers(0, 3), st.sampled_from(Visibility)), max_size=5)
BOARD = st.lists(st.tuples(WORK, st.integers(0, 2), st.integers(0, 6)), max_size=7)
Drawn = tuple[list[tuple[OccupationCode, int]], list[tuple[OccupationCode, int, Visibility]]]


def drawn_room(people: Drawn, prefix: str = "") -> Room:
    ours, theirs = people
    return room(
        [mentee(f"{prefix}e{number}", work, weeks) for number, (work, weeks) in enumerate(ours)],
        [mentor(f"{prefix}o{n}", work, free=free, visibility=seen) for n, (work, free, seen) in enumerate(theirs)],
    )


def drawn_board(board: list[tuple[OccupationCode, int, int]]) -> list[Card]:
    return [card(f"c{number}", work, tier, age) for number, (work, tier, age) in enumerate(board)]


@settings(max_examples=60, deadline=None)
@given(st.tuples(OURS, THEIRS), BOARD)
def test_no_seat_is_given_twice_and_whoever_is_only_here_is_never_asked(
    people: Drawn, board: list[tuple[OccupationCode, int, int]]
) -> None:
    ours = drawn_room(people)
    found = plan(ours, drawn_board(board), solve)
    given_seats = [*(question.mentor for question in found.questions), *(pair[1] for pair in found.pairs)]
    for holder in ours.mentors:
        assert given_seats.count(holder.person.id) <= holder.free
        if holder.person.profile.visibility is Visibility.ONLY_HERE:
            assert all(question.mentor != holder.person.id for question in found.questions)
    assert len({question.card for question in found.questions}) == len(found.questions)
    assert len({pair[0] for pair in found.pairs}) == len(found.pairs)


@settings(max_examples=40, deadline=None)
@given(st.tuples(OURS, THEIRS), BOARD, st.randoms(use_true_random=False))
def test_the_same_round_comes_out_whatever_the_order_of_the_board(
    people: Drawn, board: list[tuple[OccupationCode, int, int]], chance: st.DataObject
) -> None:
    cards = drawn_board(board)
    shuffled = sorted(cards, key=lambda one: hash((one.id, str(chance))))
    assert plan(drawn_room(people), cards, solve) == plan(drawn_room(people), shuffled, solve)


@settings(max_examples=40, deadline=None)
@given(st.tuples(OURS, THEIRS), BOARD)
def test_names_do_not_count(people: Drawn, board: list[tuple[OccupationCode, int, int]]) -> None:
    rare = [card for card in drawn_board(board) if card.stage is Stage.RARE]
    rare = [card for number, card in enumerate(rare) if number < LOOKS]
    one = exact_questions(drawn_room(people), rare, solve)
    other = exact_questions(drawn_room(people, "other-"), rare, solve)
    assert len(one) == len(other)
    assert sum(question.points for question in one) == sum(question.points for question in other)
