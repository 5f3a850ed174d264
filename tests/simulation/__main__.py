"""`make simulate`: plays federations with the product's own decisions, and writes docs/simulation.md.

Options: `--programs 3,20,200`, `--seed 1,2`, `--bonuses none|usual|both`, `--order local-first`, `--frequencies FILE`;
`--unvouched 4`: programs nobody vouches for, by their place (of 20, 0 is the city, 4 a town of 219 mentors);
`--unlimited`: as if the board took any number of cards from a program (9.5);
`--standing`: every mentor consented beforehand, and the rounds are compared with federated deferred acceptance.
The page is written only by a run of the usual order over official frequencies; others are shown and not written.
"""

import argparse
import sys
from dataclasses import dataclass
from itertools import product

import numpy as np

from node.domain.matching.points import NO_BONUSES, USUAL, Bonuses
from tests.simulation.deferred import deferred_acceptance
from tests.simulation.frequencies import NoFrequenciesError, named
from tests.simulation.measure import Yardstick
from tests.simulation.people import federation, sizes, standing
from tests.simulation.table import DOCUMENT, Line, render, row
from tests.simulation.weeks import Order, Outcome, Terms, play

_BONUSES = {"none": (NO_BONUSES,), "usual": (USUAL,), "both": (NO_BONUSES, USUAL)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person asked for."""

    programs: tuple[int, ...]
    seeds: tuple[int, ...]
    bonuses: tuple[Bonuses, ...]
    order: Order
    frequencies: str | None
    standing: bool
    unvouched: frozenset[int]
    limited: bool

    @property
    def usual(self) -> bool:
        """Whether the page may be written from it."""
        return self.order is Order.BOARD_FIRST and self.frequencies != "demo" and not self.unvouched


def main() -> None:
    """Play, say and write."""
    wanted = _wanted()
    try:
        found = named(wanted.frequencies)
    except NoFrequenciesError as missing:
        sys.exit(str(missing))
    for programs, seed in product(wanted.programs, wanted.seeds):
        people = federation(sizes(programs, np.random.default_rng(seed)), seed, found)
        if wanted.standing:
            people = standing(people)
        yardstick = Yardstick(people)
        for bonuses in wanted.bonuses:
            terms = Terms(
                seed=seed, bonuses=bonuses, order=wanted.order, unvouched=wanted.unvouched, limited=wanted.limited
            )
            outcome = play(people, terms)
            line = Line(
                programs=programs,
                seed=seed,
                bonuses=bonuses,
                limited=wanted.limited,
                alone=yardstick.alone,
                result=yardstick.measure(outcome),
                deferred=yardstick.measure(Outcome(matches=deferred_acceptance(people, bonuses)))
                if wanted.standing
                else None,
            )
            _say(line, write=wanted.usual)


def _say(line: Line, *, write: bool) -> None:
    """Show a line, and put it on the page at once: large federations take long."""
    sys.stdout.write(row(line) + "\n")
    sys.stdout.flush()
    if write:
        before = DOCUMENT.read_text("utf-8") if DOCUMENT.exists() else ""
        DOCUMENT.write_text(render([line], before), "utf-8")


def _wanted() -> Wanted:
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--programs", default="3,20,200", help="how many programs; several with commas")
    parser.add_argument("--seed", default="1,2", help="whole numbers; several with commas")
    parser.add_argument("--bonuses", choices=_BONUSES, default="both")
    parser.add_argument("--order", choices=[order.value for order in Order], default=Order.BOARD_FIRST.value)
    parser.add_argument("--standing", action="store_true", help="compare with deferred acceptance")
    parser.add_argument("--frequencies", help="the official file, or `demo` for the small table of the demo")
    parser.add_argument("--unlimited", action="store_true", help="as if the board had no budgets")
    parser.add_argument("--unvouched", default="", help="places of programs that post no cards; several with commas")
    found = parser.parse_args()
    return Wanted(
        programs=tuple(int(number) for number in found.programs.split(",")),
        seeds=tuple(int(number) for number in found.seed.split(",")),
        bonuses=_BONUSES[found.bonuses],
        order=Order(found.order),
        frequencies=found.frequencies,
        standing=found.standing,
        unvouched=frozenset(int(place) for place in found.unvouched.split(",") if place),
        limited=not found.unlimited,
    )


if __name__ == "__main__":
    main()
