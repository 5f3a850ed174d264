"""The program's people as an abstract assignment problem: who waits, which seats are free, which pairs are possible."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action, Actor
from node.domain.assignment import Offering, Pair, Problem, Waiting
from node.domain.drafts import DraftPair
from node.domain.matching.hard.bonds import Bonds
from node.domain.matching.points import waiting_tier
from node.domain.person import Candidate, Kind, PersonId
from node.services.matching.bench import Bench, Benches
from node.services.ports import OpenWork, UnitOfWork
from node.services.ports.crossing import Met

_LOCAL = "local:"
"""Marks seats that are kept for mentees of the mentor's own community; no id of a person looks like this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posed:
    """A problem without the pinned pairs, these pairs, everybody who waits, and how many seats are for a group."""

    problem: Problem
    pinned: tuple[DraftPair, ...]
    tiers: Mapping[PersonId, int]
    circle_seats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a problem is made of, read in one transaction."""

    bench: Bench
    waiting: tuple[Candidate, ...]
    free: dict[PersonId, int]
    circles: frozenset[PersonId]
    met: tuple[Met, ...]
    bonds: Bonds
    now: datetime

    def kept(self, free: Mapping[PersonId, int], percent: int | None = None) -> dict[PersonId, int]:
        """How many of these free seats are for people of the mentor's own community; as the rules say, or so many."""
        share = self.bench.scale.rules.drafts.local_seats_percent if percent is None else percent
        return {mentor: max(0, count) * share // 100 for mentor, count in free.items()}


def pose(work: UnitOfWork, bench: Bench, now: datetime, *, keep_percent: int = 0) -> Posed:
    """The problem of everybody who waits; `keep_percent` of each mentor's free seats are for her own community."""
    scene = scene_of(work, bench, now)
    tiers = {mentee.id: waiting_tier(mentee.profile.waiting_since, now.date()) for mentee in scene.waiting}
    circle_seats = sum(scene.free[mentor] for mentor in scene.circles)
    pinned = tuple(_pinned(scene, tiers))
    seated = {pair.mentee for pair in pinned}
    for pair in pinned:
        scene.free[pair.mentor] -= 1
    kept = scene.kept(scene.free, keep_percent)
    rest = [mentee for mentee in scene.waiting if mentee.id not in seated]
    problem = Problem(
        mentees=tuple(Waiting(mentee.id, tiers[mentee.id]) for mentee in rest),
        mentors=tuple(_offerings(scene, kept)),
        pairs=tuple(pairs_of(scene, rest, kept)),
    )
    return Posed(problem=problem, pinned=pinned, tiers=tiers, circle_seats=circle_seats)


def person_of(offering: str) -> PersonId:
    """The mentor whose seats these are."""
    return PersonId(offering.removeprefix(_LOCAL))


def kept_of(offering: str) -> str:
    """The seats of the same mentor that are kept for locals."""
    return f"{_LOCAL}{person_of(offering)}"


def scene_of(work: UnitOfWork, bench: Bench, now: datetime) -> Scene:
    """Read it."""
    met = work.mentorships.meetings()
    busy = {meeting.mentee for meeting in met if meeting.active}
    taken = work.seats.taken(now)
    again = bench.scale.rules.limits.same_pair_again
    before = {(meeting.mentee, meeting.mentor) for meeting in met if meeting.mentor is not None and not again}
    return Scene(
        bench=bench,
        waiting=tuple(mentee for mentee in work.people.candidates(Kind.MENTEE) if mentee.id not in busy),
        free={mentor.id: max(0, mentor.profile.places - taken.get(mentor.id, 0)) for mentor in bench.pool.mentors},
        circles=frozenset(mentor.id for mentor in bench.pool.mentors if mentor.profile.carries_circle),
        met=met,
        bonds=Bonds(apart=work.exclusions.all(), pinned=work.pins.all(), before=before),
        now=now,
    )


def _pinned(scene: Scene, tiers: Mapping[PersonId, int]) -> Iterator[DraftPair]:
    """Pinned pairs that no hard rule forbids and that have a seat; where there are more, as in a draft itself."""
    left = dict(scene.free)
    for pair in sorted(_wanted(scene, tiers), key=lambda pair: (pair.tier, -pair.fit, pair.mentee)):
        if left[pair.mentor] > 0:
            left[pair.mentor] -= 1
            yield pair


def _wanted(scene: Scene, tiers: Mapping[PersonId, int]) -> Iterator[DraftPair]:
    """Pinned pairs of people who take part and whom no hard rule keeps apart."""
    scale, mentors = scene.bench.scale, scene.bench.pool.mentors
    waiting = {mentee.id: mentee for mentee in scene.waiting}
    for mentee, mentor in scene.bonds.pinned:
        if mentee in waiting and mentor in scene.free and not scene.bonds.obstacle(mentee, mentor):
            pair = waiting[mentee], mentors[scene.bench.places[mentor]]
            if not scale.obstacles(*pair):
                yield DraftPair(mentee=mentee, mentor=mentor, tier=tiers[mentee], fit=scale.fit(*pair), by_hand=True)


def _offerings(scene: Scene, kept: Mapping[PersonId, int]) -> Iterator[Offering]:
    load, idle = _loads(scene)
    for mentor, free in scene.free.items():
        said = load.get(mentor, 0), idle.get(mentor, 0), mentor in scene.circles
        yield Offering(mentor, free - kept[mentor], *said)
        if kept[mentor]:
            yield Offering(kept_of(mentor), kept[mentor], *said)


def _loads(scene: Scene) -> tuple[dict[PersonId, int], dict[PersonId, int]]:
    """How many mentees each mentor has, and for how many days she has none."""
    load, last = dict[PersonId, int](), dict[PersonId, datetime]()
    for meeting in scene.met:
        if meeting.mentor is None:
            continue
        last[meeting.mentor] = max(last.get(meeting.mentor, meeting.until), meeting.until)
        if meeting.active:
            load[meeting.mentor] = load.get(meeting.mentor, 0) + 1
    idle = {mentor: (scene.now - until).days for mentor, until in last.items() if mentor not in load}
    longest = max(idle.values(), default=0) + 1
    # Who never met anybody is idle longest.
    return load, {mentor: idle.get(mentor, 0 if mentor in load else longest) for mentor in scene.free}


def pairs_of(scene: Scene, mentees: Iterable[Candidate], kept: Mapping[PersonId, int]) -> Iterator[Pair]:
    """Every pair of these mentees that nothing forbids; where seats are kept for locals, those are another offering."""
    pool, bonds = scene.bench.pool, scene.bonds
    decided = bonds.apart | bonds.before
    for mentee in mentees:
        for place, fit in pool.allowed(mentee):
            mentor = pool.mentors[place]
            if (mentee.id, mentor.id) in decided and bonds.obstacle(mentee.id, mentor.id):
                continue
            yield mentee.id, mentor.id, fit
            if kept[mentor.id] and mentor.profile.community == mentee.profile.community:
                yield mentee.id, kept_of(mentor.id), fit


@dataclass(frozen=True, slots=True)
class PoseProblem:
    """Everybody who waits, every free seat, and every pair that no hard rule forbids."""

    reading: OpenWork
    benches: Benches

    def __call__(self, actor: Actor) -> Problem:
        """The program's assignment problem; ids only, nothing that names a person. Pinned pairs are left out."""
        actor.may(Action.MATCH)
        with self.reading() as work:
            return pose(work, self.benches.of(work), self.benches.clock.now()).problem
