"""A real process: served over a socket, measured on a private port, stopped while a poll waits."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from federation.exchange.founding import ExchangePublic, init_exchange
from tests.support.clock import FakeClock
from tests.support.exchange import Peer, Stewards, sign
from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[3]
SCRIPT = """
import sys
from pathlib import Path
from federation.exchange.serving import serve
from federation.exchange.settings import load_settings
serve(load_settings(Path(sys.argv[1])), port=int(sys.argv[2]))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", SCRIPT, str(folder), str(port)]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, cwd=ROOT, stderr=log) as process:
        try:
            yield process
        finally:
            process.kill()


def is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").status_code == 200
    except httpx.TransportError:
        return False


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
        wait_until(lambda: is_up(url), within=60, what="the exchange answering")
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
