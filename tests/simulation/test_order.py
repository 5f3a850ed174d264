"""What programs decide together, played small: the guard over the order in which seats are filled."""

from statistics import fmean

import pytest

from node.adapters.assignment import solve
from node.domain.assignment import Offering, Problem, Waiting
from node.domain.matching.points import NO_BONUSES, waiting_tier
from tests.simulation import optimum
from tests.simulation.frequencies import demo
from tests.simulation.measure import Yardstick
from tests.simulation.people import START, Federation, federation
from tests.simulation.weeks import Order, Terms, play

SIZES, SEEDS = (120, 40, 30, 20, 15, 12, 10), (1, 2, 3, 4)
"""One federation so small has some fifty rare matches: several are averaged, so that chance does not decide."""


@pytest.fixture(scope="module")
def played() -> dict[Order, float]:
    """Rare matches of each order, as a ratio to the optimum."""
    found: dict[Order, list[float]] = {order: [] for order in Order}
    for seed in SEEDS:
        people = federation(SIZES, seed, demo())
        yardstick = Yardstick(people)
        for order in Order:
            terms = Terms(seed=seed, bonuses=NO_BONUSES, order=order)
            found[order].append(yardstick.measure(play(people, terms)).rare)
    return {order: fmean(rare) for order, rare in found.items()}


def test_cards_before_own_seats_find_the_rare_matches(played: dict[Order, float]) -> None:
    assert played[Order.BOARD_FIRST] >= 0.95


def test_own_seats_first_lose_more_than_half_of_the_rare_matches(played: dict[Order, float]) -> None:
    assert played[Order.LOCAL_FIRST] < 0.5


@pytest.fixture
def people() -> Federation:
    return federation(SIZES, SEEDS[0], demo())


def test_the_same_seed_plays_the_same_weeks(people: Federation) -> None:
    terms = Terms(seed=SEEDS[0], bonuses=NO_BONUSES)
    assert play(people, terms).matches == play(people, terms).matches


def test_a_program_for_which_nobody_vouches_puts_nothing_on_the_board(people: Federation) -> None:
    everybody = frozenset(range(len(SIZES)))
    posted = {
        unvouched: play(people, Terms(seed=SEEDS[0], bonuses=NO_BONUSES, unvouched=unvouched)).cards
        for unvouched in (frozenset[int](), frozenset({0}), everybody)
    }
    assert posted[frozenset()] > posted[frozenset({0})] > posted[everybody] == 0


def test_two_exact_algorithms_find_the_same_optimum(people: Federation) -> None:
    ours = optimum.central(people)
    matched = fit = best = 0
    for mentees, mentors in optimum.blocks(people):
        grid = optimum.grid(people.scale, mentees, mentors)
        pairs = [(mentees[r].id, mentors[c].id, int(grid[r, c])) for r, c in zip(*(grid >= 0).nonzero(), strict=True)]
        fits = {(mentee, mentor): value for mentee, mentor, value in pairs}
        answer = solve(
            Problem(
                mentees=tuple(
                    Waiting(mentee.id, waiting_tier(mentee.profile.waiting_since, START)) for mentee in mentees
                ),
                mentors=tuple(Offering(mentor.id, mentor.profile.seats) for mentor in mentors),
                pairs=tuple(pairs),
            )
        )
        matched, fit = matched + answer.matched, fit + answer.fit
        best += sum(fits[mentee.id, ours[mentee.id]] for mentee in mentees if mentee.id in ours)
    assert (matched, fit) == (len(ours), best)
