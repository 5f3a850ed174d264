"""Running every attack and writing down how far it got, beside what is guaranteed."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from node.domain.budget import PER_DRAW_MILLI, YEAR_CAP_MILLI, guarantee
from node.domain.counts import MINOR_GROUPS
from node.domain.noise import TwoSidedGeometric
from node.domain.person import Visibility
from tests.audit import attacks
from tests.audit.attacks import Advantage, Numbers
from tests.audit.invented import MOST, SEEDS, Invented, attacks_on
from tests.audit.probes import told_apart
from tests.audit.program import QUARTERS, TARGET, Simulation, Year

LIMIT = 0.20
FEDERATION = (2_000, 600, 428, 306, 219, 156, 111, 80, 24, 25, 33, 39, 11, 14, 35, 39, 17, 19, 36, 23)
"""Twenty programs: a city, towns, and rural ones."""
_CELL = MINOR_GROUPS.index(TARGET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is done: programs by their number of mentors, years of releases of each, years of noise alone.

    `federation` and `targets`: mentors of each program of a federation, and the places of those that are probed.
    """

    mentors: tuple[int, ...] = (25, 150, 600)
    years: int = 300
    noise_years: int = 20_000
    probes: int = 12
    federation: tuple[int, ...] = FEDERATION
    targets: tuple[int, ...] = (0, 4, 8)


TINY = Size(mentors=(25,), years=6, noise_years=200, probes=2, federation=(40, 12), targets=(0,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Years of releases of one simulated program, with the mentor in question and without."""

    mentors: int
    exact: tuple[int, ...]
    present: list[Year]
    absent: list[Year]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One attack: what it was tried on, how far it got, and what bounds it."""

    attack: str
    program: str
    measured: str
    bound: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Every attack, and the figure that is held to the limit."""

    rows: tuple[Row, ...]
    strongest: Advantage
    exact: float
    invented: tuple[Invented, ...]

    @property
    def holds(self) -> bool:
        """Whether the best attack on a year stays below the limit, and invented mentees confirm no more than a few."""
        few = all(one.holds for one in self.invented)
        return few and self.exact <= LIMIT and self.strongest.value - self.strongest.margin <= LIMIT


def audit(folder: Path, size: Size) -> Audit:
    """Run all of it."""
    stored = [_stored(Simulation(folder, mentors), size.years) for mentors in size.mentors]
    rows = [row for one in stored for row in _on_releases(one)]
    strongest, of_noise = _on_noise(size.noise_years)
    return Audit(
        rows=(*rows, _on_all(stored), *of_noise, *_probing(folder, size.probes)),
        strongest=strongest,
        exact=attacks.exact_advantage(QUARTERS),
        invented=tuple(attacks_on(size.federation, size.targets)),
    )


def _stored(simulation: Simulation, years: int) -> Stored:
    present, absent = (simulation.years(years, present=there) for there in (True, False))
    return Stored(mentors=simulation.mentors, exact=simulation.exact, present=present, absent=absent)


def _on_releases(stored: Stored) -> Iterator[Row]:
    """Attacks on what the product drew, stored and published."""
    with_her, without = _cell(stored.present), _cell(stored.absent)
    of_everything = attacks.learned(_all(stored.present), _all(stored.absent))
    program = f"{stored.mentors} mentors, {_years(stored.present)}"
    year, two = f"{guarantee(YEAR_CAP_MILLI):.3f}", f"{guarantee(2 * PER_DRAW_MILLI):.3f}"
    yield _row("membership, likelihood ratio", program, attacks.likelihood_ratio(with_her, without, 0), year)
    yield _row("membership, learned from her cell", program, attacks.learned(with_her, without), year)
    yield _row("membership, learned from all 356 numbers", program, of_everything, year)
    yield _row("differencing of two quarters", program, attacks.differencing(with_her, without), two)
    guessed, blind = attacks.reconstruction(stored.absent, stored.exact)
    text = f"{guessed:.3f} of the counts exact; {blind:.3f} by saying zero everywhere"
    yield Row(attack="reconstruction from a year", program=program, measured=text, bound="as membership, a mentor")


def _on_all(stored: Sequence[Stored]) -> Row:
    """The optimal attack on every stored year together: its answer does not depend on the size of the program."""
    present = [year for one in stored for year in one.present]
    absent = [year for one in stored for year in one.absent]
    ratio = attacks.likelihood_ratio(_cell(present), _cell(absent), 0)
    program = f"all of these programs, {_years(present)}"
    return _row("membership, likelihood ratio", program, ratio, f"{guarantee(YEAR_CAP_MILLI):.3f}")


def _on_noise(years: int) -> tuple[Advantage, Iterator[Row]]:
    """The same attack on many more years of the product's noise alone, for an interval that is worth something."""
    noise = TwoSidedGeometric(PER_DRAW_MILLI)
    with_her, without = (
        np.array([[there + noise.draw(os.urandom) for _ in range(QUARTERS)] for _ in range(years)], dtype=float)
        for there in (1, 0)
    )
    ratio = attacks.likelihood_ratio(with_her, without, 0)
    program = f"the noise alone, {years:,} years with her and as many without"
    year = f"{guarantee(YEAR_CAP_MILLI):.3f}"
    rows = iter(
        (
            _row("membership, likelihood ratio", program, ratio, year),
            _row("membership, learned from her cell", program, attacks.learned(with_her, without), year),
        )
    )
    return ratio, rows


def _probing(folder: Path, number: int) -> Iterator[Row]:
    occupations = tuple(f"{group}00" for group in MINOR_GROUPS[-number:])
    for level in (Visibility.ONLY_HERE, Visibility.ASK_FIRST, Visibility.MAY_OFFER):
        home = folder / f"probes-{level.value}"
        home.mkdir()
        apart = told_apart(home, occupations, level)
        text = f"{apart} of {number} probes end otherwise where there is a mentor"
        yield Row(
            attack=f"enumeration by probes, mentors of level {level.value}",
            program="a program whose people say nothing; requests lapse",
            measured=text,
            bound="0: silence has one shape",
        )


def _row(attack: str, program: str, advantage: Advantage, bound: str) -> Row:
    return Row(attack=attack, program=program, measured=str(advantage), bound=bound)


def _years(years: Sequence[Year]) -> str:
    return f"{len(years):,} years of stored releases with her and as many without"


def _cell(years: Sequence[Year]) -> Numbers:
    return np.array([[quarter[_CELL] for quarter in year] for year in years], dtype=float)


def _all(years: Sequence[Year]) -> Numbers:
    return np.array([np.concatenate(year) for year in years], dtype=float)


def page(found: Audit) -> str:
    """The page that is kept."""
    table = "\n".join(f"| {row.attack} | {row.program} | {row.measured} | {row.bound} |" for row in found.rows)
    probing = "\n".join(map(_probed, found.invented))
    verdict = "holds" if found.holds else "DOES NOT HOLD"
    return f"""# How far attacks on what is published get

Made by `make audit`; run it again at any time, it draws new noise. The advantage of an attack is its hits less its
false alarms: 0 is a coin, 1 is certainty. The guarantee is tanh(e/2) and holds against every attack, also those nobody
has thought of. Intervals hold the true value 95 times in 100.

A year of releases is four draws of e = {PER_DRAW_MILLI / 1_000}, together e = {YEAR_CAP_MILLI / 1_000}.
The mentor in question is alone in her group of occupations, and the attacker knows every other mentor: the hardest
case.

- Guarantee for a year: {guarantee(YEAR_CAP_MILLI):.3f}. Over several years the costs add up.
- The best possible attack on a year, computed from the distribution itself: **{found.exact:.3f}**.
- The same attack, measured: **{found.strongest}**. Limit: {LIMIT:.2f}; it **{verdict}**.

| attack | on what | advantage measured | guarantee |
|---|---|---|---|
{table}

A few hundred years leave wide intervals; all programs together, and the noise alone, give the narrow ones.

Listed mentors are in no row: every member program reads their line, and they said yes to that.

## A program of invented mentees

It says of itself that so many mentees wait, and asks for rare occupations by name and anonymously, the likeliest first,
for a year. The target's people say yes to whatever fits as often as elsewhere in the simulator, have every place free,
and nobody else asks for them. Rare: at most five mentors of the whole federation share the occupation. Confirmed: the
target offered that mentor; the worse of {len(SEEDS)} plays. What it says of itself counts only as far as the stewards
vouch for it; limit where they do not: {MOST} a year, by decision 17.

| mentors of the target | rare ones | mentees it says | vouched for | confirmed by name | anonymously | together |
|---|---|---|---|---|---|---|
{probing}

The rows with a number under "vouched for" show what a wrong word of the stewards costs: a program of invented mentees
is told as much as an honest one of that size, until a steward pauses it. No rule of the target's could tell the two
apart (decision 17).
"""


def _probed(one: Invented) -> str:
    most = one.most
    cells = (one.mentors, one.rare, f"{one.attested:,}", f"{one.vouched:,}", len(most.by_name), len(most.anonymously))
    return "| " + " | ".join(map(str, (*cells, most.confirmed))) + " |"


def write(path: Path, found: Audit) -> None:
    """Keep the page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(found), "utf-8")
