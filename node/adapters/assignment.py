"""The exact answer to an assignment problem, by scipy's sparse bipartite matching.

A tier is worth more than all fits together, so one weighted matching is the lexicographic optimum: the sets of mentees
that can be seated at once form a transversal matroid, hence no seat won for a longer wait costs one elsewhere. For the
same reason tiers that win no seat can be left out before anything is weighed.

Why doubles are exact here: every weight is a whole number up to C, and everybody on the smaller side may stay alone at
no cost, so no shortest path is longer than C and no dual value larger than 2 C. With 4 C below 2^53 every sum the
solver forms is a whole number that a double holds exactly; where C would be larger, or copies of seats would fill the
memory, `augmenting` answers in whole numbers of any size, more slowly.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching, min_weight_full_bipartite_matching

from node.adapters.augmenting import assign
from node.domain.assignment import Assignment, Problem

_EXACT = 2**51
"""The largest weight whose sums stay exact."""

_MANY = 15_000_000
"""So many copies of pairs, one for each seat, take about a gigabyte."""

_FEW = 4
"""With so many copies of a pair on average it is not worth looking for mentors who have a seat for everybody."""

Numbers = npt.NDArray[np.int64]
Fits = npt.NDArray[np.int64] | npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class _Arcs:
    """Which mentee may take which seat, and what it is worth; people and seats are numbers."""

    mentee: Numbers
    seat: Numbers
    worth: Numbers
    mentees: int
    seats: int


def solve(problem: Problem) -> Assignment:
    """The lexicographic optimum: most mentees by tier, then the greatest total fit, then the fairest load."""
    mentee, mentor, fits = _columns(problem)
    tier = _ranked([found.tier for found in problem.mentees])
    if _largest(mentee, tier, fits) > _EXACT:
        fits = _lowered(fits)
    degree = np.bincount(mentor, minlength=len(problem.mentors)).tolist()
    offered = zip(problem.mentors, degree, strict=True)
    seats = np.fromiter((min(found.seats, most) for found, most in offered), np.int64, len(degree))
    if _largest(mentee, tier, fits) > _EXACT or int(_copies(mentor, seats)[0].sum()) > _MANY:
        return _in_whole_numbers(problem, mentee, mentor, fits, tier)
    fit = fits.astype(np.int64)
    kept, covered = _winning(mentee, mentor, tier, seats)
    mentee, mentor, fit = mentee[kept], mentor[kept], fit[kept]
    if not len(fit):
        return problem.assess(())
    arcs = _expand(mentee, mentor, _worth(fit, mentee, tier), seats, _fairness(problem, seats))
    chosen = _match(arcs, covered)
    owner = np.repeat(np.arange(len(seats)), seats)
    pairs = zip(arcs.mentee[chosen].tolist(), owner[arcs.seat[chosen]].tolist(), strict=True)
    return problem.assess((problem.mentees[e].id, problem.mentors[o].id) for e, o in pairs)


def _in_whole_numbers(problem: Problem, mentee: Numbers, mentor: Numbers, fits: Fits, tier: Numbers) -> Assignment:
    step = _step(mentee, fits)
    highest = int(tier.max()) + 1
    choices: list[list[tuple[int, int]]] = [[] for _ in problem.mentees]
    for ours, theirs, fit in zip(mentee.tolist(), mentor.tolist(), fits.tolist(), strict=True):
        if problem.mentors[theirs].seats:
            choices[ours].append((theirs, fit + step * (highest - int(tier[ours]))))
    found = assign(choices, [offering.seats for offering in problem.mentors])
    return problem.assess(
        (problem.mentees[ours].id, problem.mentors[theirs].id)
        for ours, theirs in enumerate(found)
        if theirs is not None
    )


def _columns(problem: Problem) -> tuple[Numbers, Numbers, Fits]:
    """Pairs as three columns of numbers, ordered by mentee and mentor whatever their order in the problem."""
    mentees = {found.id: row for row, found in enumerate(problem.mentees)}
    mentors = {found.id: row for row, found in enumerate(problem.mentors)}
    listed = [fit for _, _, fit in problem.pairs]
    small = max(listed, default=0) <= _EXACT
    fits: Fits = np.array(listed, np.int64) if small else np.array(listed, np.object_)
    mentee = np.fromiter([mentees[ours] for ours, _, _ in problem.pairs], np.int64, len(fits))
    mentor = np.fromiter([mentors[theirs] for _, theirs, _ in problem.pairs], np.int64, len(fits))
    order = np.lexsort((mentor, mentee))
    return mentee[order], mentor[order], fits[order]


def _lowered(fits: Fits) -> Fits:
    """Smaller fits for which the same answers are best: moved down to 0, and divided by what divides them all.

    Every best answer seats the same number, so that moving all fits alike moves all their sums alike.
    """
    moved: Fits = fits - fits.min()
    return np.asarray(moved // (gcd(*moved.tolist()) or 1))


def _ranked(tiers: Sequence[int]) -> Numbers:
    """The order of tiers alone; how far they are apart changes nothing."""
    places = {tier: place for place, tier in enumerate(sorted(set(tiers)))}
    return np.fromiter((places[tier] for tier in tiers), np.int64, len(tiers))


def _step(mentee: Numbers, fits: Fits) -> int:
    """What a tier is worth: more than the best fits of everybody together."""
    if not len(fits):
        return 1
    firsts = np.flatnonzero(np.concatenate(([True], mentee[1:] != mentee[:-1])))
    best: list[int] = np.maximum.reduceat(fits, firsts).tolist()
    return sum(best) + 1


def _largest(mentee: Numbers, tier: Numbers, fits: Fits) -> int:
    """No pair is worth more, whatever tiers are left out."""
    return _step(mentee, fits) * (int(tier.max(initial=0)) + 2)


def _winning(mentee: Numbers, mentor: Numbers, tier: Numbers, seats: Numbers) -> tuple[npt.NDArray[np.bool_], int]:
    """Pairs of the tiers that win a seat, and how many are won.

    Once longer waits fill all that can be filled, nobody after them gets one.
    """
    everything = _coverable(mentee, mentor, len(tier), seats)
    if not everything:
        return np.zeros(len(mentee), np.bool_), 0
    of_pair: Numbers = tier[mentee]

    def fills(last: int) -> bool:
        kept = of_pair <= last
        return _coverable(mentee[kept], mentor[kept], len(tier), seats) == everything

    tiers = np.unique(of_pair).tolist()
    last = tiers[bisect_left(tiers, x=True, key=fills)]
    return np.asarray(of_pair <= last), everything


def _coverable(mentee: Numbers, mentor: Numbers, mentees: int, seats: Numbers) -> int:
    """How many mentees can be seated at once."""
    arcs = _expand(mentee, mentor, np.ones(len(mentee), np.int64), seats, None)
    if not len(arcs.mentee):
        return 0
    graph = csr_matrix((arcs.worth.astype(np.int8), (arcs.mentee, arcs.seat)), shape=(mentees, arcs.seats))
    return int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())


def _worth(fit: Numbers, mentee: Numbers, tier: Numbers) -> Numbers:
    """Fit, and for each tier more than all fits together."""
    best = np.zeros(len(tier), np.int64)
    np.maximum.at(best, mentee, fit)
    tiers = np.unique(tier[mentee])
    rank = len(tiers) - np.searchsorted(tiers, tier[mentee])
    return fit + (int(best.sum()) + 1) * rank


def _fairness(problem: Problem, seats: Numbers) -> Numbers | None:
    """How gladly each seat is filled: fewer mentees first, then who is idle longest. None where nobody says."""
    if not any(found.load or found.idle for found in problem.mentors):
        return None
    load = np.fromiter((found.load for found in problem.mentors), np.int64, len(problem.mentors))
    idle = np.fromiter((found.idle for found in problem.mentors), np.int64, len(problem.mentors))
    nth = np.arange(seats.sum()) - np.repeat(np.cumsum(seats) - seats, seats)
    keys = np.stack((np.repeat(load, seats) + nth, -np.repeat(idle, seats)))
    _, rank = np.unique(keys, axis=1, return_inverse=True)
    return np.asarray(rank.max() - rank.ravel(), np.int64)


def _copies(mentor: Numbers, seats: Numbers) -> tuple[Numbers, Numbers]:
    """How many seats of its mentor each pair may take, and the first of them."""
    if int(seats[mentor].sum()) <= _FEW * len(mentor):
        return seats[mentor], np.zeros(len(mentor), np.int64)
    degree = np.bincount(mentor, minlength=len(seats))
    roomy = (degree <= seats)[mentor]
    order = np.argsort(mentor, kind="stable")
    place = np.empty(len(mentor), np.int64)
    place[order] = np.arange(len(mentor)) - (np.cumsum(degree) - degree)[mentor[order]]
    return np.where(roomy, 1, seats[mentor]), np.where(roomy, place, 0)


def _expand(mentee: Numbers, mentor: Numbers, worth: Numbers, seats: Numbers, fairness: Numbers | None) -> _Arcs:
    """One arc for each seat of each pair; fairness only tells apart what is worth the same.

    Where nothing does and a mentor has a seat for everybody, each pair has a seat of its own.
    """
    copies, place = _copies(mentor, seats) if fairness is None else (seats[mentor], np.zeros(len(mentor), np.int64))
    nth = np.arange(copies.sum()) - np.repeat(np.cumsum(copies) - copies, copies) + np.repeat(place, copies)
    seat = np.repeat((np.cumsum(seats) - seats)[mentor], copies) + nth
    worth = np.repeat(worth, copies)
    ours = np.repeat(mentee, copies)
    if fairness is not None:
        # As fine as exactness allows: on huge problems neighbouring ranks count as one.
        people = int(mentee.max()) + 1
        room = _EXACT // (int(worth.max()) + 1)
        most = max(0, min(int(fairness.max()), (room - 1) // people))
        graded = fairness * most // max(1, int(fairness.max()))
        worth = worth * (people * most + 1) + graded[seat]
    return _Arcs(ours, seat, worth, int(mentee.max(initial=-1)) + 1, int(seats.sum()))


def _match(arcs: _Arcs, covered: int) -> Numbers:
    """The places of the arcs of a matching of greatest worth, in which so many are `covered`.

    Its rows are the smaller side: the fewer there are, the shorter the search. Each row may stay alone, in a column of
    its own that is worth nothing; worth is moved up by one, since a sparse matrix forgets zeros. Where every row is
    covered none need stay alone; then a path may be as long as there are rows, and has to be exact all the same.
    """
    by_seat = arcs.seats < arcs.mentees
    row, column = (arcs.seat, arcs.mentee) if by_seat else (arcs.mentee, arcs.seat)
    rows, columns = (arcs.seats, arcs.mentees) if by_seat else (arcs.mentees, arcs.seats)
    all_covered = covered == rows and 2 * rows * (int(arcs.worth.max()) + 1) < _EXACT
    alone = np.arange(0 if all_covered else rows)
    values = np.concatenate((arcs.worth + 1, np.ones(len(alone), np.int64))).astype(np.float64)
    places = np.concatenate((row, alone)), np.concatenate((column, columns + alone))
    graph = csr_matrix((values, places), shape=(rows, columns + len(alone)))
    taken_rows, taken_columns = min_weight_full_bipartite_matching(graph, maximize=True)
    given = np.full(rows, -1, np.int64)
    given[taken_rows] = taken_columns
    return np.flatnonzero(given[row] == column)
