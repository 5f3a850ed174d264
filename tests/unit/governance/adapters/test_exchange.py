"""What the exchange answers is told by name, and never trusted to be well formed."""

from collections.abc import Callable

import httpx
import pytest

from federation.governance.adapters.exchange import HttpExchange
from federation.governance.domain.content import Bundle
from federation.governance.domain.errors import (
    ExchangeRefusedError,
    ExchangeUnreachableError,
)
from federation.governance.domain.join_errors import (
    JoinAbsentError,
)
from protocol.ids import JoinId

JOIN = JoinId("01890000-0000-7000-8000-000000000000")


def exchange(answer: Callable[[httpx.Request], httpx.Response]) -> HttpExchange:
    return HttpExchange("https://exchange.example/", lambda _: httpx.AsyncClient(transport=httpx.MockTransport(answer)))


def test_a_typed_refusal_keeps_its_code() -> None:
    with pytest.raises(ExchangeRefusedError) as refusal:
        exchange(lambda _: httpx.Response(409, json={"code": "roster-version"})).publish(Bundle(), None)
    assert refusal.value.params == {"status": 409, "reason": "roster-version"}


def test_a_refusal_without_a_code_is_a_refusal_all_the_same() -> None:
    with pytest.raises(ExchangeRefusedError) as refusal:
        exchange(lambda _: httpx.Response(409, content=b"<html>")).challenge(JOIN, b"")
    assert refusal.value.params == {"status": 409, "reason": ""}


def test_a_server_error_is_unreachable() -> None:
    with pytest.raises(ExchangeUnreachableError):
        exchange(lambda _: httpx.Response(500)).join(JOIN)


def test_a_lost_connection_is_unreachable() -> None:
    def lost(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("lost")

    with pytest.raises(ExchangeUnreachableError):
        exchange(lost).refuse(JOIN, b"")


def test_an_unknown_join_is_absent() -> None:
    with pytest.raises(JoinAbsentError):
        exchange(lambda _: httpx.Response(404)).join(JOIN)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"state": "dreaming", "request": ""}', b'{"state": "pending"}'])
def test_an_answer_that_makes_no_sense_is_a_refusal(content: bytes) -> None:
    with pytest.raises(ExchangeRefusedError):
        exchange(lambda _: httpx.Response(200, content=content)).join(JOIN)
