"""The newest answer is kept while what it was made of stays the same."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from node.services.latest import Latest

ASKING = 8


def test_an_answer_is_made_once_and_anew_when_what_it_was_made_of_changes() -> None:
    made = list[str]()
    latest = Latest[int]()

    def make() -> int:
        made.append("")
        return len(made)

    assert [latest.of(name, make) for name in ("a", "a", "b", "a")] == [1, 1, 2, 3]


def test_who_asks_while_it_is_made_waits_for_it() -> None:
    made, begun, go = list[str](), Event(), Event()

    def make() -> int:
        made.append("")
        begun.set()
        assert go.wait(10)
        return len(made)

    latest = Latest[int]()
    with ThreadPoolExecutor(ASKING) as pool:
        told = [pool.submit(latest.of, "same", make) for _ in range(ASKING)]
        assert begun.wait(10)
        go.set()

    assert [one.result() for one in told] == [1] * ASKING


def test_a_failure_is_not_kept() -> None:
    latest = Latest[int]()
    with pytest.raises(ZeroDivisionError):
        latest.of("same", lambda: 1 // 0)

    assert latest.of("same", lambda: 2) == 2
