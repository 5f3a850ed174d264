"""The program of the data folder asked for suggestions and a draft, in a process of its own; for `suggest`."""

import json
import os
import random
import sys
import time
from pathlib import Path

from node.bootstrap import open_node
from node.domain.person import PersonId
from node.settings import load_settings


def ask(times: int) -> dict[str, object]:
    """Milliseconds of each suggestion behind the first, by clock and processor; seconds of the first and of a draft."""
    settings = load_settings(Path(os.environ["MENTORWEAVE_DATA_DIR"]))
    services = open_node(settings, lambda: None)
    waiting = services.matching.pose(services.operator()).mentees
    services.close()
    services = open_node(settings, lambda: None)
    spent, worked = list[float](), list[float]()
    actor = services.operator()
    for mentee in random.Random(times).sample(waiting, times + 1):
        start, busy = time.perf_counter(), time.process_time()
        services.matching.suggest(actor, PersonId(mentee.id), 10)
        spent.append((time.perf_counter() - start) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    start = time.perf_counter()
    made = services.drafts.make(actor)
    draft = time.perf_counter() - start
    services.close()
    return {
        "first": spent[0] / 1000,
        "suggest_ms": spent[1:],
        "worked_ms": worked[1:],
        "draft": draft,
        "mentees": made.figures.mentees,
        "seats": made.figures.seats,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(ask(int(sys.argv[1]))))
