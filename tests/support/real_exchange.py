"""The real exchange in this process, founded by real stewards, with programs joined to it over ASGI."""

import base64
import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self

import anyio
import httpx
from fastapi import FastAPI

from federation.exchange.adapters.keyring import read_board_keyring, read_keyring
from federation.exchange.app import create_app, services_of
from federation.exchange.founding import init_exchange
from federation.exchange.settings import load_settings
from protocol.ids import sha256_hex
from protocol.roster import MEMBERS, POLICY, SUSPENSIONS
from tests.support.clock import FakeClock
from tests.support.federation import Program, enrol, make_program
from tests.support.migrated import bring_exchange_to_head
from tests.support.roster import URL, Stewards


@dataclass
class RealFederation:
    """Stewards, the exchange they founded, and programs; `clock` is everybody's."""

    folder: Path
    clock: FakeClock
    app: FastAPI
    stewards: Stewards
    token: str

    @classmethod
    def found(cls, folder: Path, clock: FakeClock | None = None) -> Self:
        clock = clock or FakeClock()
        card = init_exchange(folder / "exchange", URL)
        settings = load_settings(folder / "exchange")
        bring_exchange_to_head(settings.url)
        keys = read_keyring(settings.keys, settings.passphrase)
        stewards = Stewards(clock.now())
        stewards.snapshot_key, stewards.timestamp_key = keys.snapshot, keys.timestamp
        board = read_board_keyring(settings.keys, settings.passphrase)
        stewards.board_sign, stewards.board_seal = board.sign, board.seal
        made = cls(folder, clock, create_app(settings, clock), stewards, card.founding_token)
        stewards.publish_root()
        made.publish("root")
        return made

    def connect(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app), trust_env=False)

    def publish(self, *also: str) -> None:
        """Sign admissions and suspensions anew and stage them, as `mentorweave-fed publish` does."""
        stewards = self.stewards
        stewards.now = self.clock.now()
        targets = [stewards.publish_targets(), stewards.publish_suspensions()]
        roots = [stewards.files[f"{stewards.versions['root']}.root.json"]] if "root" in also else []
        newest = {}
        for name, raw in stewards.files.items():
            for target in (MEMBERS, POLICY, SUSPENSIONS):
                if name == f"targets/{sha256_hex(raw)}.{target}":
                    newest[target] = base64.b64encode(raw).decode()
        body = {"metadata": [base64.b64encode(raw).decode() for raw in (*roots, *targets)], "targets": newest}
        headers = {"content-type": "application/json", "mentorweave-founding": self.token}

        async def put() -> httpx.Response:
            async with self.connect() as client:
                return await client.put(f"{URL}/v1/roster/staged", content=json.dumps(body), headers=headers)

        response = anyio.run(put)
        assert response.status_code == httpx.codes.OK, response.text

    def program(self, name: str) -> Program:
        made = make_program(self.folder, name, self.clock, self.connect)
        self.stewards.admit(made.node, made.member.identity.identity.public, name)
        self.clock.advance(timedelta(seconds=1))
        self.publish()
        enrol(made, self.stewards, self.clock)
        made.sync()
        return made

    def close(self) -> None:
        services_of(self.app).engine.dispose()
