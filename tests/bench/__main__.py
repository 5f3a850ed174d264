"""`make bench`: runs the benches named, or all of them, and writes their rows into `docs/benchmarks.md`."""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

from federation.ground.logs import configure_logging
from tests.bench.registry import Size
from tests.bench.suite import BENCHES
from tests.bench.table import render

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def main() -> None:
    """Run, say and write."""
    names = [bench.name for bench in BENCHES]
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("bench", nargs="*", choices=[[], *names], help="which benches; all of them if none is named")
    wanted = parser.parse_args().bench or names
    configure_logging(json=False, level=logging.WARNING)
    for bench in BENCHES:
        if bench.name not in wanted:
            continue
        with tempfile.TemporaryDirectory(prefix="mentorweave-bench-") as folder:
            figures = bench.run(Path(folder), Size.FULL)
        for figure in figures:
            ratio = "" if figure.ratio is None else f" ({figure.ratio:.2f})"
            sys.stdout.write(f"{bench.name}: {figure.what}: {figure.figure}{ratio} {figure.target}\n")
            sys.stdout.flush()
        before = DOCUMENT.read_text("utf-8") if DOCUMENT.exists() else ""
        DOCUMENT.write_text(render({bench.name: figures}, names, before), "utf-8")


if __name__ == "__main__":
    main()
