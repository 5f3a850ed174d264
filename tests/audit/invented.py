"""A program of invented mentees in the simulator: how many rare mentors of a target it confirms in a year."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.simulation.frequencies import Frequencies, NoFrequenciesError, demo, named
from tests.simulation.people import federation
from tests.simulation.probing import Attack, Gained, probe

SEEDS = (1, 2)
ATTESTED = (30, 300, 3_000)
_SEED = 1
MOST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """One attack, played with several answers of the target's people; `most` is the worst of them."""

    mentors: int
    rare: int
    attested: int
    vouched: int
    most: Gained

    @property
    def holds(self) -> bool:
        """Whether an attacker for whom nobody vouches stays within the limit."""
        return self.vouched > 0 or self.most.confirmed <= MOST


def attacks_on(sizes: tuple[int, ...], targets: tuple[int, ...]) -> Iterator[Invented]:
    """Each target of a federation of programs of these sizes, for every number that an attacker says of itself."""
    found = _frequencies()
    people = federation(sizes, _SEED, found)
    for target in targets:
        believed = [(ATTESTED[-1], vouched) for vouched in ATTESTED]
        for attested, vouched in (*((attested, 0) for attested in ATTESTED), *believed):
            gained = [
                probe(people, found, Attack(target=target, attested=attested, vouched=vouched, seed=seed))
                for seed in SEEDS
            ]
            yield Invented(
                mentors=sizes[target],
                rare=gained[0].rare,
                attested=attested,
                vouched=vouched,
                most=max(gained, key=lambda one: one.confirmed),
            )


def _frequencies() -> Frequencies:
    try:
        return named(None)
    except NoFrequenciesError:
        return demo()
