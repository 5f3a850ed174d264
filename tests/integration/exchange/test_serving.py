"""A real process: served over a socket, measured on a private port, stopped while a poll waits."""

import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from federation.exchange.founding import ExchangePublic, init_exchange
from node.demo.processes import free_port
from tests.support.clock import FakeClock
from tests.support.exchange import Peer, Stewards, sign
from tests.support.served_exchange import is_up, serving
from tests.support.waiting import wait_until


def found(url: str, public: ExchangePublic) -> tuple[Peer, FakeClock]:
    """Found a federation of one at a real address, by the service's own clock."""
    clock = FakeClock(datetime.fromtimestamp(httpx.get(f"{url}/v1/time").json()["unix"], UTC))
    stewards = Stewards(public=public, clock=clock)
    peer = Peer(clock=clock)
    stewards.members.append(peer)
    headers = {"content-type": "application/json", "mentorweave-founding": public.founding_token}
    founded = httpx.put(f"{url}/v1/roster/staged", content=stewards.founding(), headers=headers)
    assert founded.status_code == 200, founded.text
    path = f"{url}/v1/keys/{peer.node}/1"
    keys = httpx.Request("PUT", path, content=peer.statement(), headers={"content-type": "application/jose"})
    sign(keys, peer.identity, clock.now())
    with httpx.Client() as client:
        assert client.send(keys).status_code == 201
    return peer, clock


def test_a_served_exchange_answers_counts_and_stops_while_a_poll_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, metrics = free_port(), free_port()
    url, numbers = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{metrics}/metrics"
    monkeypatch.setenv("MENTORWEAVE_EXCHANGE_METRICS_PORT", str(metrics))
    public = init_exchange(tmp_path, url)

    with serving(tmp_path, port) as process:
        wait_until(lambda: is_up(url), within=60, every=0.1, what="the exchange answering")
        peer, clock = found(url, public)
        poll = httpx.Request("GET", f"{url}/v1/mailbox?wait=25")
        sign(poll, peer.signing, clock.now())
        with httpx.Client(timeout=30) as waiting, ThreadPoolExecutor(1) as thread:
            answer = thread.submit(waiting.send, poll)
            wait_until(lambda: "mentorweave_waiting_polls 1.0" in httpx.get(numbers).text, what="the poll waiting")
            counted = httpx.get(numbers).text
            process.send_signal(signal.SIGTERM)
            assert answer.result(20).json() == {"items": [], "more": False}
        assert process.wait(20) in {0, -signal.SIGTERM}

    log = (tmp_path / "log").read_text()
    assert 'route="/v1/keys/{node}/{version}"' in counted
    assert "/v1/keys/{node}/{version}" in log
    assert peer.node not in counted + log
