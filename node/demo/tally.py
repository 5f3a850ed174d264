"""What the federation is worth to these people: coverage and rare matches, counted with the node's own matching.

Everybody is pooled into one folder that exists for this count alone. `mentorweave match problem` says which pairs are
possible, `mentorweave match solve` answers each question exactly; here the questions are put together:

- local only: pairs within one program;
- federated: the rounds of member programs, as if everybody who is asked agreed at once. Whoever gets no mentor of her
  occupation at home and agreed is asked for elsewhere; each program weighs these requests against its own people twice,
  by public points, before it fills its own seats; then it seats its own; what is left goes to whoever is left;
- central optimum: every pair, as if all people belonged to one program.

Rare: a mentee with whose occupation nobody at home has a seat. Only mentors of exactly her occupation count for these.
Local first: the most of these that are still possible once every program has filled its own seats.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from node.demo.processes import Answer

Pair = tuple[str, str, int]
_RARE_ROUNDS = 2
_LAST_TIER, _PER_TIER, _NO_EXACT_MENTOR = 2, 150, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the spreadsheets say of one person of the pool."""

    program: str
    occupation: str
    reachable: bool
    """A mentee who agreed to be asked for elsewhere; a mentor who did not say "only here"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Shares of all mentees for coverage, matches for rare ones."""

    local_only: float
    federated: float
    central_optimum: float
    rare_local_first: int
    rare_federated: int
    rare_central_optimum: int
    rare_feasible_maximum: int

    @property
    def coverage(self) -> dict[str, float]:
        """As the demo's document shows it."""
        return {
            "local_only": self.local_only,
            "federated": self.federated,
            "central_optimum": self.central_optimum,
        }

    @property
    def rare(self) -> dict[str, int]:
        """As the demo's document shows it."""
        return {
            "local_first": self.rare_local_first,
            "federated": self.rare_federated,
            "central_optimum": self.rare_central_optimum,
            "feasible_maximum": self.rare_feasible_maximum,
        }


class _Pool:
    def __init__(self, problem: Answer, known: Mapping[str, Known], solve: Callable[[bytes], Answer]) -> None:
        self.tiers = {entry.text("id"): entry.number("tier") for entry in problem.items("mentees")}
        self.seats = {entry.text("id"): entry.number("seats") for entry in problem.items("mentors")}
        self.pairs: list[Pair] = [(p.text(0), p.text(1), p.number(2)) for p in problem.items("pairs")]
        self.known = known
        self._solve = solve

    def solve(
        self, questions: Mapping[str, tuple[Iterable[Pair], Counter[str]]], *, tiers: bool = True
    ) -> dict[str, list[tuple[str, str]]]:
        """Answer several questions about the same people at once: each has seats of its own, so none touches another.

        `questions`: for each, the pairs that are possible and the seats already taken. Without `tiers` nobody comes
        first for having waited longer; the pairs' worth tells of that.
        """
        document: dict[str, list[object]] = {"mentees": [], "mentors": [], "pairs": []}
        for name, (pairs, taken) in questions.items():
            document["mentees"] += [{"id": f"{name}/{m}", "tier": tier * tiers} for m, tier in self.tiers.items()]
            document["mentors"] += [{"id": f"{name}/{m}", "seats": n - taken[m]} for m, n in self.seats.items()]
            document["pairs"] += [(f"{name}/{mentee}", f"{name}/{mentor}", fit) for mentee, mentor, fit in pairs]
        found: dict[str, list[tuple[str, str]]] = {name: [] for name in questions}
        for pair in self._solve(json.dumps(document).encode()).items("assignment"):
            name, mentee = pair.text(0).split("/")
            found[name].append((mentee, pair.text(1).split("/")[1]))
        return found

    def same_program(self, mentee: str, mentor: str) -> bool:
        return self.known[mentee].program == self.known[mentor].program

    def exact(self, mentee: str, mentor: str) -> bool:
        return self.known[mentee].occupation == self.known[mentor].occupation

    def bonus(self, mentee: str, asking: set[str]) -> int:
        """What public points add to the fit: a step for each waiting tier, and one for nobody of her kind at home."""
        return (_LAST_TIER - self.tiers[mentee]) * _PER_TIER + (mentee in asking) * _NO_EXACT_MENTOR

    def rare(self) -> set[str]:
        """Mentees for whose occupation nobody at home has a seat."""
        at_home = {(self.known[m].program, self.known[m].occupation) for m, free in self.seats.items() if free}
        return {m for m in self.tiers if (self.known[m].program, self.known[m].occupation) not in at_home}


class _Rounds:
    """The rounds, played: who has whom, and how many seats of each mentor are given."""

    def __init__(self, pool: _Pool) -> None:
        self._pool = pool
        self.pairs: dict[str, str] = {}
        self._taken = Counter[str]()

    def play(self, asking: set[str]) -> None:
        """`asking`: the mentees whose anonymous requests the others read."""
        for _ in range(_RARE_ROUNDS):
            self._weigh(asking)
        here = [pair for pair in self._pool.pairs if self._open(pair[0]) and self._pool.same_program(pair[0], pair[1])]
        self._give(self._pool.solve({"here": (here, self._taken)})["here"])
        self._give(self._pool.solve({"left": (self._outside(asking), self._taken)})["left"])

    def _open(self, mentee: str) -> bool:
        return mentee not in self.pairs

    def _outside(self, asking: set[str]) -> list[Pair]:
        """Pairs across programs that somebody may ask for."""
        pool = self._pool
        asked = [pair for pair in pool.pairs if pair[0] in asking and self._open(pair[0])]
        return [pair for pair in asked if pool.known[pair[1]].reachable and not pool.same_program(pair[0], pair[1])]

    def _weigh(self, asking: set[str]) -> None:
        """Each program on its own: requests for mentors of exactly that occupation, against its own mentees."""
        pool, wanted = self._pool, defaultdict[str, list[Pair]](list)
        exact = [pair for pair in self._outside(asking) if pool.exact(pair[0], pair[1])]
        own = [p for p in pool.pairs if self._open(p[0]) and pool.same_program(p[0], p[1])]
        for mentee, mentor, fit in (*own, *exact):
            worth = 2 * (fit + pool.bonus(mentee, asking)) + pool.same_program(mentee, mentor)
            wanted[pool.known[mentor].program].append((mentee, mentor, worth))
        offers: dict[str, tuple[int, str]] = {}
        fits = {(mentee, mentor): fit for mentee, mentor, fit in exact}
        weighed = pool.solve({at: (pairs, self._taken) for at, pairs in wanted.items()}, tiers=False)
        for pair in (pair for pairs in weighed.values() for pair in pairs if pair in fits):
            offers[pair[0]] = max(offers.get(pair[0], (0, "")), (fits[pair], pair[1]))
        self._give((mentee, mentor) for mentee, (_, mentor) in offers.items())

    def _give(self, pairs: Iterable[tuple[str, str]]) -> None:
        for mentee, mentor in pairs:
            self.pairs[mentee] = mentor
            self._taken[mentor] += 1


def tally(problem: Answer, known: Mapping[str, Known], solve: Callable[[bytes], Answer]) -> Tally:
    """Count. `problem`: what `match problem` says of the pool; `solve`: asks `match solve` about a problem file."""
    pool = _Pool(problem, known, solve)
    rare = pool.rare()
    everyone, free = len(pool.tiers), Counter[str]()
    local_pairs = [pair for pair in pool.pairs if pool.same_program(pair[0], pair[1])]
    rare_pairs = [pair for pair in pool.pairs if pair[0] in rare and pool.exact(pair[0], pair[1])]
    first = pool.solve(
        {
            "local": (local_pairs, free),
            "central": (pool.pairs, free),
            "rare": (rare_pairs, free),
            "exact": ([pair for pair in local_pairs if pool.exact(pair[0], pair[1])], free),
        }
    )
    taken, served = Counter(mentor for _, mentor in first["local"]), {mentee for mentee, _ in first["local"]}
    then = pool.solve({"rare": ([pair for pair in rare_pairs if pair[0] not in served], taken)})
    at_home = {mentee for mentee, _ in first["exact"]}
    rounds = _Rounds(pool)
    rounds.play({mentee for mentee in pool.tiers if known[mentee].reachable and mentee not in at_home})

    def exact_rare(pairs: Iterable[tuple[str, str]]) -> int:
        return sum(mentee in rare and pool.exact(mentee, mentor) for mentee, mentor in pairs)

    return Tally(
        local_only=round(len(first["local"]) / everyone, 4),
        federated=round(len(rounds.pairs) / everyone, 4),
        central_optimum=round(len(first["central"]) / everyone, 4),
        rare_local_first=len(then["rare"]),
        rare_federated=exact_rare(rounds.pairs.items()),
        rare_central_optimum=exact_rare(first["central"]),
        rare_feasible_maximum=len(first["rare"]),
    )
