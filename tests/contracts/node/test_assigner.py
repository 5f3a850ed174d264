"""The port `Assigner`: the exact answer to an assignment problem, by scipy and by trying everything."""

import itertools
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from node.adapters.assignment import solve
from node.domain.assignment import Assignment, Offering, Problem, Waiting
from node.services.ports.assigner import Assigner


def problem_of(seed: int) -> Problem:
    random = Random(seed)
    mentees = tuple(Waiting(f"e{i}", random.randint(0, 3)) for i in range(random.randint(0, 5)))
    mentors = tuple(Offering(f"o{i}", random.randint(0, 2)) for i in range(random.randint(0, 4)))
    pairs = tuple(
        (mentee.id, mentor.id, random.choice((0, 1, 5, 900)))
        for mentee in mentees
        for mentor in mentors
        if random.random() < 0.6
    )
    return Problem(mentees=mentees, mentors=mentors, pairs=pairs)


def by_trying_everything(problem: Problem) -> Assignment:
    """Fake of `Assigner`: too slow for a program, too simple to be wrong."""
    seats = {mentor.id: mentor.seats for mentor in problem.mentors}
    choices = [[None, *((mentee.id, o) for e, o, _ in problem.pairs if e == mentee.id)] for mentee in problem.mentees]
    best = problem.assess(())
    for chosen in itertools.product(*choices):
        pairs = [pair for pair in chosen if pair is not None]
        if all(sum(o == mentor for _, o in pairs) <= free for mentor, free in seats.items()):
            best = max(best, problem.assess(pairs), key=lambda found: (found.by_tier, found.fit))
    return best


every_assigner = pytest.mark.parametrize("assigner", [solve, by_trying_everything])


@given(st.integers(min_value=0, max_value=10**9))
@settings(max_examples=200, deadline=None)
def test_the_answer_is_as_good_as_the_best_of_all_possible_ones(seed: int) -> None:
    problem = problem_of(seed)
    answer, best = solve(problem), by_trying_everything(problem)
    assert (answer.by_tier, answer.fit) == (best.by_tier, best.fit)


@every_assigner
@given(st.integers(min_value=0, max_value=10**9))
@settings(max_examples=100, deadline=None)
def test_no_seat_is_given_twice_and_only_possible_pairs_are_made(assigner: Assigner, seed: int) -> None:
    problem = problem_of(seed)
    answer = assigner(problem)
    possible = {(mentee, mentor) for mentee, mentor, _ in problem.pairs}
    assert set(answer.pairs) <= possible
    assert len({mentee for mentee, _ in answer.pairs}) == answer.matched
    for mentor in problem.mentors:
        assert sum(chosen == mentor.id for _, chosen in answer.pairs) <= mentor.seats


@every_assigner
def test_a_longer_wait_comes_before_a_better_fit(assigner: Assigner) -> None:
    problem = Problem(
        mentees=(Waiting("new", 2), Waiting("old", 0)),
        mentors=(Offering("only", 1),),
        pairs=(("new", "only", 900), ("old", "only", 0)),
    )
    assert assigner(problem).pairs == (("old", "only"),)


@every_assigner
def test_two_who_can_both_be_seated_come_before_the_best_fit_of_one(assigner: Assigner) -> None:
    problem = Problem(
        mentees=(Waiting("a", 0), Waiting("b", 0)),
        mentors=(Offering("both", 1), Offering("only a", 1)),
        pairs=(("a", "both", 900), ("a", "only a", 0), ("b", "both", 1)),
    )
    assert sorted(assigner(problem).pairs) == [("a", "only a"), ("b", "both")]


@every_assigner
def test_where_nobody_fits_nobody_is_matched(assigner: Assigner) -> None:
    problem = Problem(mentees=(Waiting("a", 0),), mentors=(Offering("b", 1),), pairs=())
    assert assigner(problem).pairs == ()


@pytest.mark.parametrize("fit", [2**51, 2**53 + 1, 10**400])
def test_fits_of_any_size_are_added_up_exactly(fit: int) -> None:
    problem = Problem(
        mentees=(Waiting("a", 0), Waiting("b", 0), Waiting("late", 7)),
        mentors=(Offering("m", 1), Offering("n", 1)),
        pairs=(("a", "m", fit), ("a", "n", fit), ("b", "m", fit), ("b", "n", fit + 1), ("late", "m", fit * 9)),
    )
    answer = solve(problem)
    assert (answer.pairs, answer.fit) == ((("a", "m"), ("b", "n")), 2 * fit + 1)


@given(st.integers(min_value=0, max_value=10**9))
@settings(max_examples=60, deadline=None)
def test_huge_fits_change_nothing_but_the_sum(seed: int) -> None:
    problem = problem_of(seed)
    huge = replace(problem, pairs=tuple((e, o, fit * 2**60 + 3**70) for e, o, fit in problem.pairs))
    small, large = solve(problem), solve(huge)
    assert (large.by_tier, large.fit) == (small.by_tier, small.fit * 2**60 + 3**70 * small.matched)


@given(st.integers(min_value=0, max_value=10**9))
@settings(max_examples=60, deadline=None)
def test_huge_fits_that_nothing_divides_are_answered_exactly(seed: int) -> None:
    problem = problem_of(seed)
    huge = replace(problem, pairs=tuple((e, o, fit * 2**60 + n % 3) for n, (e, o, fit) in enumerate(problem.pairs)))
    large, best = solve(huge), by_trying_everything(huge)
    assert (large.by_tier, large.fit) == (best.by_tier, best.fit)


def test_more_seats_than_any_memory_holds_are_no_trouble() -> None:
    names = [f"e{n}" for n in range(600)]
    problem = Problem(
        mentees=tuple(Waiting(name, n % 5 * 2_000) for n, name in enumerate(names)),
        mentors=(Offering("all", 10**30), Offering("half", 300)),
        pairs=tuple((name, mentor, n % 7) for n, name in enumerate(names) for mentor in ("all", "half")),
    )
    assert solve(problem).matched == 600


def test_seats_by_the_thousand_are_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(3)
    problems = [larger_problem(random) for _ in range(60)]
    copied = [solve(problem) for problem in problems]
    monkeypatch.setattr("node.adapters.assignment._MANY", 0)
    for problem, expected in zip(problems, copied, strict=True):
        answer = solve(problem)
        assert (answer.by_tier, answer.fit) == (expected.by_tier, expected.fit)


def larger_problem(random: Random) -> Problem:
    mentees = tuple(Waiting(f"e{i}", random.randint(0, 2)) for i in range(random.randint(1, 14)))
    mentors = tuple(Offering(f"o{i}", random.randint(0, 3)) for i in range(random.randint(1, 8)))
    possible = [(mentee.id, mentor.id) for mentee in mentees for mentor in mentors if random.random() < 0.4]
    return Problem(mentees=mentees, mentors=mentors, pairs=tuple((e, o, random.randint(0, 900)) for e, o in possible))


def by_linear_programming(problem: Problem) -> Assignment:
    """The best answer by HiGHS over all pairs: seating somebody is worth more than all fits, longer waits still more.

    The corners of this polytope are whole numbers; that such worths give the lexicographic best is tried by
    `by_trying_everything`.
    """
    tiers = {mentee.id: mentee.tier for mentee in problem.mentees}
    worth = [fit + 20_000 * (3 - tiers[mentee]) for mentee, _, fit in problem.pairs]
    rows = [[float(e == mentee.id) for e, _, _ in problem.pairs] for mentee in problem.mentees]
    rows += [[float(o == mentor.id) for _, o, _ in problem.pairs] for mentor in problem.mentors]
    most = [1.0] * len(problem.mentees) + [float(mentor.seats) for mentor in problem.mentors]
    found = linprog(-np.array(worth, float), A_ub=np.array(rows), b_ub=np.array(most), bounds=(0, 1))
    assert found.x is not None
    return problem.assess((e, o) for (e, o, _), x in zip(problem.pairs, found.x, strict=True) if x > 0.5)


def test_five_hundred_random_problems_are_answered_as_well_as_by_another_exact_solver() -> None:
    random = Random(20)
    for _ in range(500):
        problem = larger_problem(random)
        answer = solve(problem)
        best = by_linear_programming(problem) if problem.pairs else answer
        assert (answer.by_tier, answer.fit) == (best.by_tier, best.fit)


@given(st.integers(min_value=0, max_value=10**9))
@settings(max_examples=100, deadline=None)
def test_a_mentor_more_never_means_a_match_less(seed: int) -> None:
    random = Random(seed)
    problem = larger_problem(random)
    wider = replace(
        problem,
        mentors=(*problem.mentors, Offering("new", 1)),
        pairs=(*problem.pairs, *((mentee.id, "new", random.randint(0, 900)) for mentee in problem.mentees[::2])),
    )

    before, after = solve(problem), solve(wider)

    assert after.matched >= before.matched
    assert after.by_tier >= before.by_tier


@given(st.integers(min_value=0, max_value=10**9))
@settings(max_examples=100, deadline=None)
def test_the_same_people_get_the_same_answer_under_other_names_and_in_another_order(seed: int) -> None:
    random = Random(seed)
    problem = larger_problem(random)
    other = Problem(
        mentees=tuple(random.sample([replace(one, id=f"x{one.id}") for one in problem.mentees], len(problem.mentees))),
        mentors=tuple(random.sample([replace(one, id=f"y{one.id}") for one in problem.mentors], len(problem.mentors))),
        pairs=tuple(random.sample([(f"x{e}", f"y{o}", fit) for e, o, fit in problem.pairs], len(problem.pairs))),
    )

    first, again, renamed = solve(problem), solve(problem), solve(other)

    assert first == again
    assert (first.by_tier, first.fit) == (renamed.by_tier, renamed.fit)


def test_of_equal_answers_the_one_is_chosen_that_spreads_the_load() -> None:
    busy, fresh, idle = Offering("busy", 2, load=2), Offering("fresh", 2, idle=3), Offering("idle", 2, idle=90)
    mentees = tuple(Waiting(name, 2) for name in ("a", "b", "c"))
    pairs = tuple((mentee.id, mentor.id, 500) for mentee in mentees for mentor in (busy, fresh, idle))

    answer = solve(Problem(mentees=mentees, mentors=(busy, fresh, idle), pairs=pairs))

    assert sorted(mentor for _, mentor in answer.pairs) == ["fresh", "idle", "idle"]


def test_a_fair_load_never_costs_fit() -> None:
    mentors = Offering("busy", 1, load=9), Offering("idle", 1, idle=900)
    pairs = (("a", "busy", 501), ("a", "idle", 500))

    assert solve(Problem(mentees=(Waiting("a", 0),), mentors=mentors, pairs=pairs)).pairs == (("a", "busy"),)
