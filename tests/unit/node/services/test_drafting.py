"""Why a draft leaves somebody without a mentor: each of the four sentences is true of the answer it explains."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from node.adapters.assignment import solve
from node.domain.assignment import Assignment, Offering, Problem, Waiting
from node.domain.drafts import Why
from node.services.drafting.making import explain


@given(st.integers(min_value=0, max_value=10**9))
@settings(max_examples=80, deadline=None)
def test_every_sentence_about_somebody_left_out_is_true(seed: int) -> None:
    random = Random(seed)
    mentees = tuple(Waiting(f"e{n}", random.randint(0, 2)) for n in range(9))
    mentors = tuple(Offering(f"o{n}", random.randint(1, 2)) for n in range(4))
    pairs = tuple((e.id, o.id, random.randint(0, 9)) for e in mentees for o in mentors if random.random() < 0.5)
    problem = Problem(mentees=mentees, mentors=mentors, pairs=pairs)
    found = solve(problem)
    fits = {(mentee, mentor): fit for mentee, mentor, fit in pairs}
    tiers = {mentee.id: mentee.tier for mentee in mentees}

    said = {one.mentee: one for one in explain(problem, found)}

    assert set(said) == set(tiers) - {mentee for mentee, _ in found.pairs}
    for mentee, one in said.items():
        holders = [(e, o) for e, o in found.pairs if (mentee, o) in fits]
        equals = [(fits[e, o], fits[mentee, o]) for e, o in holders if tiers[e] == one.tier]
        assert all(tiers[e] <= one.tier for e, _ in holders), "nobody of a shorter wait holds a seat she could have"
        assert all(theirs >= hers for theirs, hers in equals), "nor does anybody who fits less"
        assert (one.why is Why.NOBODY) == (not any(pair[0] == mentee for pair in pairs))
        assert (one.why is Why.CLOSER_FIT) == bool(equals)
        assert one.why is not Why.CLOSER_FIT or (one.cutoff, one.own) in equals
        assert one.why is not Why.SEAT_FREE, "the best answer leaves no seat free that somebody could have"


def test_a_seat_that_an_answer_leaves_free_is_said_to_be_free() -> None:
    problem = Problem(mentees=(Waiting("a", 0),), mentors=(Offering("m", 1),), pairs=(("a", "m", 5),))

    assert [one.why for one in explain(problem, Assignment(pairs=(), by_tier=(0,), fit=0))] == [Why.SEAT_FREE]
