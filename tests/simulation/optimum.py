"""What could be had at best: one office that knows everybody, solved exactly.

Also the greatest number of rare matches whatever it costs elsewhere, and what each program reaches alone. People of
two programs meet online; pairs never cross from one group of three digits to another: each block is its own problem.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from node.adapters.assignment import solve
from node.domain.assignment import Offering, Problem
from node.domain.assignment import Waiting as Row
from node.domain.matching.finding import Aspect
from node.domain.matching.points import TIERS, waiting_tier
from node.domain.matching.rules import HIGHEST
from node.domain.matching.scale import Scale, Traits
from node.domain.person import Candidate, PersonId
from node.domain.rounds.room import Room, SeatHolder, Waiting
from node.domain.rounds.seating import seat
from protocol.vocabulary import Mode
from tests.simulation.people import START, Federation, Program

Pairs = dict[PersonId, PersonId]
Numbers = npt.NDArray[np.int16]
RARE = 5
"""A rare occupation is held by so many mentors of the whole federation at most."""


def abroad(mentee: Candidate) -> Candidate:
    """A mentee as she can be served from another program: online."""
    return replace(mentee, profile=replace(mentee.profile, mode=Mode.ONLINE))


def grid(scale: Scale, mentees: Sequence[Candidate], mentors: Sequence[Candidate]) -> Numbers:
    """The fit of each mentee (row) with each mentor (column), or -1 where a hard rule forbids the pair.

    The scale compares; here its comparisons are only added up, for all pairs at once.
    """
    theirs = _read(scale, mentors)
    here = _sums(scale, _read(scale, mentees), theirs)
    elsewhere = _sums(scale, _read(scale, [abroad(mentee) for mentee in mentees]), theirs)
    apart = np.array([mentee.profile.mode is Mode.IN_PERSON for mentee in mentees])
    elsewhere[apart] = -1
    towns = {mentor.profile.community: place for place, mentor in enumerate(mentors)}
    home = np.array([towns.get(mentee.profile.community, -1) for mentee in mentees])
    town = np.array([towns[mentor.profile.community] for mentor in mentors])
    return np.where(home[:, None] == town[None, :], here, elsewhere)


def _read(scale: Scale, people: Sequence[Candidate]) -> list[Traits]:
    """People as the scale reads them. Nobody here has wishes, so that in this all are like the first of them."""
    place = scale.hard_rules + list(Aspect).index(Aspect.PREFERENCES)
    traits = [scale.read(person) for person in people]
    return [(*found[:place], traits[0][place], *found[place + 1 :]) for found in traits]


def _sums(scale: Scale, ours: Sequence[Traits], theirs: Sequence[Traits]) -> Numbers:
    """Points of each pair, -1 where a hard rule forbids it."""
    points = np.zeros((len(ours), len(theirs)), np.int16)
    forbidden = np.zeros(points.shape, np.bool_)
    for place, (mine, yours) in enumerate(zip(zip(*ours, strict=True), zip(*theirs, strict=True), strict=True)):
        rows, row = np.unique(mine, return_inverse=True)
        columns, column = np.unique(yours, return_inverse=True)
        first = {number: index for index, number in reversed(list(enumerate(mine)))}
        table = np.zeros((len(rows), len(columns)), np.int16)
        for index, number in enumerate(rows.tolist()):
            gives = scale.rows(ours[first[number]])[place]
            table[index] = [gives[trait] for trait in columns.tolist()]
        found = table[row[:, None], column[None, :]]
        if place < scale.hard_rules:
            forbidden |= found != 0
        else:
            points += found
    points[forbidden] = -1
    return points


def central(federation: Federation) -> Pairs:
    """The most matches of the longest waits, then of the others, then the best fit, over everybody at once.

    Solved on seats by another exact algorithm than the product's, which is thereby checked: a test compares the two.
    """
    found: Pairs = {}
    for mentees, mentors in blocks(federation):
        fits = grid(federation.scale, mentees, mentors)
        owners = np.repeat(np.arange(len(mentors)), [mentor.profile.seats for mentor in mentors])
        step = float(HIGHEST * min(len(mentees), len(owners)) + 1)
        rank = np.array([TIERS - waiting_tier(mentee.profile.waiting_since, START) for mentee in mentees])
        worth = np.where(fits < 0, 0.0, fits + step * rank[:, None])[:, owners]
        for row, seat_taken in zip(*linear_sum_assignment(worth, maximize=True), strict=True):
            if worth[row, seat_taken]:
                found[mentees[row].id] = mentors[owners[seat_taken]].id
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
    waiting = list(rare.values())
    fits = grid(federation.scale, waiting, mentors)
    exact = [
        (waiting[row].id, mentors[column].id, 1)
        for row, column in np.argwhere(fits >= 0).tolist()
        if mentors[column].profile.occupation == waiting[row].profile.occupation
    ]
    problem = Problem(
        mentees=tuple(Row(mentee.id, 0) for mentee in waiting),
        mentors=tuple(Offering(mentor.id, mentor.profile.seats) for mentor in mentors),
        pairs=tuple(exact),
    )
    return solve(problem).matched


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


def blocks(federation: Federation) -> Iterator[tuple[list[Candidate], list[Candidate]]]:
    """Mentees and mentors of each group of three digits that has both."""
    mentees: dict[str, list[Candidate]] = defaultdict(list)
    mentors: dict[str, list[Candidate]] = defaultdict(list)
    for program in federation.programs:
        for mentee in program.mentees:
            mentees[mentee.profile.occupation[:3]].append(mentee)
        for mentor in program.mentors:
            mentors[mentor.profile.occupation[:3]].append(mentor)
    yield from ((mentees[block], mentors[block]) for block in sorted(mentees.keys() & mentors.keys()))
