"""The exact answer to an assignment problem, by scipy's sparse bipartite matching.

A tier is worth more than all fits together, so one weighted matching is the lexicographic optimum: the sets of mentees
that can be seated at once form a transversal matroid, hence no seat won for a longer wait costs one elsewhere.
"""

from collections import Counter

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from node.domain.assignment import Assignment, Problem, UnreadableProblemError, assess

_EXACT = 2**52
"""Weights and their sums stay whole numbers that a double holds exactly."""


def solve(problem: Problem) -> Assignment:
    """The lexicographic optimum: most mentees by tier, then the greatest total fit.

    Raises: UnreadableProblemError where fits are so large that doubles would not be exact.
    """
    if not problem.pairs:
        return assess(problem, ())
    rows = {mentee.id: row for row, mentee in enumerate(problem.mentees)}
    degree = Counter(mentor for _, mentor, _ in problem.pairs)
    first, seats, columns = dict[str, int](), dict[str, int](), 0
    for mentor in problem.mentors:
        first[mentor.id], seats[mentor.id] = columns, min(mentor.seats, degree[mentor.id])
        columns += seats[mentor.id]
    weights = _weights(problem)
    mentee = np.fromiter((rows[pair[0]] for pair in problem.pairs), dtype=np.int64)
    start = np.fromiter((first[pair[1]] for pair in problem.pairs), dtype=np.int64)
    copies = np.fromiter((seats[pair[1]] for pair in problem.pairs), dtype=np.int64)
    # One column a seat, and one of her own for every mentee, where she stays unmatched.
    alone = np.arange(len(rows))
    offset = np.arange(copies.sum()) - np.repeat(np.cumsum(copies) - copies, copies)
    row = np.concatenate((np.repeat(mentee, copies), alone))
    column = np.concatenate((np.repeat(start, copies) + offset, columns + alone))
    weight = np.concatenate((np.repeat(weights, copies), np.ones(len(rows))))
    graph = csr_matrix((weight, (row, column)), shape=(len(rows), columns + len(rows)))
    chosen_rows, chosen_columns = min_weight_full_bipartite_matching(graph, maximize=True)
    owner = [mentor.id for mentor in problem.mentors for _ in range(seats[mentor.id])]
    return assess(
        problem,
        (
            (problem.mentees[r].id, owner[c])
            for r, c in zip(chosen_rows.tolist(), chosen_columns.tolist(), strict=True)
            if c < columns
        ),
    )


def _weights(problem: Problem) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    best = dict[str, int]()
    for mentee, _, fit in problem.pairs:
        best[mentee] = max(best.get(mentee, 0), fit)
    tiers = sorted({mentee.tier for mentee in problem.mentees})
    step = sum(best.values()) + 1
    if step * (len(tiers) + 1) * 2 > _EXACT:
        raise UnreadableProblemError(field="pairs.fit", row=0)
    worth = {mentee.id: step * (len(tiers) - tiers.index(mentee.tier)) for mentee in problem.mentees}
    return np.fromiter((1 + fit + worth[mentee] for mentee, _, fit in problem.pairs), dtype=np.float64)
