"""Where letters come in: what arrives while others are being written is taken together, right after them.

One thread does the work and nobody waits for company. Checking, storing and answering belong to gate and verb.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Generic, TypeVar

MOST = 50  # requests in one transaction

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[Asked, Answered]):
    """One request, and the loop in which its answer is awaited."""

    asked: Asked
    answer: "asyncio.Future[Answered]"
    loop: asyncio.AbstractEventLoop


class Intake(Generic[Asked, Answered]):
    """Hands requests to `take` in the order they came, several in one call where they queue up."""

    def __init__(self, take: Callable[[Sequence[Asked]], Sequence[Answered]]) -> None:
        self._take = take
        self._thread = ThreadPoolExecutor(1, "intake")
        self._lock = Lock()
        self._waiting: list[_Waiting[Asked, Answered]] = []
        self._is_busy = False

    async def __call__(self, asked: Asked) -> Answered:
        """The answer of `take` to this one; what `take` raises, it raises for everybody in that call."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answered] = loop.create_future()
        with self._lock:
            self._waiting.append(_Waiting(asked, answer, loop))
            is_first, self._is_busy = not self._is_busy, True
        if is_first:
            self._thread.submit(self._work)
        return await answer

    def close(self) -> None:
        """Finish what was asked."""
        self._thread.shutdown()

    def _work(self) -> None:
        while requests := self._next():
            try:
                answers = self._take([each.asked for each in requests])
            except Exception as error:  # noqa: BLE001 - handed on to those who wait, in whose loops it is answered
                settle = [partial(_fail, each.answer, error) for each in requests]
            else:
                found = zip(requests, answers, strict=True)
                settle = [partial(_succeed, each.answer, answer) for each, answer in found]
            for each, settled in zip(requests, settle, strict=True):
                each.loop.call_soon_threadsafe(settled)

    def _next(self) -> list[_Waiting[Asked, Answered]]:
        with self._lock:
            found, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            self._is_busy = bool(found)
        return found


def _succeed(answer: "asyncio.Future[Answered]", found: Answered) -> None:
    if not answer.done():
        answer.set_result(found)


def _fail(answer: "asyncio.Future[Answered]", error: Exception) -> None:
    if not answer.done():
        answer.set_exception(error)
