"""Search and likeness of occupations: scores on development rows that lie beside the project, and times.

Without such rows only the times are taken. A title counts as found when one of its accepted codes is. Likeness is
scored a group: how often a related one is nearer than another (AUC), and the share of its relatives in the first ten.
"""

import csv
import time
from collections import defaultdict
from pathlib import Path

from node.adapters.occupations.table import OccupationTable
from node.domain.person import OccupationCode
from tests.bench.registry import Figure, Size, median

DATA = next(Path(__file__).parents[2].parent.glob("*/data/dev/A_title_to_noc_dev.csv"), None)
TYPED = ("civil enginer", "RN", "infirmiere auxiliaire", "truck driver", "marketing", "comptable agréé")
ALL = 516


def run(folder: Path, size: Size) -> list[Figure]:
    """See the module."""
    figures = _times(size)
    if DATA is None or size is Size.TINY:
        return figures
    official = DATA.parent.parent
    start = time.perf_counter()
    OccupationTable().load(folder, [official / "noc2021", official / "oasis2023"])
    loading = Figure(what="official files loaded", figure=f"{time.perf_counter() - start:.1f} s")
    own, loaded = OccupationTable(), OccupationTable(folder)
    return [
        *figures,
        loading,
        *_found("embedded", own, DATA, (0.55, 0.75)),
        *_found("official files", loaded, DATA, (0.65, 0.84)),
        *_alike("embedded", own, DATA.with_name("B_related_noc_dev.csv"), None),
        *_alike("official files", loaded, DATA.with_name("B_related_noc_dev.csv"), (0.94, 0.45)),
    ]


def _times(size: Size) -> list[Figure]:
    table, start = OccupationTable(), time.perf_counter()
    table.search(TYPED[0], 5)
    first, spent = time.perf_counter() - start, []
    for _ in range(size.pick(20, 1)):
        for typed in TYPED:
            start = time.perf_counter()
            table.search(typed, 5)
            spent.append((time.perf_counter() - start) * 1000)
    return [
        Figure(what="first search, index built", figure=f"{first:.2f} s"),
        Figure(what="a search", figure=f"{median(spent):.1f} ms", target="≤ 5 ms", met=median(spent) <= 5),
    ]


def _found(name: str, table: OccupationTable, rows: Path, least: tuple[float, float]) -> list[Figure]:
    ranks = []
    for row in _read(rows):
        accepted = row["noc_accepted"].split("|")
        codes = [group.code for group, _ in table.search(row["title"], 5)]
        ranks.append(next((rank for rank, code in enumerate(codes) if code in accepted), 5))
    shares = [sum(rank < top for rank in ranks) / len(ranks) for top in (1, 5)]
    return [
        _score(f"titles found, {name}: top {top}", share, wanted)
        for top, share, wanted in zip((1, 5), shares, least, strict=True)
    ]


def _alike(name: str, table: OccupationTable, rows: Path, least: tuple[float, float] | None) -> list[Figure]:
    related: dict[str, set[str]] = defaultdict(set)
    ignored: dict[str, set[str]] = defaultdict(set)
    for row in _read(rows):
        counts = row["relevance"] != "1" and row["shares_onet_code"] == "0"
        (related if counts else ignored)[row["noc"]].add(row["related_noc"])
    areas, recalls = [], []
    for code, wanted in related.items():
        ranked = [group.code for group, _ in table.similar(OccupationCode(code), ALL)]
        kept = [other in wanted for other in ranked if other not in ignored[code]]
        above = sum(kept[:place].count(True) for place, is_related in enumerate(kept) if not is_related)
        areas.append(above / (kept.count(True) * kept.count(False)))
        recalls.append(kept[:10].count(True) / kept.count(True))
    values = [sum(areas) / len(areas), sum(recalls) / len(recalls)]
    return [
        _score(f"likeness, {name}: {what}", value, wanted)
        for what, value, wanted in zip(("AUC", "recall at 10"), values, least or (None, None), strict=True)
    ]


def _score(what: str, value: float, least: float | None) -> Figure:
    if least is None:
        return Figure(what=what, figure=f"{value:.3f}")
    return Figure(what=what, figure=f"{value:.3f}", target=f"≥ {least}", met=value >= least)


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))
