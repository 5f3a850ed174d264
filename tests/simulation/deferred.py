"""Federated deferred acceptance: what could be had if machines answered for every mentor, with her standing consent.

Only simulated. Mentees ask the mentors who fit them best, one after the other; a mentor's program holds the requests
with the most public points, one for each seat, and lets go of the least when a better one comes. The outcome is the
same whatever the order of messages (Gale and Shapley 1962, with seats): each program can decide for its own mentors.
"""

from collections.abc import Sequence
from heapq import heappush, heappushpop

import numpy as np

from node.domain.matching.points import Bonuses, points, waiting_tier
from node.domain.person import Candidate
from tests.simulation.optimum import Numbers, Pairs, blocks, grid
from tests.simulation.people import START, Federation

_Held = tuple[int, int]
"""Public points, and the row of the mentee; of equal ones the first row is held."""


def deferred_acceptance(federation: Federation, bonuses: Bonuses) -> Pairs:
    """The stable pairs that are best for mentees."""
    pools = {program.name: program.pool for program in federation.programs}

    def extra(mentee: Candidate) -> int:
        tier = waiting_tier(mentee.profile.waiting_since, START)
        at_home = pools[mentee.profile.community].has_exact(mentee.profile.occupation)
        return points(0, tier, no_exact_mentor=not at_home, bonuses=bonuses)

    found: Pairs = {}
    for mentees, mentors in blocks(federation):
        fits = grid(federation.scale, mentees, mentors)
        seats = [mentor.profile.seats for mentor in mentors]
        for column, held in enumerate(_settle(fits, list(map(extra, mentees)), seats)):
            found.update((mentees[-row].id, mentors[column].id) for _, row in held)
    return found


def _settle(fits: Numbers, extra: Sequence[int], seats: Sequence[int]) -> list[list[_Held]]:
    """For each mentor the requests she holds in the end, rows counted downwards."""
    held: list[list[_Held]] = [[] for _ in seats]
    wishes = [iter(_wishes(row)) for row in fits]
    asking = list(range(len(wishes)))
    while asking:
        row = asking.pop()
        column = next(wishes[row], None)
        if column is None:
            continue
        request = int(fits[row, column]) + extra[row], -row
        if len(held[column]) < seats[column]:
            heappush(held[column], request)
        else:
            asking.append(-heappushpop(held[column], request)[1])
    return held


def _wishes(fits: Numbers) -> list[int]:
    """Mentors whom no hard rule forbids, the best first."""
    order = np.argsort(-fits, kind="stable")
    return [int(column) for column in order[: int((fits >= 0).sum())]]
