"""What could be had at best: one office that knows everybody, solved exactly by the product's solver.

Also the greatest number of rare matches whatever it costs elsewhere, and what each program reaches alone. People of two
programs meet online; pairs never cross from one group of three digits to another, so each block is a problem of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from node.adapters.assignment import solve
from node.domain.assignment import Offering, Pair, Problem
from node.domain.assignment import Waiting as Row
from node.domain.matching.points import TIERS, waiting_tier
from node.domain.matching.pool import Pool
from node.domain.person import Candidate, PersonId
from node.domain.rounds.room import Room, SeatHolder, Waiting
from node.domain.rounds.seating import seat
from protocol.vocabulary import Mode
from tests.simulation.people import START, Federation, Program

Pairs = dict[PersonId, PersonId]
RARE = 5
"""A rare occupation is held by so many mentors of the whole federation at most."""


def abroad(mentee: Candidate) -> Candidate:
    """A mentee as she can be served from another program: online."""
    return replace(mentee, profile=replace(mentee.profile, mode=Mode.ONLINE))


def pairs_anywhere(mentees: Iterable[Candidate], pool: Pool) -> Iterator[tuple[PersonId, Candidate, int]]:
    """Every possible pair of these mentees and mentors of any program, with its fit."""
    for mentee in mentees:
        home = mentee.profile.community
        for place, fit in pool.allowed(mentee):
            mentor = pool.mentors[place]
            if mentor.profile.community == home:
                yield mentee.id, mentor, fit
        if mentee.profile.mode is Mode.IN_PERSON:
            continue
        for place, fit in pool.allowed(abroad(mentee)):
            mentor = pool.mentors[place]
            if mentor.profile.community != home:
                yield mentee.id, mentor, fit


def central(federation: Federation) -> Pairs:
    """The most matches, then the best fit, over everybody at once."""
    found: Pairs = {}
    mentees, mentors = _blocks(federation)
    for block, waiting in mentees.items():
        pool = Pool(federation.scale, mentors[block])
        found |= _solved(waiting, pool)
    return found


def rare_mentees(federation: Federation) -> dict[PersonId, Candidate]:
    """Mentees whose very occupation a handful of mentors hold in the whole federation, none of them at home."""
    holders: dict[str, int] = defaultdict(int)
    for program in federation.programs:
        for mentor in program.mentors:
            holders[mentor.profile.occupation] += 1
    return {
        mentee.id: mentee
        for program in federation.programs
        for mentee in program.mentees
        if 1 <= holders[mentee.profile.occupation] <= RARE
        if not program.pool.has_exact(mentee.profile.occupation)
    }


def most_rare(federation: Federation) -> int:
    """How many rare mentees could meet somebody of their very occupation, if nothing else counted."""
    rare = rare_mentees(federation)
    wanted = {mentee.profile.occupation for mentee in rare.values()}
    mentors = [
        mentor for program in federation.programs for mentor in program.mentors if mentor.profile.occupation in wanted
    ]
    pool = Pool(federation.scale, mentors)
    exact = [
        (mentee, mentor.id, 1)
        for mentee, mentor, _ in pairs_anywhere(rare.values(), pool)
        if mentor.profile.occupation == rare[mentee].profile.occupation
    ]
    return solve(_problem(rare.values(), mentors, exact)).matched


def alone(program: Program) -> int:
    """How many of its mentees a program can serve by itself."""
    return len(seat(room_alone(program), solve))


def room_alone(program: Program) -> Room:
    """A program to which nobody else exists."""
    return Room(
        pool=program.pool,
        mentees=tuple(Waiting(person=mentee) for mentee in program.mentees),
        mentors=tuple(SeatHolder(person=mentor, free=mentor.profile.seats) for mentor in program.mentors),
    )


def tiers(mentees: Iterable[Candidate]) -> tuple[int, ...]:
    """How many of these mentees there are of each waiting tier, the longest first."""
    counts = [0] * TIERS
    for mentee in mentees:
        counts[waiting_tier(mentee.profile.waiting_since, START)] += 1
    return tuple(counts)


def _blocks(federation: Federation) -> tuple[dict[str, list[Candidate]], dict[str, list[Candidate]]]:
    mentees: dict[str, list[Candidate]] = defaultdict(list)
    mentors: dict[str, list[Candidate]] = defaultdict(list)
    for program in federation.programs:
        for mentee in program.mentees:
            mentees[mentee.profile.occupation[:3]].append(mentee)
        for mentor in program.mentors:
            mentors[mentor.profile.occupation[:3]].append(mentor)
    return mentees, mentors


def _solved(mentees: list[Candidate], pool: Pool) -> Pairs:
    pairs = [(mentee, mentor.id, fit) for mentee, mentor, fit in pairs_anywhere(mentees, pool)]
    answer = solve(_problem(mentees, pool.mentors, pairs))
    return {PersonId(mentee): PersonId(mentor) for mentee, mentor in answer.pairs}


def _problem(mentees: Iterable[Candidate], mentors: Iterable[Candidate], pairs: Iterable[Pair]) -> Problem:
    return Problem(
        mentees=tuple(Row(mentee.id, 0) for mentee in mentees),
        mentors=tuple(Offering(mentor.id, mentor.profile.seats) for mentor in mentors),
        pairs=tuple(pairs),
    )
