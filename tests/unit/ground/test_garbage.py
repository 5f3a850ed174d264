"""What lives is looked through by a thread of its own, as long as the block runs."""

import gc
from datetime import timedelta
from threading import current_thread

from federation.ground.garbage import tidy_aside
from tests.support.waiting import wait_until


def test_only_a_thread_looks_through_everything() -> None:
    usual, seen = gc.get_threshold(), set[str]()

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start" and info["generation"] == 2:
            seen.add(current_thread().name)

    gc.collect()
    gc.callbacks.append(note)
    try:
        with tidy_aside(timedelta(milliseconds=20)):
            kept = [[number] for number in range(300_000)]
            wait_until(lambda: "garbage" in seen, within=10, what="a look through everything")
            assert gc.get_threshold()[:2] == usual[:2]
    finally:
        gc.callbacks.remove(note)

    assert seen == {"garbage"}
    assert len(kept) == 300_000
    assert gc.get_threshold() == usual
