"""Search and likeness of occupations: scores on development rows that lie beside the project, and times.

Without such rows only the times are taken. A title counts as found when one of its accepted codes is. Likeness is
scored a group: how often a related one is nearer than another (AUC), and the share of its relatives in the first ten.
"Held out" is the same with weights that never saw the row's own code: what titles and groups of other codes can expect.
"""

import csv
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from node.adapters.occupations import likeness
from node.adapters.occupations.index import WEIGHTS
from node.adapters.occupations.official import read_official
from node.adapters.occupations.table import OccupationTable
from node.domain.person import OccupationCode
from tests.bench import held_out
from tests.bench.held_out import Values
from tests.bench.registry import Figure, Size, median

DATA = next(Path(__file__).parents[2].parent.glob("*/data/dev/A_title_to_noc_dev.csv"), None)
TYPED = ("civil enginer", "RN", "infirmiere auxiliaire", "truck driver", "marketing", "comptable agréé")
ALL = 516


def run(folder: Path, size: Size) -> list[Figure]:
    """See the module."""
    figures = _times(size)
    if DATA is None or size is Size.TINY:
        return figures
    official = [DATA.parent.parent / "noc2021", DATA.parent.parent / "oasis2023"]
    start = time.perf_counter()
    OccupationTable().load(folder, official)
    loading = Figure(what="official files loaded", figure=f"{time.perf_counter() - start:.1f} s")
    own, loaded = OccupationTable(), OccupationTable(folder)
    return [
        *figures,
        loading,
        *_found("embedded", own, DATA, (0.55, 0.75)),
        *_found("official files", loaded, DATA, (0.65, 0.84)),
        *_alike("embedded", own, DATA.with_name("B_related_noc_dev.csv"), None),
        *_alike("official files", loaded, DATA.with_name("B_related_noc_dev.csv"), (0.94, 0.45)),
        *_held_out(loaded, DATA),
        *_alike_held_out(official, DATA.with_name("B_related_noc_dev.csv")),
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


def _held_out(table: OccupationTable, rows: Path) -> list[Figure]:
    index, codes = table._index, list(table._groups)  # noqa: SLF001 - the signals, which no command shows
    read, width = _read(rows), len(WEIGHTS)
    found = [index.signals(row["title"]) for row in read]
    signals = np.stack([one if len(one) else np.zeros((width, ALL), np.float32) for one in found]).transpose(0, 2, 1)
    right = np.array([[code in row["noc_accepted"].split("|") for code in codes] for row in read])
    asked = held_out.Asked(
        codes=[row["noc_primary"] for row in read],
        signals=signals[:, :, :-1].astype(float),
        right=right,
        counts=np.ones_like(right),
        given=signals[:, :, -1].astype(float) * WEIGHTS[-1],
    )
    shares = []
    for points in held_out.titles(asked):
        above = (points > np.where(right, points, -np.inf).max(axis=1, keepdims=True)).sum(axis=1)
        shares.append([(above < top).mean() for top in (1, 5)])
    return [
        _score(f"titles found, official files, held out: top {top}", float(share), None)
        for top, share in zip((1, 5), np.mean(shares, axis=0), strict=True)
    ]


def _alike(name: str, table: OccupationTable, rows: Path, least: tuple[float, float] | None) -> list[Figure]:
    codes = list(table._groups)  # noqa: SLF001 - every code
    values: dict[str, Values] = {}
    for code in codes:
        found = {group.code: value for group, value in table.similar(code, ALL)}
        values[code] = np.array([found.get(other, 1.0) for other in codes])
    return _two_scores(f"likeness, {name}", _likeness_scores(codes, _relatives(rows), values), least)


def _alike_held_out(official: list[Path], rows: Path) -> list[Figure]:
    table = OccupationTable()
    codes = list(table._groups)  # noqa: SLF001 - every code
    files = read_official(official, {code: group.title_en for code, group in table._groups.items()})  # noqa: SLF001 - as above
    signals = likeness.signals(table._described(files)).transpose(1, 2, 0)  # noqa: SLF001 - what no command shows
    relatives = _relatives(rows)
    at = [codes.index(OccupationCode(code)) for code in relatives]
    right = np.array([[other in found.wanted for other in codes] for found in relatives.values()])
    counts = np.array(
        [[other not in found.ignored and other != code for other in codes] for code, found in relatives.items()]
    )
    asked = held_out.Asked(
        codes=list(relatives),
        signals=signals[at],
        right=right,
        counts=counts,
        given=np.zeros_like(right, dtype=float),
    )
    scores = [
        _likeness_scores(codes, relatives, dict(zip(relatives, points, strict=True)))
        for points in held_out.likeness(asked)
    ]
    return _two_scores("likeness, official files, held out", np.mean(scores, axis=0), None)


class _Relatives(NamedTuple):
    wanted: set[str]
    ignored: set[str]


def _relatives(rows: Path) -> dict[str, _Relatives]:
    """Those of each group that has any."""
    found: dict[str, _Relatives] = defaultdict(lambda: _Relatives(set(), set()))
    for row in _read(rows):
        counts = row["relevance"] != "1" and row["shares_onet_code"] == "0"
        (found[row["noc"]].wanted if counts else found[row["noc"]].ignored).add(row["related_noc"])
    return {code: relatives for code, relatives in found.items() if relatives.wanted}


def _likeness_scores(
    codes: Sequence[str], relatives: Mapping[str, _Relatives], values: Mapping[str, Values]
) -> tuple[float, float]:
    areas, recalls = [], []
    for code, (wanted, ignored) in relatives.items():
        ranked = sorted(zip(-values[code], codes, strict=True))
        kept = [other in wanted for _, other in ranked if other not in ignored and other != code]
        above = sum(kept[:place].count(True) for place, is_related in enumerate(kept) if not is_related)
        areas.append(above / (kept.count(True) * kept.count(False)))
        recalls.append(kept[:10].count(True) / kept.count(True))
    return sum(areas) / len(areas), sum(recalls) / len(recalls)


def _two_scores(what: str, values: Sequence[float], least: tuple[float, float] | None) -> list[Figure]:
    return [
        _score(f"{what}: {kind}", float(value), wanted)
        for kind, value, wanted in zip(("AUC", "recall at 10"), values, least or (None, None), strict=True)
    ]


def _score(what: str, value: float, least: float | None) -> Figure:
    if least is None:
        return Figure(what=what, figure=f"{value:.3f}")
    return Figure(what=what, figure=f"{value:.3f}", target=f"≥ {least}", met=value >= least)


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))
