"""The exact draft of a large program, as a command, against OR-tools' minimum-cost flow on the same file."""

import json
import random
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.registry import Figure, Size, median
from tests.bench.servers import ROOT, SCRIPTS

TIMES = 1.5
PAIRS = 30


def run(folder: Path, size: Size) -> list[Figure]:
    """See the module."""
    mentees, mentors, rounds = size.pick(20_000, 20), size.pick(5_000, 5), size.pick(3, 1)
    problem = folder / "problem.json"
    problem.write_text(json.dumps(_problem(mentees, mentors)))
    ours = [str(SCRIPTS / "mentorweave"), "match", "solve", "--problem", str(problem), "--json"]
    theirs = [sys.executable, "-m", "tests.bench.min_cost_flow", str(problem)]
    pairs = [(_timed(ours), _timed(theirs)) for _ in range(rounds)]
    seconds, reference = (median([pair[side][0] for pair in pairs]) for side in (0, 1))
    served = len(json.loads(pairs[0][0][1])["assignment"])
    assert served == json.loads(pairs[0][1][1])[0], "both solve the same problem"
    ratio = seconds / reference
    return [
        Figure(
            what=f"exact draft, {mentees} mentees, {mentors} mentors, {PAIRS} pairs each; OR-tools {reference:.1f} s",
            figure=f"{seconds:.1f} s",
            ratio=ratio,
            target=f"≤ {TIMES} of OR-tools",
            met=ratio <= TIMES,
        )
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
