"""Many at once: replicas over one database, threads that race for one id, floods, polls that wait."""

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import anyio
import httpx
import pytest
from anyio import to_thread

from federation.exchange.adapters.hop import Received
from federation.exchange.domain.mailbox import Acceptance
from federation.exchange.services.accept import Sent
from protocol.envelope import MEDIA_TYPE
from protocol.ids import MessageId
from tests.support.exchange import Federation, Peer, federation, serving
from tests.support.problems import code
from tests.support.waiting import wait_until

pytestmark = pytest.mark.anyio


async def together(*calls: Callable[[], Awaitable[httpx.Response]]) -> list[httpx.Response]:
    answers: list[httpx.Response] = []

    async def run(call: Callable[[], Awaitable[httpx.Response]]) -> None:
        answers.append(await call())

    async with anyio.create_task_group() as tasks:
        for call in calls:
            tasks.start_soon(run, call)
    return answers


async def poll_and_send(reader: Federation, writer: Federation, sender: Peer, receiver: Peer) -> tuple[float, int]:
    """How long a waiting poll took to bring what was sent meanwhile, and how many items it brought."""
    found: list[httpx.Response] = []

    async def wait() -> None:
        found.append(await reader.poll(receiver, "?wait=25"))

    start = anyio.current_time()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(wait)
        wakeups = reader.app.state.edge.services.wakeups
        await to_thread.run_sync(lambda: wait_until(lambda: wakeups.count() > 0))
        assert (await writer.put(sender, receiver)).status_code == 201
    return anyio.current_time() - start, len(found[0].json()["items"])


async def test_a_waiting_poll_is_woken_by_a_letter(exchange: Federation, home: Peer, host: Peer) -> None:
    took, items = await poll_and_send(exchange, exchange, home, host)

    assert items == 1
    assert took < 1.9  # before its own second look


async def test_a_poll_gives_up_when_its_time_is_over(exchange: Federation, host: Peer) -> None:
    start = anyio.current_time()

    answer = await exchange.poll(host, "?wait=1")

    assert answer.json() == {"items": [], "more": False}
    assert 1.0 <= anyio.current_time() - start < 10
    assert exchange.app.state.edge.services.wakeups.count() == 0


async def test_a_stopping_service_lets_its_polls_go(exchange: Federation, host: Peer) -> None:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(exchange.poll, host, "?wait=25")
        wakeups = exchange.app.state.edge.services.wakeups
        await to_thread.run_sync(lambda: wait_until(lambda: wakeups.count() > 0))
        wakeups.close()
        await to_thread.run_sync(lambda: wait_until(lambda: wakeups.count() == 0))


async def test_a_letter_through_one_replica_wakes_a_poll_on_the_other(tmp_path: Path, postgres_url: str) -> None:
    async with (
        federation(tmp_path, postgres_url, live=True) as one,
        serving(one.settings, one.clock, one.stewards, live=True) as other,
    ):
        home, host = Peer(clock=one.clock), Peer(clock=one.clock)
        await one.found(home, host)

        took, items = await poll_and_send(one, other, home, host)

        assert items == 1
        assert took < 9  # before its own second look


async def test_a_letter_wakes_its_sender_when_the_receipt_comes(exchange: Federation, home: Peer, host: Peer) -> None:
    message = home.message_id()
    envelope = home.envelope(host, message)
    await exchange.put(home, host, message, envelope)

    answers = await together(
        lambda: exchange.poll(home, "?wait=20"),
        lambda: exchange.acknowledge(host, host.receipt(home, message, envelope)),
    )

    kinds = [item["kind"] for answer in answers for item in answer.json().get("items", [])]
    assert kinds == ["receipt"]


async def test_an_acknowledgement_goes_on_as_a_poll(exchange: Federation, home: Peer, host: Peer) -> None:
    names = [home.message_id() for _ in range(2)]
    letters = [home.envelope(host, name) for name in names]
    await exchange.put(home, host, names[0], letters[0])
    receipt = host.receipt(home, names[0], letters[0])
    wakeups = exchange.app.state.edge.services.wakeups
    answers: list[httpx.Response] = []

    async def acknowledge() -> None:
        answers.append(await exchange.acknowledge(host, receipt, query="?wait=25"))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(acknowledge)
        await to_thread.run_sync(lambda: wait_until(lambda: wakeups.count() > 0))
        kinds = [item["kind"] for item in (await exchange.poll(home)).json()["items"]]
        await exchange.put(home, host, names[1], letters[1])
    (answer,) = answers
    known = await exchange.acknowledge(host, receipt, query="?after=0&wait=25")
    plain = await exchange.acknowledge(host, receipt)

    assert kinds == ["receipt"]  # nobody who waits for a receipt waits for the poll
    assert (answer.json()["acknowledged"], answer.json()["more"]) == ([names[0]], False)
    assert [item["id"] for item in answer.json()["items"]] == [names[1]]
    assert [item["id"] for item in known.json()["items"]] == names
    assert plain.json() == {"acknowledged": [names[0]], "unknown": []}


async def test_a_replayed_request_is_refused_on_every_replica(tmp_path: Path, postgres_url: str) -> None:
    async with (
        federation(tmp_path, postgres_url) as one,
        serving(one.settings, one.clock, one.stewards) as other,
    ):
        host = Peer(clock=one.clock)
        await one.found(host)
        request = one.request("GET", "/v1/mailbox", peer=host)

        assert (await one.client.send(request)).status_code == 200
        assert code(await other.client.send(request)) == (401, "hop-replay")


async def test_fifty_threads_with_one_letter_store_it_once(exchange: Federation, home: Peer, host: Peer) -> None:
    services = exchange.app.state.edge.services
    message = home.message_id()
    envelope = home.envelope(host, message)
    path = f"/v1/mailbox/{host.node}/{message}"
    requests = [exchange.request("PUT", path, peer=home, body=envelope, media=MEDIA_TYPE) for _ in range(50)]
    barrier = Barrier(50)

    def put(request: httpx.Request) -> Acceptance:
        received = Received(
            method="PUT", raw_path=request.url.raw_path, query=b"", headers=request.headers, body=envelope
        )
        caller = services.gate.member(received)
        barrier.wait(30)
        ((taken,),) = services.accept([Sent(caller=caller, envelopes=[envelope], address=(host.node, message))])
        assert isinstance(taken, Acceptance)
        return taken

    with ThreadPoolExecutor(50) as threads:
        answers = await to_thread.run_sync(lambda: list(threads.map(put, requests)))

    assert sorted(answer.is_new for answer in answers) == [False] * 49 + [True]
    assert len({(answer.digest, answer.accepted_at) for answer in answers}) == 1
    assert len((await exchange.poll(host)).json()["items"]) == 1


async def test_letters_both_ways_and_receipts_at_once_never_wait_for_each_other(
    exchange: Federation, home: Peer, host: Peer
) -> None:
    sent: dict[MessageId, tuple[Peer, Peer, bytes]] = {}
    for _ in range(12):
        for sender, to in ((home, host), (host, home)):
            message = sender.message_id()
            sent[message] = (sender, to, sender.envelope(to, message))

    async def deliver(message: MessageId, sender: Peer, to: Peer, envelope: bytes) -> httpx.Response:
        await exchange.send("PUT", f"/v1/mailbox/{to.node}/{message}", peer=sender, body=envelope, media=MEDIA_TYPE)
        return await exchange.acknowledge(to, to.receipt(sender, message, envelope))

    answers: list[httpx.Response] = []

    async def run(message: MessageId, sender: Peer, to: Peer, envelope: bytes) -> None:
        answers.append(await deliver(message, sender, to, envelope))

    async with anyio.create_task_group() as tasks:
        for message, (sender, to, envelope) in sent.items():
            tasks.start_soon(run, message, sender, to, envelope)

    assert [answer.status_code for answer in answers] == [200] * 24
    for peer in (home, host):
        page = (await exchange.poll(peer)).json()["items"]
        assert [item["kind"] for item in page] == ["receipt"] * 12
        cursors = [item["cursor"] for item in (await exchange.poll(peer, "?after=0")).json()["items"]]
        assert cursors == list(range(1, 25))


async def test_a_reader_that_follows_cursors_misses_nothing_of_a_crowd(
    exchange: Federation, home: Peer, host: Peer
) -> None:
    crowd = [Peer(clock=exchange.clock) for _ in range(4)]
    await exchange.admit(*crowd)
    for peer in crowd:
        await exchange.publish_keys(peer)
    read: list[str] = []
    done = anyio.Event()

    async def follow() -> None:
        after = 0
        while len(read) < 40:
            page = (await exchange.poll(host, f"?after={after}&wait=5&limit=7")).json()
            read.extend(item["id"] for item in page["items"])
            after = page["items"][-1]["cursor"] if page["items"] else after
        done.set()

    async def write(peer: Peer) -> None:
        for _ in range(10):
            assert (await exchange.put(peer, host)).status_code == 201

    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(follow)
            for peer in crowd:
                tasks.start_soon(write, peer)
        await done.wait()

    assert len(set(read)) == 40


async def test_a_flooded_mailbox_refuses_more_until_it_is_read(tmp_path: Path, exchange_url: str) -> None:
    async with federation(tmp_path, exchange_url, mailbox_items=3, mailbox_bytes=10_000) as exchange:
        home, host = Peer(clock=exchange.clock), Peer(clock=exchange.clock)
        await exchange.found(home, host)
        sent = [await exchange.put(home, host) for _ in range(3)]

        full = await exchange.put(home, host)
        await exchange.acknowledge(host, discard=(sent[0].json()["id"],))
        again = await exchange.put(home, host)
        message = home.message_id()
        await exchange.acknowledge(host, discard=(again.json()["id"],))
        heavy = await exchange.put(home, host, message, home.envelope(host, message, inner=b"x" * 9_000))

        assert code(full) == (429, "mailbox-full")
        assert full.headers["retry-after"] == "3600"
        assert again.status_code == 201
        assert code(heavy) == (429, "mailbox-full")


async def test_receipts_come_home_into_a_full_mailbox(tmp_path: Path, sqlite_url: str) -> None:
    async with federation(tmp_path, sqlite_url, mailbox_items=1) as exchange:
        home, host = Peer(clock=exchange.clock), Peer(clock=exchange.clock)
        await exchange.found(home, host)
        message = home.message_id()
        envelope = home.envelope(host, message)
        await exchange.put(host, home)
        await exchange.put(home, host, message, envelope)

        await exchange.acknowledge(host, host.receipt(home, message, envelope))

        assert [item["kind"] for item in (await exchange.poll(home)).json()["items"]] == ["envelope", "receipt"]


async def test_what_ticks_behind_a_live_exchange_does_its_work(tmp_path: Path, exchange_url: str) -> None:
    async with federation(tmp_path, exchange_url, live=True) as exchange:
        exchange.stewards.board_interval = 1
        host = Peer(clock=exchange.clock)
        await exchange.found(host)
        read = exchange.app.state.edge.services.read_status

        def released() -> bool:
            exchange.clock.advance(timedelta(seconds=2))
            return read().board.released is not None

        await to_thread.run_sync(lambda: wait_until(released))
