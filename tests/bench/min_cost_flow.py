"""What the exact draft is measured against: OR-tools' minimum-cost flow, reading and building included.

A process of its own, because OR-tools and the solver inside SciPy bring the same library twice.
Run as `python -m tests.bench.min_cost_flow PROBLEM.json`; prints the number of mentees and the total fit.
"""

import json
import sys
from pathlib import Path

from ortools.graph.python import min_cost_flow  # type: ignore[import-untyped]  # it ships no types

BONUS = 10**7  # a mentee more is worth more than any fit


def solve(path: Path) -> tuple[int, int]:
    """How many mentees get a mentor, and their total fit."""
    problem = json.loads(path.read_bytes())
    mentees = {entry["id"]: 1 + number for number, entry in enumerate(problem["mentees"])}
    mentors = {entry["id"]: 1 + len(mentees) + number for number, entry in enumerate(problem["mentors"])}
    source, sink = 0, 1 + len(mentees) + len(mentors)
    flow = min_cost_flow.SimpleMinCostFlow()
    for node in mentees.values():
        flow.add_arc_with_capacity_and_unit_cost(source, node, 1, 0)
    pairs = {}
    for mentee, mentor, fit in problem["pairs"]:
        pairs[flow.add_arc_with_capacity_and_unit_cost(mentees[mentee], mentors[mentor], 1, -fit - BONUS)] = fit
    for entry in problem["mentors"]:
        flow.add_arc_with_capacity_and_unit_cost(mentors[entry["id"]], sink, entry["seats"], 0)
    flow.add_arc_with_capacity_and_unit_cost(source, sink, len(mentees), 0)
    flow.set_node_supply(source, len(mentees))
    flow.set_node_supply(sink, -len(mentees))
    assert flow.solve() == flow.OPTIMAL
    chosen = [fit for arc, fit in pairs.items() if flow.flow(arc)]
    return len(chosen), sum(chosen)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(solve(Path(sys.argv[1]))))
