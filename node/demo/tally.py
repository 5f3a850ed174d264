"""What the federation is worth to these people: coverage and rare matches, counted with the node's own matching.

Everybody is pooled into one folder that exists for this count alone. `mentorweave match problem` says which pairs are
possible, `mentorweave match solve` answers each question exactly; here the questions are put together:

- local only: pairs within one program;
- federated: after that, those who are left and agreed to be asked for elsewhere, and the seats left of listed mentors;
- central optimum: every pair, as if all people belonged to one program.

Rare: a mentee with whose occupation nobody at home has a seat. Only mentors of exactly her occupation count for these.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from node.demo.processes import Answer

Pair = tuple[str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the spreadsheets say of one person of the pool."""

    program: str
    occupation: str
    reachable: bool
    """A mentee who agreed to be asked for elsewhere; a mentor who is listed."""


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

    def solve(self, questions: Mapping[str, tuple[Iterable[Pair], Counter[str]]]) -> dict[str, list[tuple[str, str]]]:
        """Answer several questions about the same people at once: each has seats of its own, so none touches another.

        `questions`: for each, the pairs that are possible and the seats already taken.
        """
        document: dict[str, list[object]] = {"mentees": [], "mentors": [], "pairs": []}
        for name, (pairs, taken) in questions.items():
            document["mentees"] += [{"id": f"{name}/{m}", "tier": tier} for m, tier in self.tiers.items()]
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

    def rare(self) -> set[str]:
        """Mentees for whose occupation nobody at home has a seat."""
        at_home = {(self.known[m].program, self.known[m].occupation) for m, free in self.seats.items() if free}
        return {m for m in self.tiers if (self.known[m].program, self.known[m].occupation) not in at_home}


def tally(problem: Answer, known: Mapping[str, Known], solve: Callable[[bytes], Answer]) -> Tally:
    """Count. `problem`: what `match problem` says of the pool; `solve`: asks `match solve` about a problem file."""
    pool = _Pool(problem, known, solve)
    rare = pool.rare()
    everyone, free = len(pool.tiers), Counter[str]()
    rare_pairs = [pair for pair in pool.pairs if pair[0] in rare and pool.exact(pair[0], pair[1])]
    first = pool.solve(
        {
            "local": ([pair for pair in pool.pairs if pool.same_program(pair[0], pair[1])], free),
            "central": (pool.pairs, free),
            "rare": (rare_pairs, free),
        }
    )
    local, central = first["local"], first["central"]
    taken, served = Counter(mentor for _, mentor in local), {mentee for mentee, _ in local}
    left = [pair for pair in pool.pairs if pair[0] not in served and not pool.same_program(pair[0], pair[1])]
    reachable = [pair for pair in left if known[pair[0]].reachable and known[pair[1]].reachable]
    rare_left = [pair for pair in rare_pairs if pair[0] not in served]
    then = pool.solve({"across": (reachable, taken), "rare": (rare_left, taken)})
    across = then["across"]

    def exact_rare(pairs: Iterable[tuple[str, str]]) -> int:
        return sum(mentee in rare and pool.exact(mentee, mentor) for mentee, mentor in pairs)

    return Tally(
        local_only=round(len(local) / everyone, 4),
        federated=round((len(local) + len(across)) / everyone, 4),
        central_optimum=round(len(central) / everyone, 4),
        rare_local_first=len(then["rare"]),
        rare_federated=exact_rare(across),
        rare_central_optimum=exact_rare(central),
        rare_feasible_maximum=len(first["rare"]),
    )
