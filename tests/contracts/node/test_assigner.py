"""The port `Assigner`: the exact answer to an assignment problem, by scipy and by trying everything."""

import itertools
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.adapters.assignment import solve
from node.domain.assignment import Assignment, Offering, Problem, UnreadableProblemError, Waiting, assess
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
    best = assess(problem, ())
    for chosen in itertools.product(*choices):
        pairs = [pair for pair in chosen if pair is not None]
        if all(sum(o == mentor for _, o in pairs) <= free for mentor, free in seats.items()):
            best = max(best, assess(problem, pairs), key=lambda found: (found.by_tier, found.fit))
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


def test_fits_too_large_to_be_exact_are_refused() -> None:
    problem = Problem(mentees=(Waiting("a", 0),), mentors=(Offering("b", 1),), pairs=(("a", "b", 2**52),))
    with pytest.raises(UnreadableProblemError) as refused:
        solve(problem)
    assert refused.value.params["field"] == "pairs.fit"
