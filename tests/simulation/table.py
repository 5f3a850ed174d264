"""The table of `docs/simulation.md`: rows that were played again are replaced, the others stay."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from node.domain.matching.points import Bonuses
from tests.simulation.measure import Result

DOCUMENT = Path(__file__).parents[2] / "docs" / "simulation.md"
_HEAD = """# Matching across programs, simulated

Written by `make simulate` (options: `make simulate SIMULATE='--programs 20 --seed 5'`). Synthetic federations are
played with the product's own decisions (`node/domain/rounds`); the yardstick is one office that knows everybody, solved
exactly for the aim of a draft: the most of the longest waits first, then the best fit (without waiting tiers its fit
would be about 2 % higher, and ratios of fit lower by as much). Targets without bonuses: coverage 0.97, fit 0.95, rare
0.95 at 20 programs, 0.95, 0.93, 0.95 at 200, no program worse off than alone; with 150/100: fit 0.93, and whoever
serves fewer loses at most 5 % in total. What keeps programs from losing, and from all asking for the same few, is
decision 24.

What is assumed: unit groups as often as Canada's occupational projection says, bent by region, rural programs with
more farming; 3 mentees for each mentor; 1 to 3 seats, 4 mentors in 100 with six more for a group; waiting 12 weeks on
average; 80 of 100 mentees speak English, 12 French, 8 both; 15 mentors and 10 mentees in 100 only meet in person. Of
mentors who are asked, 75 in 100 agree; of the others, four in ten never answer. Coordinators take 2 days at the median
and are away one time in twenty for two weeks, mentors take 3 days, mentees 2. Pairs are possible within one group of
three digits. Every mentee speaks English or French, and accepts the mentor she is offered. People are drawn by chance;
so are their answers; the optimum need not ask anybody. A card that came to nothing ends after eight batches, as the
product ends it, and its owner may post one more: 20 weeks in all. The board keeps to its budgets (09-board 9.5), and
stewards vouch for everybody who waits; rows that say `unlimited` (`--unlimited`) show what the budgets cost. Rules were
compared on seeds 11, 12 and 13 of 20 and 66 programs and on seed 11 of 200; those of decision 24 on seed 11 of 20, 66
and 200 and on seeds 2, 101, 102, 105 and 106 of 3, and how many places are given was settled with seed 1 of 200 in
view.

Columns: coverage, fit and rare are ratios to the optimum, alone is the coverage of programs that never ask outside;
once is the coverage after 12 weeks, when everybody's first card is over.
Rare: mentees whose occupation at most five mentors of the federation hold, none at home, who meet one of these.
rare_max: the same, of all that are possible at all. tiers: matches of those who wait over 26 weeks, 13 to 26, less,
each as a ratio. worse: programs that serve fewer of their own than alone, and what these lose together, as a part of
what these together serve alone. Messages per mentee; questions per mentor and the most that one mentor was asked.
Rows of standing consent (`--standing`): every mentor consented beforehand, so that only coordinators are asked;
deferred: coverage, fit and rare of these rounds, each as a ratio to what federated deferred acceptance reaches by
machine among the same people.

"""
_COLUMNS = (
    "| programs | seed | bonuses | alone | once | coverage | fit | rare | rare_max | tiers | worse | messages "
    "| questions | deferred |\n" + "|---" * 14 + "|\n"
)
_STANDING = ", standing"
_UNLIMITED = ", unlimited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One federation under one set of bonuses."""

    programs: int
    seed: int
    bonuses: Bonuses
    limited: bool
    alone: float
    result: Result
    deferred: Result | None = None
    """What deferred acceptance reaches, where every mentor consented beforehand."""


def row(line: Line) -> str:
    """A line of the table."""
    found = line.result
    tiers = " / ".join(f"{share:.2f}" for share in found.by_tier)
    worse = f"{found.worse_off} (-{100 * found.loss:.1f} %)" if found.worse_off else "0"
    return (
        f"{_start(line)} {line.alone:.3f} | {found.once:.3f} | {found.coverage:.3f} | {found.fit:.3f} | "
        f"{found.rare:.2f} | {found.rare_max:.2f} | {tiers} | {worse} | {found.messages:.2f} | "
        f"{found.questions:.2f}, most {found.most_questions} | {_deferred(line)} |"
    )


def render(lines: Iterable[Line], before: str) -> str:
    """The document with these lines, and the others as they were."""
    kept = {_key(text): text for text in before.splitlines() if text.startswith("| ") and text[2].isdigit()}
    fresh = {_key(row(line)): row(line) for line in lines}
    rows = sorted((kept | fresh).items())
    return _HEAD + _COLUMNS + "".join(f"{text}\n" for _, text in rows)


def _deferred(line: Line) -> str:
    """What the rounds reach of what deferred acceptance does."""
    other, ours = line.deferred, line.result
    if other is None:
        return ""
    pairs = (ours.coverage, other.coverage), (ours.fit, other.fit), (ours.rare, other.rare)
    return " / ".join(f"{found / best:.3f}" if best else "-" for found, best in pairs)


def _start(line: Line) -> str:
    bonuses = f"{line.bonuses.per_tier}/{line.bonuses.no_exact_mentor}"
    how = (_STANDING if line.deferred else "") + ("" if line.limited else _UNLIMITED)
    return f"| {line.programs} | {line.seed} | {bonuses}{how} |"


def _key(text: str) -> tuple[bool, bool, int, int, int]:
    cells = [cell.strip() for cell in text.split("|")]
    return _STANDING in cells[3], _UNLIMITED in cells[3], int(cells[1]), int(cells[2]), int(cells[3].partition("/")[0])
