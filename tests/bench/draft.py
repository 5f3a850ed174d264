"""Exact drafts of programs of three sizes, as a command, against OR-tools' minimum-cost flow and greedy on one file."""

import json
import random
import subprocess
import sys
import time
from pathlib import Path

from node.cli.assigning import read_problem
from node.domain.assignment import greedy
from tests.bench.registry import Figure, Size, median
from tests.bench.servers import ROOT, SCRIPTS

TIMES = 1.5
PAIRS = 30
SIZES = ((200, 50), (2_000, 500), (20_000, 5_000))


def run(folder: Path, size: Size) -> list[Figure]:
    """See the module."""
    sizes, rounds = (SIZES, 3) if size is Size.FULL else (((20, 5),), 1)
    return [
        figure for mentees, mentors in sizes for figure in _draft(folder / f"{mentees}.json", mentees, mentors, rounds)
    ]


def _draft(problem: Path, mentees: int, mentors: int, rounds: int) -> list[Figure]:
    problem.write_text(json.dumps(_problem(mentees, mentors)))
    ours = [str(SCRIPTS / "mentorweave"), "match", "solve", "--problem", str(problem), "--json"]
    theirs = [sys.executable, "-m", "tests.bench.min_cost_flow", str(problem)]
    pairs = [(_timed(ours), _timed(theirs)) for _ in range(rounds)]
    seconds, reference = (median([pair[side][0] for pair in pairs]) for side in (0, 1))
    read = read_problem(problem.read_bytes())
    best = read.assess((mentee, mentor) for mentee, mentor in json.loads(pairs[0][0][1])["assignment"])
    assert [best.matched, best.fit] == json.loads(pairs[0][1][1]), "both solve the same problem"
    simple = greedy(read)
    ratio, large = seconds / reference, mentees == SIZES[-1][0]
    program = f"{mentees} mentees, {mentors} mentors, {PAIRS} pairs each"
    return [
        Figure(
            what=f"exact draft, {program}; OR-tools {reference:.1f} s",
            figure=f"{seconds:.1f} s",
            ratio=ratio,
            target=f"≤ {TIMES} of OR-tools" if large else "",
            met=ratio <= TIMES if large else None,
        ),
        Figure(
            what=f"one mentee after the other (greedy), {program}: of the {best.matched} served and of their fit",
            figure=f"{simple.matched / best.matched:.1%}, {simple.fit / best.fit:.1%}",
        ),
    ]


def _problem(mentees: int, mentors: int) -> dict[str, object]:
    draw = random.Random(20_270_301)
    names = [f"mentor-{number}" for number in range(mentors)]
    return {
        "mentees": [{"id": f"mentee-{number}", "tier": 0} for number in range(mentees)],
        "mentors": [{"id": name, "seats": draw.randint(1, 3)} for name in names],
        "pairs": [
            (f"mentee-{number}", name, draw.randint(1, 1_000))
            for number in range(mentees)
            for name in draw.sample(names, min(PAIRS, mentors))
        ],
    }


def _timed(command: list[str]) -> tuple[float, bytes]:
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - start, done.stdout
