"""Every bench still runs, at a size that measures nothing, and its table keeps what was not run again."""

from pathlib import Path

import pytest

from tests.bench.registry import Bench, Figure, Size
from tests.bench.suite import BENCHES
from tests.bench.table import render

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"


@pytest.mark.parametrize("bench", BENCHES, ids=lambda bench: bench.name)
def test_a_bench_runs_and_hands_back_figures(bench: Bench, tmp_path: Path) -> None:
    figures = bench.run(tmp_path, Size.TINY)
    assert figures
    assert all(figure.what and figure.figure for figure in figures)
    assert all(bool(figure.target) == (figure.met is not None) for figure in figures)


@pytest.mark.parametrize("bench", BENCHES, ids=lambda bench: bench.name)
def test_the_written_table_has_rows_of_every_bench(bench: Bench) -> None:
    assert f"\n| {bench.name} |" in DOCUMENT.read_text("utf-8")


def test_a_run_replaces_its_own_rows_and_keeps_the_others() -> None:
    first = render({"a": [Figure(what="old", figure="1")], "b": [Figure(what="kept", figure="2")]}, ["a", "b"], "")
    second = render({"a": [Figure(what="new", figure="3", ratio=0.456, target="≥ 0.5", met=False)]}, ["a", "b"], first)
    assert "| a | new | 3 | 0.46 | ≥ 0.5 | **no** |\n| b | kept | 2 |  |  |  |\n" in second
    assert "old" not in second
