"""What makes an assignment problem unreadable, named by field and by what is wanted."""

import pytest

from node.domain.assignment import Offering, Problem, UnreadableProblemError, Waiting, Wanted, greedy

MENTEES = (Waiting("a", 0), Waiting("b", 1))
MENTORS = (Offering("m", 1), Offering("n", 2))


@pytest.mark.parametrize(
    ("mentees", "mentors", "pairs", "field", "wanted"),
    [
        ((Waiting("a", 0), Waiting("a", 1)), MENTORS, (), "mentees[1].id", Wanted.OTHER),
        (MENTEES, (Offering("m", 1), Offering("m", 1)), (), "mentors[1].id", Wanted.OTHER),
        ((Waiting("a", -1),), MENTORS, (), "mentees[0].tier", Wanted.NUMBER),
        ((Waiting("a", 0), Waiting("b", 10**12)), MENTORS, (), "mentees[1].tier", Wanted.SMALLER),
        (MENTEES, (Offering("m", -1),), (), "mentors[0].seats", Wanted.NUMBER),
        (MENTEES, MENTORS, (("a", "m", -1),), "pairs[0][2]", Wanted.NUMBER),
        (MENTEES, MENTORS, (("a", "m", 1), ("b", "m", 10**1001)), "pairs[1][2]", Wanted.SMALLER),
        (MENTEES, MENTORS, (("a", "m", 1), ("z", "m", 1)), "pairs[1][0]", Wanted.MENTEE),
        (MENTEES, MENTORS, (("a", "z", 1),), "pairs[0][1]", Wanted.MENTOR),
        (MENTEES, MENTORS, (("a", "m", 1), ("a", "m", 2)), "pairs[1]", Wanted.OTHER),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused_by_field_and_what_is_wanted(
    mentees: tuple[Waiting, ...],
    mentors: tuple[Offering, ...],
    pairs: tuple[tuple[str, str, int], ...],
    field: str,
    wanted: Wanted,
) -> None:
    with pytest.raises(UnreadableProblemError) as refused:
        Problem(mentees=mentees, mentors=mentors, pairs=pairs)
    assert refused.value.params == {"field": field, "wanted": wanted}


def test_an_assignment_tells_how_many_of_each_tier_and_the_total_fit() -> None:
    problem = Problem(mentees=MENTEES, mentors=MENTORS, pairs=(("a", "m", 5), ("b", "n", 7), ("b", "m", 1)))
    found = problem.assess([("b", "n"), ("a", "m")])
    assert (found.pairs, found.by_tier, found.fit, found.matched) == ((("a", "m"), ("b", "n")), (1, 1), 12, 2)


def test_an_empty_problem_adds_up_to_nothing() -> None:
    found = Problem(mentees=(), mentors=(), pairs=()).assess(())
    assert (found.by_tier, found.fit, found.matched) == ((), 0, 0)


def test_greedy_takes_the_longest_wait_first_and_its_best_mentor() -> None:
    problem = Problem(
        mentees=(Waiting("new", 2), Waiting("old", 0), Waiting("late", 2)),
        mentors=(Offering("one", 1), Offering("two", 1)),
        pairs=(("new", "one", 900), ("old", "one", 10), ("old", "two", 5), ("late", "one", 3)),
    )

    found = greedy(problem)

    assert found.pairs == (("old", "one"),)
    assert (found.matched, found.by_tier, found.fit) == (1, (1, 0, 0), 10)
