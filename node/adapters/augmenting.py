"""The exact answer in whole numbers of any size, for problems that doubles or copies of seats cannot hold.

Mentees come in one after another; each takes the best path of moves to a free seat, or to the one who then stays alone
(the Hungarian method with seats instead of copies). What a mentee gains and what a mentor's seat costs prove the
answer: nobody gains less than any seat would leave her, and only filled seats cost anything (complementary slackness).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

Choices = Sequence[Sequence[tuple[int, int]]]
"""For each mentee the mentors she may have, and what each is worth, above nothing."""


@dataclass(frozen=True, slots=True)
class _Tree:
    """What one search found: how far each mentor reached is, and from which mentee."""

    distance: dict[int, int]
    parent: dict[int, int]


class _Market:
    """Everybody seated so far, what each mentee gains and what a seat of each mentor costs."""

    def __init__(self, choices: Choices, seats: Sequence[int]) -> None:
        self.choices = choices
        self.seats = seats
        self.gain = [0] * len(choices)
        self.price = [0] * len(seats)
        self.with_mentor: list[int | None] = [None] * len(choices)
        self.people: list[set[int]] = [set() for _ in seats]

    def seat(self, newcomer: int) -> None:
        """Let one mentee in."""
        best = max((worth - self.price[mentor] for mentor, worth in self.choices[newcomer]), default=0)
        self.gain[newcomer] = max(0, best)
        tree, settled, last, least = self._search(newcomer)
        for mentor in settled:
            if tree.distance[mentor] < least:
                rise = least - tree.distance[mentor]
                self.price[mentor] += rise
                for person in self.people[mentor]:
                    self.gain[person] -= rise
        self.gain[newcomer] -= least
        self._move(last, tree)

    def _search(self, newcomer: int) -> tuple[_Tree, list[int], tuple[int | None, int | None], int]:
        """Shortest paths up to the best end: a mentor with a free seat, or a mentee who stays alone."""
        tree, settled = _Tree({}, {}), list[int]()
        last: tuple[int | None, int | None] = (None, newcomer)
        least, queue = self.gain[newcomer], list[tuple[int, int]]()
        self._look(newcomer, 0, tree, queue)
        while queue and queue[0][0] < least:
            far, mentor = heappop(queue)
            if far > tree.distance[mentor]:
                continue
            if len(self.people[mentor]) < self.seats[mentor]:
                return tree, settled, (mentor, None), far
            settled.append(mentor)
            for person in sorted(self.people[mentor]):
                if far + self.gain[person] < least:
                    least, last = far + self.gain[person], (mentor, person)
                self._look(person, far, tree, queue)
        return tree, settled, last, least

    def _look(self, person: int, far: int, tree: _Tree, queue: list[tuple[int, int]]) -> None:
        here = far + self.gain[person]
        for mentor, worth in self.choices[person]:
            distance = here + self.price[mentor] - worth
            if mentor not in tree.distance or distance < tree.distance[mentor]:
                tree.distance[mentor] = distance
                tree.parent[mentor] = person
                heappush(queue, (distance, mentor))

    def _move(self, last: tuple[int | None, int | None], tree: _Tree) -> None:
        """Everybody on the path takes the next seat; whoever stays alone gives hers up first."""
        mentor, alone = last
        if mentor is None:
            return
        if alone is not None:
            self.people[mentor].discard(alone)
            self.with_mentor[alone] = None
        while True:
            person = tree.parent[mentor]
            before = self.with_mentor[person]
            self.with_mentor[person] = mentor
            self.people[mentor].add(person)
            if before is None:
                return
            self.people[before].discard(person)
            mentor = before


def assign(choices: Choices, seats: Sequence[int]) -> list[int | None]:
    """The mentor of each mentee in an assignment of the greatest worth; None where she stays alone."""
    market = _Market(choices, seats)
    for newcomer in range(len(choices)):
        market.seat(newcomer)
    return market.with_mentor
