"""The commands of `mentorweave-fed` in this process, and the real exchange behind a real socket."""

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import httpx
import pytest
import uvicorn

from federation.cli.app import app
from federation.cli.wording import LANGUAGE, word_refusal
from federation.exchange.app import create_app
from federation.exchange.settings import load_settings
from federation.ground.cli import main
from federation.ground.clock import SystemClock
from federation.ground.hop import sign_request
from federation.ground.writing import Json
from protocol.ids import JoinId
from tests.support.newcomer import Newcomer
from tests.support.waiting import wait_until

PASSPHRASE = "correct horse battery staple"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Json]:
        """The one JSON document of `--json`."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


Fed = Callable[..., Said]


@pytest.fixture
def fed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Fed:
    """Run one command of the steward or exchange whose folder is named first."""
    typed = tmp_path / "passphrase"
    typed.write_text(PASSPHRASE + "\n")
    monkeypatch.setenv("MENTORWEAVE_FED_PASSPHRASE_FILE", str(typed))
    monkeypatch.setenv(LANGUAGE, "en")

    def run(who: str, *arguments: str | Path) -> Said:
        capsys.readouterr()
        code = main(app, [*map(str, arguments), "--data-dir", str(tmp_path / who)], words=word_refusal)
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return run


@dataclass(frozen=True, slots=True)
class Running:
    """The exchange that runs."""

    url: str
    card: Path
    folder: Path

    def knock(self, code: str, newcomer: Newcomer, join: JoinId) -> None:
        """Let a newcomer use its code."""
        self._post("/v1/join", newcomer.ask(code, SystemClock().now()), newcomer)
        assert httpx.get(f"{self.url}/v1/join/{join}").json()["state"] == "pending"

    def answer(self, newcomer: Newcomer, join: JoinId) -> None:
        """Let a newcomer open the challenge as soon as it is there."""
        held: dict[str, str | None] = {}

        def challenged() -> bool:
            held.update(httpx.get(f"{self.url}/v1/join/{join}").json())
            return held["challenge"] is not None

        wait_until(challenged, within=30, what="the challenge")
        opened = newcomer.open(str(held["challenge"]), join, SystemClock().now())
        self._post(f"/v1/join/{join}/answer", opened, newcomer)

    def _post(self, path: str, body: str, newcomer: Newcomer) -> None:
        request = httpx.Request("POST", self.url + path, content=body, headers={"content-type": "application/jose"})
        key = newcomer.identity
        sign_request(
            request, key_id=key.key_id, private_key=key.private, now=SystemClock().now(), nonce=f"nonce-{body[-20:]}"
        )
        with httpx.Client() as client:
            response = client.send(request)
        assert response.is_success, response.text


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def exchange(fed: Fed, tmp_path: Path) -> Iterator[Running]:
    """An exchange that nobody founded a federation at yet."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    made = fed("exchange", "init", "exchange", "--public-url", url)
    assert made.code == 0, made.err
    config = uvicorn.Config(create_app(load_settings(tmp_path / "exchange")), port=port, log_config=None)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started, within=30, what="the exchange")
    yield Running(url, tmp_path / "exchange" / "exchange.json", tmp_path / "exchange")
    server.should_exit = True
    thread.join(timeout=30)
