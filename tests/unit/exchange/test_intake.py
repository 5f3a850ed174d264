"""What arrives while others are being served is served together, right after them; nobody waits for company."""

import asyncio
from collections.abc import Iterator, Sequence
from threading import Event, Thread

import pytest

from federation.exchange.api.intake import MOST, Intake

pytestmark = pytest.mark.anyio


class Counter:
    """Doubles numbers; may be made to wait, and to fail."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.begun, self.may_go_on = Event(), Event()
        self.may_go_on.set()
        self.fails = False

    def __call__(self, asked: Sequence[int]) -> Sequence[int]:
        self.calls.append(list(asked))
        self.begun.set()
        assert self.may_go_on.wait(20)
        if self.fails:
            raise LookupError
        return [2 * number for number in asked]


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def intake(counter: Counter) -> Iterator[Intake[int, int]]:
    made = Intake(counter)
    yield made
    made.close()


async def test_one_alone_is_served_at_once(intake: Intake[int, int], counter: Counter) -> None:
    assert [await intake(1), await intake(2)] == [2, 4]
    assert counter.calls == [[1], [2]]


async def queue(intake: Intake[int, int], counter: Counter, many: int) -> list["asyncio.Task[int]"]:
    """Requests that arrive while the first of them is being served."""
    counter.may_go_on.clear()
    tasks = [asyncio.create_task(intake(0))]
    await asyncio.to_thread(counter.begun.wait, 20)
    tasks += [asyncio.create_task(intake(number)) for number in range(1, many)]
    await asyncio.sleep(0)
    return tasks


async def test_who_comes_meanwhile_is_served_with_the_others_in_order(
    intake: Intake[int, int], counter: Counter
) -> None:
    tasks = await queue(intake, counter, MOST + 3)
    counter.may_go_on.set()

    assert await asyncio.gather(*tasks) == [2 * number for number in range(MOST + 3)]
    assert counter.calls == [[0], list(range(1, MOST + 1)), [MOST + 1, MOST + 2]]


async def test_a_failure_is_told_to_everybody_in_it_and_the_next_are_served(
    intake: Intake[int, int], counter: Counter
) -> None:
    tasks = await queue(intake, counter, 3)
    counter.fails = True
    tasks[2].cancel()
    counter.may_go_on.set()

    found = await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(each) for each in found] == [LookupError, LookupError, asyncio.CancelledError]
    counter.fails = False
    assert await intake(4) == 8


async def test_who_gave_up_meanwhile_is_no_trouble_to_others(intake: Intake[int, int], counter: Counter) -> None:
    tasks = await queue(intake, counter, 3)
    tasks[1].cancel()
    counter.may_go_on.set()

    found = await asyncio.gather(*tasks, return_exceptions=True)

    assert [found[0], found[2]] == [0, 4]


async def test_every_loop_gets_its_own_answers(intake: Intake[int, int]) -> None:
    found: list[int] = []
    threads = [Thread(target=lambda number=number: found.append(asyncio.run(intake(number)))) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [0, 2, 4, 6, 8]
