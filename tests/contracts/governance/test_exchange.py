"""The port `Exchange`: the exchange in memory, the real one, and a rehearsal at either answer stewards alike."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from federation.governance.adapters.exchange import HttpExchange
from federation.governance.adapters.rehearsal import RehearsalExchange
from federation.governance.domain.content import Bundle
from federation.governance.domain.errors import (
    ExchangeRefusedError,
    ExchangeUnreachableError,
)
from federation.governance.domain.join_errors import (
    JoinAbsentError,
)
from federation.governance.domain.proposal import Proposal
from federation.governance.services.ports import Exchange, JoinProgress, JoinState
from protocol.ids import JoinId
from tests.support.steward_sites import Founder, Knock

JOIN = JoinId("01890000-0000-7000-8000-000000000000")


@pytest.fixture(params=["in earnest", "rehearsed"])
def exchange(request: pytest.FixtureRequest, founder: Founder) -> Exchange:
    real = founder.exchange
    return real if request.param == "in earnest" else RehearsalExchange(real)


def test_a_founding_is_taken_with_its_token_only(founder: Founder) -> None:
    bundle = founder.bundle()
    for token in (None, "guessed"):
        with pytest.raises(ExchangeRefusedError) as refusal:
            founder.exchange.publish(bundle, token)
        assert refusal.value.params == {"status": 403, "reason": "founding-token"}

    founder.exchange.publish(bundle, founder.site.card.founding_token)

    assert founder.desk.show().root_version == 1


def test_the_next_version_needs_no_token_and_an_old_one_is_refused(founder: Founder) -> None:
    first = founder.found()
    founder.renew()

    assert founder.desk.show().targets_version == 2
    with pytest.raises(ExchangeRefusedError) as refusal:
        founder.exchange.publish(first, founder.site.card.founding_token)
    assert refusal.value.params == {"status": 409, "reason": "roster-version"}


def test_files_that_nobody_signed_are_refused(founder: Founder) -> None:
    founder.found()
    desk = founder.desk
    unsigned = Proposal.read(Path(desk.propose.renew(desk.steward).file).read_bytes()).bundle

    with pytest.raises(ExchangeRefusedError) as refusal:
        founder.exchange.publish(unsigned, None)

    assert refusal.value.params == {"status": 403, "reason": "roster-signatures"}


def test_a_code_that_nobody_used_is_absent(founder: Founder, exchange: Exchange) -> None:
    founder.found()
    with pytest.raises(JoinAbsentError):
        exchange.join(JOIN)


def test_a_request_is_handed_over_as_it_was_signed(founder: Founder, exchange: Exchange) -> None:
    founder.found()
    knock = Knock(founder)

    assert exchange.join(knock.join) == JoinProgress(
        state=JoinState.PENDING, request=knock.request.encode(), answer=None
    )


def test_a_challenge_waits_for_its_answer_and_the_answer_comes_back(founder: Founder, exchange: Exchange) -> None:
    founder.found()
    knock = Knock(founder)
    founder.exchange.challenge(knock.join, knock.challenge())
    assert (exchange.join(knock.join).state, exchange.join(knock.join).answer) == (JoinState.CHALLENGED, None)

    answer = knock.answer()

    found = exchange.join(knock.join)
    assert (found.state, found.answer) == (JoinState.ANSWERED, answer.encode())


def test_a_refusal_ends_a_join_request(founder: Founder, exchange: Exchange) -> None:
    founder.found()
    knock = Knock(founder)

    founder.exchange.refuse(knock.join, knock.refusal())

    assert exchange.join(knock.join).state is JoinState.REFUSED


def test_no_step_is_taken_for_a_code_that_nobody_used(founder: Founder) -> None:
    founder.found()
    knock = Knock(founder)
    for step in (founder.exchange.challenge, founder.exchange.refuse):
        with pytest.raises(ExchangeRefusedError):
            step(JOIN, knock.challenge())


def test_a_rehearsal_publishes_challenges_and_refuses_nothing(founder: Founder) -> None:
    rehearsed = RehearsalExchange(founder.exchange)
    bundle = founder.bundle()
    rehearsed.publish(bundle, founder.site.card.founding_token)
    founder.exchange.publish(bundle, founder.site.card.founding_token)
    knock = Knock(founder)

    rehearsed.challenge(knock.join, knock.challenge())
    rehearsed.refuse(knock.join, knock.refusal())

    assert knock.progress.state is JoinState.PENDING


def answering(answer: Callable[[httpx.Request], httpx.Response]) -> HttpExchange:
    return HttpExchange("https://exchange.example/", lambda _: httpx.AsyncClient(transport=httpx.MockTransport(answer)))


def test_a_typed_refusal_keeps_its_code() -> None:
    with pytest.raises(ExchangeRefusedError) as refusal:
        answering(lambda _: httpx.Response(409, json={"code": "roster-version"})).publish(Bundle(), None)
    assert refusal.value.params == {"status": 409, "reason": "roster-version"}


def test_a_refusal_without_a_code_is_a_refusal_all_the_same() -> None:
    with pytest.raises(ExchangeRefusedError) as refusal:
        answering(lambda _: httpx.Response(409, content=b"<html>")).challenge(JOIN, b"")
    assert refusal.value.params == {"status": 409, "reason": ""}


def test_a_server_error_is_unreachable() -> None:
    with pytest.raises(ExchangeUnreachableError):
        answering(lambda _: httpx.Response(500)).join(JOIN)


def test_a_lost_connection_is_unreachable() -> None:
    def lost(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("lost")

    with pytest.raises(ExchangeUnreachableError):
        answering(lost).refuse(JOIN, b"")


def test_an_unknown_join_is_absent() -> None:
    with pytest.raises(JoinAbsentError):
        answering(lambda _: httpx.Response(404)).join(JOIN)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"state": "dreaming", "request": ""}', b'{"state": "pending"}'])
def test_an_answer_that_makes_no_sense_is_a_refusal(content: bytes) -> None:
    with pytest.raises(ExchangeRefusedError):
        answering(lambda _: httpx.Response(200, content=content)).join(JOIN)
