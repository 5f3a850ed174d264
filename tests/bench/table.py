"""The table of `docs/benchmarks.md`: rows of benches that were run are replaced, the others stay."""

import os
import platform
from collections.abc import Mapping, Sequence

from tests.bench.registry import Figure

_HEAD = """# Benchmarks

Written by `make bench` (one bench: `make bench BENCH=roster`). Ratios compare two things measured in the same run,
in turns; absolute figures belong to the machine and to what else it did. What is not met is said.
"""
_COLUMNS = "| bench | what | figure | ratio | target | met |\n|---|---|---|---|---|---|\n"


def render(found: Mapping[str, Sequence[Figure]], order: Sequence[str], before: str) -> str:
    """The document with the figures of `found`, and for the other benches the rows it had `before`."""
    kept = {name: [line for line in before.splitlines() if line.startswith(f"| {name} |")] for name in order}
    fresh = {name: [_row(name, figure) for figure in figures] for name, figures in found.items()}
    rows = [row for name in order for row in fresh.get(name, kept[name])]
    machine = f"Machine of the last run: {os.cpu_count()} cores, Python {platform.python_version()}.\n"
    return f"{_HEAD}\n{machine}\n{_COLUMNS}" + "\n".join(rows) + "\n"


def _row(name: str, figure: Figure) -> str:
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    met = {True: "yes", False: "**no**", None: ""}[figure.met]
    return f"| {name} | {figure.what} | {figure.figure} | {ratio} | {figure.target} | {met} |"
