"""Synthetic federations: programs of uneven size, people with occupations, languages and ways to meet. No real person.

Occupations are those of the product's own table, as often as the frequencies say, bent by where a program lies: every
program has its own mixture of minor groups, rural ones more farming. Half of its mentees follow that mixture, half the
country's. What is assumed is said in docs/simulation.md, which the simulator writes.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from node.domain.community import CommunityId
from node.domain.language import Spoken
from node.domain.matching.bearings import Bearings
from node.domain.matching.pool import Fitting, Pool
from node.domain.matching.rules import PUBLIC
from node.domain.matching.scale import Scale
from node.domain.occupation import Kinship, Nearness, nearness
from node.domain.person import Candidate, OccupationCode, PersonId, Profile, Visibility
from protocol.vocabulary import Mode
from tests.simulation.frequencies import ROOT, Frequencies

START = date(2027, 3, 1)
PER_MENTOR = 3
"""Mentees for each mentor."""
HERITAGE = ("tl", "pa", "uk", "ar", "es", "zh", "hi", "ur", "fa", "am", "pt", "vi")
_LIKENESS = {Nearness.SAME: 1.0, Nearness.MINOR: 0.7, Nearness.SUB_MAJOR: 0.5, Nearness.APART: 0.0}
_SPREAD = {"rural": 1.0, "town": 0.7, "city": 0.3}
_RURAL = {"8": 8.0, "7": 2.5, "2": 0.3}
"""How much more often broad groups are found in a rural program: farming, trades, sciences."""
_CITY, _TOWN = 800, 80
_MEAN_WAIT_WEEKS = 12
_GROUP_SEATS = 6

Weights = npt.NDArray[np.float64]


class RememberingPool(Pool):
    """A pool of people who stay as they are: whoever fits a mentee is found once and not anew each week."""

    def __init__(self, scale: Scale, mentors: Sequence[Candidate]) -> None:
        """Nothing is remembered yet."""
        super().__init__(scale, mentors)
        self._found: dict[Profile, list[Fitting]] = {}

    def allowed(self, mentee: Candidate) -> Iterator[Fitting]:
        """What the product's pool finds."""
        found = self._found.get(mentee.profile)
        if found is None:
            found = self._found[mentee.profile] = list(super().allowed(mentee))
        return iter(found)


@dataclass(frozen=True, kw_only=True)
class Program:
    """One program's people."""

    name: str
    mentors: tuple[Candidate, ...]
    mentees: tuple[Candidate, ...]
    scale: Scale

    @cached_property
    def pool(self) -> Pool:
        """The mentors, read once."""
        return RememberingPool(self.scale, self.mentors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Federation:
    """All programs; one scale of the public rules weighs everybody."""

    programs: tuple[Program, ...]
    scale: Scale


def likeness(one: OccupationCode, other: OccupationCode) -> tuple[float, Kinship]:
    """How alike two occupations are by their place in the classification alone: blocks that share three digits."""
    near = nearness(one, other)
    return _LIKENESS[near], Kinship(near)


def sizes(programs: int, chance: np.random.Generator) -> list[int]:
    """Mentors of each program: a few cities, some towns, and rural programs of 10 to 40 (60 in a large federation)."""
    if programs <= 3:
        return [2_000, 200, 10][-programs:] if programs < 3 else [10, 200, 2_000]
    if programs <= 20:
        rural = max(1, programs * 3 // 5)
        towns = [int(size) for size in np.geomspace(600, 80, programs - rural - 1)]
        return [2_000, *towns, *chance.integers(10, 41, rural).tolist()]
    cities, towns_many = [2_000, 1_200, 800], max(1, programs * 17 // 200)
    rural = programs - len(cities) - towns_many
    return [*cities, *chance.integers(100, 401, towns_many).tolist(), *chance.integers(10, 61, rural).tolist()]


def federation(mentors: Sequence[int], seed: int, frequencies: Frequencies) -> Federation:
    """A federation of programs with so many mentors each; the same seed gives the same people."""
    chance = np.random.default_rng([seed, len(mentors)])
    scale = Scale(PUBLIC, Bearings(today=START, likeness=likeness))
    maker = _Maker(frequencies, chance, scale)
    return Federation(programs=tuple(maker.program(place, size) for place, size in enumerate(mentors)), scale=scale)


def standing(federation: Federation) -> Federation:
    """The same people, of whom every mentor consented beforehand to being offered."""
    return replace(
        federation,
        programs=tuple(
            replace(program, mentors=tuple(map(_consenting, program.mentors))) for program in federation.programs
        ),
    )


def _consenting(mentor: Candidate) -> Candidate:
    return replace(mentor, profile=replace(mentor.profile, visibility=Visibility.MAY_OFFER))


class _Maker:
    """Draws people, one program after the other."""

    def __init__(self, frequencies: Frequencies, chance: np.random.Generator, scale: Scale) -> None:
        self._chance = chance
        self._scale = scale
        self._codes = [code for code in unit_groups() if code in frequencies.working]
        self._working = np.array([frequencies.working[code] for code in self._codes])
        self._arriving = np.array([frequencies.arriving[code] for code in self._codes])
        minors = sorted({code[:3] for code in self._codes})
        self._minors = len(minors)
        self._minor = np.array([minors.index(code[:3]) for code in self._codes])
        self._rural = np.array([_RURAL.get(code[0], 1.0) for code in self._codes])

    def program(self, place: int, mentors: int) -> Program:
        """One program and its people."""
        name = f"p{place:03}"
        kind = "city" if mentors >= _CITY else "town" if mentors >= _TOWN else "rural"
        mixture = self._chance.lognormal(0, _SPREAD[kind], self._minors)[self._minor]
        if kind == "rural":
            mixture = mixture * self._rural
        mentees = mentors * PER_MENTOR
        local = mentees // 2
        sought = [*self._draw(self._arriving * mixture, local), *self._draw(self._arriving, mentees - local)]
        return Program(
            name=name,
            mentors=tuple(
                self._mentor(name, n, code) for n, code in enumerate(self._draw(self._working * mixture, mentors))
            ),
            mentees=tuple(self._mentee(name, n, code) for n, code in enumerate(sought)),
            scale=self._scale,
        )

    def _draw(self, weights: Weights, count: int) -> list[OccupationCode]:
        picked = self._chance.choice(len(self._codes), size=count, p=weights / weights.sum())
        return [OccupationCode(self._codes[place]) for place in picked]

    def _mentor(self, program: str, number: int, code: OccupationCode) -> Candidate:
        chance = self._chance
        spoken = {Spoken("en"), Spoken("fr")} if chance.random() < 0.15 else {Spoken("en")}
        if chance.random() < 0.4:
            spoken.add(Spoken(self._heritage()))
        seats = int(chance.choice((1, 2, 3), p=(0.45, 0.35, 0.20)))
        profile = Profile(
            community=CommunityId(program),
            occupation=code,
            languages=tuple(sorted(spoken)),
            mode=Mode.EITHER if chance.random() < 0.85 else Mode.IN_PERSON,
            seats=seats + (_GROUP_SEATS if chance.random() < 0.04 else 0),
            years_experience=int(chance.integers(3, 31)),
            visibility=Visibility.ASK_FIRST,
        )
        return Candidate(id=PersonId(f"{program}-o{number:04}"), profile=profile)

    def _mentee(self, program: str, number: int, code: OccupationCode) -> Candidate:
        chance = self._chance
        luck = chance.random()
        spoken = {Spoken(self._heritage())}
        if luck < 0.88:
            spoken.add(Spoken("en", int(chance.integers(5, 10))))
        if luck > 0.8:
            spoken.add(Spoken("fr", int(chance.integers(5, 10))))
        weeks = float(chance.exponential(_MEAN_WAIT_WEEKS))
        profile = Profile(
            community=CommunityId(program),
            occupation=code,
            languages=tuple(sorted(spoken)),
            mode=Mode.EITHER if chance.random() < 0.9 else Mode.IN_PERSON,
            years_experience=int(chance.integers(1, 16)),
            waiting_since=START - timedelta(weeks=weeks),
        )
        return Candidate(id=PersonId(f"{program}-e{number:04}"), profile=profile)

    def _heritage(self) -> str:
        """One of twelve languages, the first ones more often."""
        return HERITAGE[min(int(self._chance.exponential(4)), len(HERITAGE) - 1)]


def unit_groups() -> list[str]:
    """The codes of the product's own table."""
    table = ROOT / "node" / "adapters" / "occupations" / "noc2021.tsv"
    return [row["code"] for row in csv.DictReader(table.read_text("utf-8").splitlines(), delimiter="\t")]
