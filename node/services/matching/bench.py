"""The program's mentors, read once and kept in memory as long as they and the rules stay the same.

Only codes and numbers are held here; nothing that names a person is opened to rank her.
"""

import gc
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from node.domain.matching.bearings import Bearings
from node.domain.matching.finding import Obstacle
from node.domain.matching.hard.bonds import Bonds
from node.domain.matching.pool import Pool
from node.domain.matching.rules import Rules
from node.domain.matching.scale import Scale
from node.domain.person import Candidate, Kind, PersonId
from node.services.latest import Latest
from node.services.ports import Clock, UnitOfWork
from node.services.ports.matching import Atlas, RuleBook
from node.services.ports.occupations import Occupations

_MANY = 1_000
_LIKENESSES = 100_000
"""Pairs of occupations whose likeness is remembered: a program rarely has so many."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Everybody's traits under one set of rules on one day."""

    scale: Scale
    pool: Pool
    places: Mapping[PersonId, int]
    seats: tuple[int, ...]


class Benches:
    """Makes benches, and keeps the last one."""

    def __init__(self, *, occupations: Occupations, atlas: Atlas, rules: RuleBook, clock: Clock, zone: str) -> None:
        """`zone` is the time zone of people who named none and live in a community that is not on the map."""
        self.occupations = occupations
        self.rules = rules
        self.clock = clock
        self._atlas = atlas
        self._zone = zone
        self._likeness = lru_cache(maxsize=_LIKENESSES)(occupations.similarity)
        self._latest = Latest[Bench]()

    def of(self, work: UnitOfWork) -> Bench:
        """The program's mentors under the rules in force."""
        rules, today = self.rules.read(), self.clock.now().date()
        stamp = work.people.stamp(Kind.MENTOR)
        return self._latest.of((stamp, rules, today), lambda: _settled(self.under(work, rules)))

    def under(self, work: UnitOfWork, rules: Rules) -> Bench:
        """The program's mentors under other rules."""
        region = work.programs.get().region
        spots = ((place.id, self._atlas.locate(place.name, region)) for place in work.communities.all())
        bearings = Bearings(
            today=self.clock.now().date(),
            likeness=self._likeness,
            spots={place: spot for place, spot in spots if spot is not None},
            zone=self._zone,
        )
        pool = Pool(Scale(rules, bearings), work.people.candidates(Kind.MENTOR))
        places = {mentor.id: place for place, mentor in enumerate(pool.mentors)}
        return Bench(pool.scale, pool, places, tuple(mentor.profile.places for mentor in pool.mentors))


def _settled(bench: Bench) -> Bench:
    """Spare pages the search for garbage among thousands of mentors who stay: whoever met it would wait for it."""
    if len(bench.seats) >= _MANY:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
    return bench


_SEAT, _EXCLUDED, _BEFORE, _AWAY = 1 << 8, 1 << 9, 1 << 10, 1 << 11
"""Obstacles beyond the traits of two people, as bits after those of the hard rules."""
_BEYOND = {
    Obstacle.SEAT: _SEAT,
    Obstacle.EXCLUDED: _EXCLUDED,
    Obstacle.BEFORE: _BEFORE,
    Obstacle.AWAY: _AWAY,
}


@dataclass(frozen=True, slots=True)
class Situation:
    """How every mentor of a bench stands to one mentee: the bits of all obstacles, and free seats, by place."""

    bench: Bench
    bits: list[int]
    free: list[int]

    def obstacles(self, place: int) -> tuple[Obstacle, ...]:
        """What keeps the mentor of this place away."""
        bits = self.bits[place]
        return (*self.bench.scale.named(bits), *(rule for rule, bit in _BEYOND.items() if bits & bit))

    def alone(self, obstacle: Obstacle) -> int:
        """How many mentors this obstacle alone keeps away."""
        bit = _BEYOND.get(obstacle) or self.bench.scale.bit(obstacle)
        return self.bits.count(bit)


def free_seats(work: UnitOfWork, bench: Bench, at: datetime) -> list[int]:
    """How many seats of every mentor of a bench are neither promised nor taken, by place."""
    free = list(bench.seats)
    for person, count in work.seats.taken(at).items():
        if person in bench.places:
            free[bench.places[person]] = max(0, free[bench.places[person]] - count)
    return free


def situation(work: UnitOfWork, bench: Bench, mentee: Candidate, clock: Clock) -> Situation:
    """How a mentee stands to every mentor now."""
    free = free_seats(work, bench, clock.now())
    bits = [bit | (0 if seats else _SEAT) for bit, seats in zip(bench.pool.forbidden(mentee), free, strict=True)]
    bonds = bonds_of(work, mentee.id, again=bench.scale.rules.limits.same_pair_again)
    for _, mentor in bonds.apart | bonds.before:
        obstacle = bonds.obstacle(mentee.id, mentor)
        if obstacle is not None and mentor in bench.places:
            bits[bench.places[mentor]] |= _BEYOND[obstacle]
    if not mentee.taking_part:
        bits = [bit | _AWAY for bit in bits]
    return Situation(bench, bits, free)


def bonds_of(work: UnitOfWork, mentee: PersonId, *, again: bool) -> Bonds:
    """What was decided about a mentee's pairs; with `again` two who met before may be suggested again."""
    met = () if again else work.mentorships.met(mentee)
    return Bonds(
        apart={(mentee, mentor) for mentor in work.exclusions.of(mentee)},
        pinned={pair for pair in work.pins.all() if pair[0] == mentee},
        before={(mentee, mentor) for mentor in met},
    )
