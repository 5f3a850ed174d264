"""Deferred acceptance, with which the rounds are compared: its pairs are stable, and it seats nobody twice."""

from collections import Counter

from node.domain.matching.points import NO_BONUSES
from tests.simulation import optimum
from tests.simulation.deferred import deferred_acceptance
from tests.simulation.frequencies import demo
from tests.simulation.people import federation


def test_no_mentee_and_mentor_would_both_rather_have_each_other() -> None:
    people = federation((60, 20, 10), 1, demo())
    found = deferred_acceptance(people, NO_BONUSES)
    taken = Counter(found.values())
    for mentees, mentors in optimum.blocks(people):
        fits = optimum.grid(people.scale, mentees, mentors)
        column = {mentor.id: place for place, mentor in enumerate(mentors)}
        has = [int(fits[row, column[found[one.id]]]) if one.id in found else -1 for row, one in enumerate(mentees)]
        least = {
            place: min(has[row] for row, one in enumerate(mentees) if found.get(one.id) == mentor.id)
            for place, mentor in enumerate(mentors)
            if taken[mentor.id] == mentor.profile.seats
        }
        assert all(taken[mentor.id] <= mentor.profile.seats for mentor in mentors)
        assert all(
            fits[row, place] <= max(has[row], least.get(place, -1))
            for row, place in zip(*(fits >= 0).nonzero(), strict=True)
        )


def test_it_seats_fewer_than_the_optimum_and_more_than_programs_alone() -> None:
    people = federation((60, 20, 10), 1, demo())
    alone = sum(map(optimum.alone, people.programs))
    assert alone < len(deferred_acceptance(people, NO_BONUSES)) <= len(optimum.central(people))
