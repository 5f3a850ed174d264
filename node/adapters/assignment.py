"""The exact answer to an assignment problem, by scipy's sparse bipartite matching.

A tier is worth more than all fits together, so one weighted matching is the lexicographic optimum: the sets of mentees
that can be seated at once form a transversal matroid, hence no seat won for a longer wait costs one elsewhere. For the
same reason tiers that win no seat can be left out before anything is weighed.

Why doubles are exact here: every weight is a whole number up to C, and everybody on the smaller side may stay alone at
no cost, so no shortest path is longer than C and no dual value larger than 2 C. With 4 C below 2^53 every sum the
solver forms is a whole number that a double holds exactly; where C would be larger, the problem is refused.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching, min_weight_full_bipartite_matching

from node.domain.assignment import Assignment, Problem, UnreadableProblemError

_EXACT = 2**51
"""The largest weight whose sums stay exact."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Arcs:
    """Which mentee may take which seat, and what it is worth; people and seats are numbers."""

    mentee: Numbers
    seat: Numbers
    worth: Numbers
    mentees: int
    seats: int


def solve(problem: Problem) -> Assignment:
    """The lexicographic optimum: most mentees by tier, then the greatest total fit, then the fairest load.

    Raises: UnreadableProblemError where fits are so large that doubles would not be exact.
    """
    mentee, mentor, fit = _columns(problem)
    tier = np.fromiter((found.tier for found in problem.mentees), np.int64, len(problem.mentees))
    degree = np.bincount(mentor, minlength=len(problem.mentors))
    offered = np.fromiter((found.seats for found in problem.mentors), np.int64, len(problem.mentors))
    seats = np.minimum(offered, degree)
    kept, covered = _winning(mentee, mentor, tier, seats)
    mentee, mentor, fit = mentee[kept], mentor[kept], fit[kept]
    if not len(fit):
        return problem.assess(())
    arcs = _expand(mentee, mentor, _worth(problem, mentee, fit, tier), seats, _fairness(problem, seats))
    chosen = _match(arcs, covered)
    owner = np.repeat(np.arange(len(seats)), seats)
    pairs = zip(arcs.mentee[chosen].tolist(), owner[arcs.seat[chosen]].tolist(), strict=True)
    return problem.assess((problem.mentees[e].id, problem.mentors[o].id) for e, o in pairs)


def _columns(problem: Problem) -> tuple[Numbers, Numbers, Numbers]:
    """Pairs as three columns of numbers, ordered by mentee and mentor whatever their order in the problem."""
    if not problem.pairs:
        nothing = np.zeros(0, np.int64)
        return nothing, nothing, nothing
    mentees = {found.id: row for row, found in enumerate(problem.mentees)}
    mentors = {found.id: row for row, found in enumerate(problem.mentors)}
    fits = [fit for _, _, fit in problem.pairs]
    count = len(fits)
    mentee = np.fromiter([mentees[ours] for ours, _, _ in problem.pairs], np.int64, count)
    mentor = np.fromiter([mentors[theirs] for _, theirs, _ in problem.pairs], np.int64, count)
    if max(fits) > _EXACT:
        raise UnreadableProblemError(field="pairs.fit", row=fits.index(max(fits)))
    fit = np.fromiter(fits, np.int64, count)
    order = np.lexsort((mentor, mentee))
    return mentee[order], mentor[order], fit[order]


def _winning(mentee: Numbers, mentor: Numbers, tier: Numbers, seats: Numbers) -> tuple[npt.NDArray[np.bool_], int]:
    """Pairs of the tiers that win a seat, and how many are won.

    Once longer waits fill all that can be filled, nobody after them gets one.
    """
    everything = _coverable(mentee, mentor, len(tier), seats)
    of_pair: Numbers = tier[mentee]
    for last in np.unique(of_pair) if everything else ():
        kept: npt.NDArray[np.bool_] = np.asarray(of_pair <= last)
        if _coverable(mentee[kept], mentor[kept], len(tier), seats) == everything:
            return kept, everything
    return np.zeros(len(mentee), np.bool_), 0


def _coverable(mentee: Numbers, mentor: Numbers, mentees: int, seats: Numbers) -> int:
    """How many mentees can be seated at once."""
    arcs = _expand(mentee, mentor, np.ones(len(mentee), np.int64), seats, None)
    if not len(arcs.mentee):
        return 0
    graph = csr_matrix((arcs.worth.astype(np.int8), (arcs.mentee, arcs.seat)), shape=(mentees, arcs.seats))
    return int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())


def _worth(problem: Problem, mentee: Numbers, fit: Numbers, tier: Numbers) -> Numbers:
    """Fit, and for each tier more than all fits together."""
    best = np.zeros(len(problem.mentees), np.int64)
    np.maximum.at(best, mentee, fit)
    tiers = np.unique(tier[mentee])
    step = sum(best.tolist()) + 1
    if step * (len(tiers) + 1) > _EXACT:
        raise UnreadableProblemError(field="pairs.fit", row=0)
    rank = len(tiers) - np.searchsorted(tiers, tier[mentee])
    return fit + step * rank


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


def _expand(mentee: Numbers, mentor: Numbers, worth: Numbers, seats: Numbers, fairness: Numbers | None) -> _Arcs:
    """One arc for each seat of each pair; fairness only tells apart what is worth the same."""
    copies = seats[mentor]
    nth = np.arange(copies.sum()) - np.repeat(np.cumsum(copies) - copies, copies)
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
