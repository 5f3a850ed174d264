"""Handing letters over: several in one request where the exchange takes that, else each in a request of its own.

The order within a thread is kept, and a letter that is not accepted holds up its own thread only. Signing and sending
a request is `http_relay`'s work, and so is reading one answer.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

import anyio

from federation.membership.relay import Outcome, OutcomeClass, Outgoing
from federation.membership.wire import SEND_LIMIT, WireSent
from protocol.envelope import MEDIA_TYPE
from protocol.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from threading import Event

    from protocol.ids import MessageId

_AT_ONCE = 8
_SEND_BYTES = 1_000_000  # in base64 and with its brackets less than the 1,500,000 an exchange takes
_ANSWER_LIMIT = 100_000
_UNKNOWN_PATH = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the exchange said, read as an outcome, and its bytes."""

    outcome: Outcome
    content: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """Hands letters over in one conversation: `ask` sends a method, a path, a body and its media type.

    `only_singly` is set once the exchange turned out to take no more than one letter in a request.
    """

    ask: Callable[[str, str, bytes, str], Awaitable[Answer]]
    only_singly: Event

    async def all(self, threads: Sequence[Sequence[Outgoing]]) -> Mapping[MessageId, Outcome]:
        """What became of each letter that was sent; those after one that was not accepted were not."""
        outcomes: dict[MessageId, Outcome] = {}
        left, place = list(threads), 0
        while left:
            await self._hand([letters[place] for letters in left], outcomes)
            place += 1
            left = [
                letters
                for letters in left
                if len(letters) > place and outcomes[letters[place - 1].message].kind is OutcomeClass.DONE
            ]
        return outcomes

    async def _hand(self, letters: Sequence[Outgoing], outcomes: dict[MessageId, Outcome]) -> None:
        if len(letters) == 1:  # as mostly
            outcomes[letters[0].message] = await self._alone(letters[0])
            return
        limiter = anyio.CapacityLimiter(_AT_ONCE)

        async def together(some: Sequence[Outgoing]) -> None:
            async with limiter:
                outcomes.update(await self._together(some))

        async with anyio.create_task_group() as tasks:
            for some in _bundles(letters):
                tasks.start_soon(together, some)

        async def alone(letter: Outgoing) -> None:
            async with limiter:
                outcomes[letter.message] = await self._alone(letter)

        async with anyio.create_task_group() as tasks:
            for letter in letters:
                if letter.message not in outcomes:
                    tasks.start_soon(alone, letter)

    async def _alone(self, letter: Outgoing) -> Outcome:
        answer = await self.ask("PUT", f"/v1/mailbox/{letter.to}/{letter.message}", letter.envelope, MEDIA_TYPE)
        return answer.outcome

    async def _together(self, letters: Sequence[Outgoing]) -> Mapping[MessageId, Outcome]:
        """What became of these letters; nothing where each has to be sent alone."""
        if len(letters) == 1 or self.only_singly.is_set():
            return {}
        content = {"envelopes": [base64.b64encode(letter.envelope).decode("ascii") for letter in letters]}
        answer = await self.ask("POST", "/v1/mailbox/send", json.dumps(content).encode(), "application/json")
        if answer.outcome.kind is OutcomeClass.REFUSED:
            # Either an older exchange that knows no such path, or one letter spoils the request for the others.
            if answer.outcome.status in _UNKNOWN_PATH:
                self.only_singly.set()
            return {}
        if answer.outcome.kind is not OutcomeClass.DONE:
            return dict.fromkeys((letter.message for letter in letters), answer.outcome)
        found = _read(answer.content, len(letters))
        return {letter.message: outcome for letter, outcome in zip(letters, found, strict=True)}


def _bundles(letters: Sequence[Outgoing]) -> list[list[Outgoing]]:
    bundles: list[list[Outgoing]] = []
    size = 0
    for letter in letters:
        size += len(letter.envelope)
        if not bundles or len(bundles[-1]) == SEND_LIMIT or size > _SEND_BYTES:
            bundles.append([])
            size = len(letter.envelope)
        bundles[-1].append(letter)
    return bundles


def _read(content: bytes, count: int) -> Sequence[Outcome]:
    try:
        results = WireSent.parse(content, limit=_ANSWER_LIMIT).results
    except ProtocolError:
        results = ()
    if len(results) != count:
        return [Outcome(status=0, problem="answer-unreadable")] * count
    return [
        Outcome(
            status=result.status,
            problem=result.code,
            retry_after=None if result.retry_after is None else timedelta(seconds=result.retry_after),
        )
        for result in results
    ]
