"""What a member asks of a `Relay` is answered alike by the exchange in memory and by the real one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from federation.exchange.api.mailbox import SEND_BYTES
from federation.ground.engine import transaction
from federation.membership.http_relay import http_relays
from federation.membership.relay import HopKeys, ItemKind, OutcomeClass, Outgoing, RelayError
from protocol.envelope import Envelope
from protocol.ids import MessageId, NodeId
from protocol.keys import SigningKey
from protocol.needs import BoardKind
from tests.support.clock import FakeClock
from tests.support.federation import Federation, Program
from tests.support.forging import Forger
from tests.support.real_exchange import RealFederation
from tests.support.roster import URL


@dataclass
class Joined:
    """Two programs at one exchange."""

    federation: Federation | RealFederation
    home: Program
    host: Program

    def envelope(self) -> Envelope:
        forger = Forger(self.federation, self.home, self.host)  # type: ignore[arg-type]
        return forger.envelope(forger.inner())


@pytest.fixture(params=["in memory", "real"])
def joined(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Joined]:
    if request.param == "real":
        real = RealFederation.found(tmp_path)
        yield Joined(real, real.program("home"), real.program("host"))
        real.close()
    else:
        fake = Federation(tmp_path)
        yield Joined(fake, fake.program("home"), fake.program("host"))


def outgoing(envelope: Envelope, host: Program) -> Outgoing:
    return Outgoing(message=MessageId(envelope.header.id), to=host.node, envelope=envelope.raw)


def test_the_same_letter_is_accepted_twice_and_another_under_its_id_is_refused(joined: Joined) -> None:
    first, other = joined.envelope(), joined.envelope()
    false = Outgoing(message=MessageId(first.header.id), to=joined.host.node, envelope=other.raw)

    with joined.home.member.conversation() as relay:
        outcomes = [
            relay.put_envelopes([[letter]])[letter.message].kind
            for letter in (outgoing(first, joined.host), outgoing(first, joined.host), false)
        ]

    assert outcomes == [OutcomeClass.DONE, OutcomeClass.DONE, OutcomeClass.REFUSED]


def test_a_failure_stops_its_own_thread_only(joined: Joined) -> None:
    first, second, third = joined.envelope(), joined.envelope(), joined.envelope()
    bad = Outgoing(message=MessageId(first.header.id), to=joined.host.node, envelope=b"no envelope")
    threads = [[bad, outgoing(second, joined.host)], [outgoing(third, joined.host)]]

    with joined.home.member.conversation() as relay:
        if isinstance(joined.federation, Federation):
            relay.put_envelopes([[outgoing(first, joined.host)]])
        outcomes = relay.put_envelopes(threads)

    assert outcomes[bad.message].kind is OutcomeClass.REFUSED
    assert MessageId(second.header.id) not in outcomes
    assert outcomes[MessageId(third.header.id)].kind is OutcomeClass.DONE


def test_letters_of_many_threads_arrive_in_the_order_of_each(joined: Joined) -> None:
    envelopes = [joined.envelope() for _ in range(7)]
    letters = [outgoing(envelope, joined.host) for envelope in envelopes]

    with joined.home.member.conversation() as relay:
        outcomes = relay.put_envelopes([letters[:3], letters[3:5], letters[5:6], letters[6:]])
    with joined.host.member.conversation() as relay:
        arrived = [item.id for item in relay.mailbox(None).items]

    assert {letter.message for letter in letters} == set(outcomes)
    assert {outcome.kind for outcome in outcomes.values()} == {OutcomeClass.DONE}
    assert sorted(arrived) == sorted(letter.message for letter in letters)
    for thread in (letters[:3], letters[3:5]):
        assert [name for name in arrived if name in {letter.message for letter in thread}] == [
            letter.message for letter in thread
        ]


def test_letters_lie_in_the_mailbox_until_they_are_let_go(joined: Joined) -> None:
    envelope = joined.envelope()
    with joined.home.member.conversation() as relay:
        relay.put_envelopes([[outgoing(envelope, joined.host)]])

    with joined.host.member.conversation() as relay:
        page = relay.mailbox(None)
        (item,) = page.items
        assert (item.kind, item.data, page.more) == (ItemKind.ENVELOPE, envelope.raw, False)
        assert relay.mailbox(item.cursor).items == ()
        relay.acknowledge([], [item.id])
        assert relay.mailbox(None).items == ()


def test_what_comes_next_is_the_answer_to_an_acknowledgement(joined: Joined) -> None:
    first, second = joined.envelope(), joined.envelope()
    letters = [outgoing(envelope, joined.host) for envelope in (first, second)]
    with joined.home.member.conversation() as relay:
        relay.put_envelopes([letters])

    with joined.host.member.conversation() as relay:
        one, two = relay.mailbox(None).items
        page = relay.acknowledge_and_wait([], [one.id], None, wait=1)
        after = relay.acknowledge_and_wait([], [two.id], one.cursor, wait=1)

        assert page is not None
        assert after is not None
        assert page.items == after.items == (two,)
        assert relay.mailbox(None).items == ()


def test_statements_are_served_by_version_and_newest(joined: Joined) -> None:
    with transaction(joined.host.engine) as connection:
        statement = joined.host.member.identity.newest(connection)

    with joined.home.member.conversation() as relay:
        assert relay.get_statement(joined.host.node, 1) == statement.token
        assert relay.get_statement(joined.host.node, None) == statement.token
        assert relay.get_statement(joined.host.node, 7) is None
        relay_of_home = relay.get_statement(joined.home.node, None)
    assert relay_of_home is not None


def test_a_stranger_is_denied(joined: Joined) -> None:
    key = SigningKey.generate()
    relays = http_relays(joined.federation.connect, joined.federation.clock)

    with relays(URL, HopKeys(signing=key, identity=key)) as relay, pytest.raises(RelayError) as refused:
        relay.mailbox(None)

    assert refused.value.outcome.kind is OutcomeClass.DENIED


def test_a_clock_that_is_wrong_is_denied_with_the_rule_named(joined: Joined) -> None:
    slow = FakeClock(joined.federation.clock.now() - timedelta(hours=1))
    with transaction(joined.home.engine) as connection:
        key = joined.home.member.identity.signing_key(connection, joined.federation.clock.now())
    relays = http_relays(joined.federation.connect, slow)

    with relays(URL, HopKeys(signing=key, identity=key)) as relay, pytest.raises(RelayError) as refused:
        relay.mailbox(None)

    assert refused.value.outcome.problem == "hop-time"


def test_the_board_and_the_clock_of_the_real_exchange_answer(tmp_path: Path) -> None:
    real = RealFederation.found(tmp_path)
    home = real.program("home")

    with home.member.conversation() as relay:
        board = relay.board(BoardKind.NEEDS)
        now = relay.time()
        released = relay.get_batch(BoardKind.NEEDS, board.open)
        with pytest.raises(RelayError):
            relay.put_attestation("2027-Q1", b"no attestation")

    assert now == real.clock.now().replace(microsecond=0)
    assert board.closes_at > now
    assert released is None
    real.close()


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"items": [{}], "more": false}'])
def test_an_answer_that_cannot_be_read_counts_as_none(tmp_path: Path, content: bytes) -> None:
    def connect() -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=content)))

    key = SigningKey.generate()
    with http_relays(connect, FakeClock())(URL, HopKeys(signing=key, identity=key)) as relay:
        for ask in (lambda: relay.mailbox(None), relay.summary_index):
            with pytest.raises(RelayError) as refused:
                ask()
            assert refused.value.outcome.problem == "answer-unreadable"


@pytest.mark.parametrize(
    ("status", "body", "after", "problem", "seconds"),
    [
        (429, b'{"code": "quota-exceeded"}', "120", "quota-exceeded", 120),
        (503, b"<html>", "soon", "", None),
        (422, b'{"code": "<script>alert(1)</script>"}', "", "", None),
        (500, b'{"code": 7}', "99999999", "7", None),
    ],
)
def test_a_problem_is_read_without_trusting_its_words(
    status: int, body: bytes, after: str, problem: str, seconds: int | None
) -> None:
    answer = httpx.Response(status, content=body, headers={"retry-after": after})

    def connect() -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer))

    key = SigningKey.generate()
    keys = HopKeys(signing=key, identity=key)
    with http_relays(connect, FakeClock())(URL, keys) as relay, pytest.raises(RelayError) as refused:
        relay.mailbox(None)

    outcome = refused.value.outcome
    assert (outcome.problem, outcome.retry_after) == (problem, None if seconds is None else timedelta(seconds=seconds))


def test_who_hung_up_waits_for_nothing_and_may_still_ask(joined: Joined) -> None:
    with joined.home.member.conversation() as relay:
        relay.hang_up()

        with pytest.raises(RelayError):
            relay.mailbox(None, wait=25)
        assert relay.mailbox(None).items == ()


@pytest.mark.parametrize(
    ("status", "content", "kind", "requests"),
    [
        (422, b"{}", OutcomeClass.DONE, ["POST", "PUT", "PUT", "PUT", "POST", "PUT", "PUT", "PUT"]),
        (405, b"{}", OutcomeClass.DONE, ["POST", "PUT", "PUT", "PUT", "PUT", "PUT", "PUT"]),
        (503, b"{}", OutcomeClass.UNREACHABLE, ["POST", "POST"]),
        (403, b"{}", OutcomeClass.DENIED, ["POST", "POST"]),
        (200, b"<html>", OutcomeClass.UNREACHABLE, ["POST", "POST"]),
        (200, b'{"results": [{"status": 201}]}', OutcomeClass.UNREACHABLE, ["POST", "POST"]),
        (200, b'{"results": [{"status": 99}, {"status": 99}]}', OutcomeClass.UNREACHABLE, ["POST", "POST"]),
    ],
)
def test_letters_that_cannot_leave_together_leave_alone_or_wait(
    status: int, content: bytes, kind: OutcomeClass, requests: list[str]
) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        return httpx.Response(201) if request.method == "PUT" else httpx.Response(status, content=content)

    def connect() -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(answer))

    key, to = SigningKey.generate(), NodeId("a" * 16)
    letters = [[Outgoing(message=MessageId(f"letter-{number}"), to=to, envelope=b"sealed")] for number in range(3)]
    with http_relays(connect, FakeClock())(URL, HopKeys(signing=key, identity=key)) as relay:
        for _ in range(2):
            outcomes = relay.put_envelopes(letters)

    assert {outcome.kind for outcome in outcomes.values()} == {kind}
    assert len(outcomes) == 3
    assert asked == requests


def test_large_letters_are_spread_over_several_requests() -> None:
    sizes: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        count = len(json.loads(request.content)["envelopes"])
        sizes.append(len(request.content))
        refused = {"status": 429, "code": "quota-exceeded", "retry_after": 60}
        return httpx.Response(200, json={"results": [refused] * count})

    def connect() -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(answer))

    key, to = SigningKey.generate(), NodeId("a" * 16)
    letters = [[Outgoing(message=MessageId(str(number)), to=to, envelope=b"x" * 65_536)] for number in range(40)]
    with http_relays(connect, FakeClock())(URL, HopKeys(signing=key, identity=key)) as relay:
        outcomes = relay.put_envelopes(letters)

    assert len(sizes) == 3
    assert max(sizes) <= SEND_BYTES
    assert {(outcome.problem, outcome.retry_after) for outcome in outcomes.values()} == {
        ("quota-exceeded", timedelta(minutes=1))
    }
