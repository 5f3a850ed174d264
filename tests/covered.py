"""How much of the code the tests reach: every line and branch of the protocol and of every domain, 95 percent of all.

Reads what slipcover measured: `python -m tests.covered FILE`. Ends with 1, naming the lines, where it is less.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path, PurePath

LEAST_PERCENT = 95


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One file: how many lines and branches were reached, and which were not, as `12` or `12->15` (0: the end)."""

    path: str
    reached: int
    missed: tuple[str, ...]


def read(text: str) -> tuple[Reached, ...]:
    """Every file of a measurement, in the order of their paths."""
    return tuple(
        Reached(
            path=path,
            reached=len(found["executed_lines"]) + len(found["executed_branches"]),
            missed=(
                *(str(line) for line in found["missing_lines"]),
                *(f"{start}->{end}" for start, end in found["missing_branches"]),
            ),
        )
        for path, found in sorted(json.loads(text)["files"].items())
    )


def is_whole(path: str) -> bool:
    """Whether nothing of this file may stay unreached."""
    return PurePath(path).parts[0] == "protocol" or "domain" in PurePath(path).parts[:-1]


def percent(files: tuple[Reached, ...]) -> float:
    """How much of them all was reached."""
    reached, missed = sum(one.reached for one in files), sum(len(one.missed) for one in files)
    return 100 * reached / (reached + missed)


def failures(files: tuple[Reached, ...]) -> tuple[str, ...]:
    """What is less than it must be, a line each; empty where all is well."""
    holes = tuple(f"{one.path}: {', '.join(one.missed)}" for one in files if one.missed and is_whole(one.path))
    if percent(files) >= LEAST_PERCENT:
        return holes
    return (*holes, *(f"{one.path}: {len(one.missed)} missed" for one in files if one.missed))


def main() -> int:
    """See the module."""
    files = read(Path(sys.argv[1]).read_text(encoding="utf-8"))
    found = failures(files)
    sys.stdout.write(
        "".join(f"{line}\n" for line in (*found, f"coverage: {percent(files):.1f} % of {len(files)} files"))
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
