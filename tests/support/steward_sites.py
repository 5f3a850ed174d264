"""A steward who founds a federation at the exchange in memory, or at the real one: the same must hold at both."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import anyio
import httpx

from federation.exchange.app import create_app, services_of
from federation.exchange.founding import init_exchange
from federation.exchange.settings import load_settings
from federation.governance.adapters.exchange import HttpExchange
from federation.governance.bootstrap import Desk, World
from federation.governance.domain.cards import LIMIT, ExchangeCard
from federation.governance.domain.content import Bundle
from federation.governance.domain.proposal import Proposal
from federation.governance.services.founding import Charter
from federation.governance.services.ports import JoinProgress
from federation.ground.hop import sign_request
from protocol.documents import to_moment
from protocol.ids import JoinId
from protocol.joining import make_challenge, sign_refusal
from tests.support.clock import FakeClock
from tests.support.newcomer import Newcomer
from tests.support.roster_site import URL, Join, RosterSite
from tests.support.stewards import NODE, no_passphrase, yes


class Site(Protocol):
    """An exchange that nobody founded a federation at yet; programs knock and answer at it."""

    @property
    def card(self) -> ExchangeCard: ...

    def connect(self, url: str) -> httpx.AsyncClient: ...

    def knock(self, newcomer: Newcomer, join: JoinId, request: str) -> None: ...

    def challenge_of(self, join: JoinId) -> str: ...

    def answer(self, newcomer: Newcomer, join: JoinId, answer: str) -> None: ...


class MemorySite(Site):
    """The exchange in memory."""

    def __init__(self, clock: FakeClock) -> None:
        self._site = RosterSite(clock)

    @property
    def card(self) -> ExchangeCard:
        return self._site.card

    def connect(self, url: str) -> httpx.AsyncClient:
        return self._site.connect(url)

    def knock(self, newcomer: Newcomer, join: JoinId, request: str) -> None:
        self._site.joins[join] = Join(request)

    def challenge_of(self, join: JoinId) -> str:
        challenge = self._site.joins[join].challenge
        assert challenge is not None
        return challenge

    def answer(self, newcomer: Newcomer, join: JoinId, answer: str) -> None:
        self._site.joins[join].answer = answer


class RealSite(Site):
    """The real exchange with its database, over ASGI."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        self._clock = clock
        self._card = ExchangeCard.parse(init_exchange(folder, URL).encode(), limit=LIMIT)
        self._app = create_app(load_settings(folder), clock)

    @property
    def card(self) -> ExchangeCard:
        return self._card

    def connect(self, url: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=self._app), trust_env=False)

    def knock(self, newcomer: Newcomer, join: JoinId, request: str) -> None:
        self._send(self._signed("/v1/join", request, newcomer))

    def challenge_of(self, join: JoinId) -> str:
        return str(self._send(httpx.Request("GET", f"{URL}/v1/join/{join}")).json()["challenge"])

    def answer(self, newcomer: Newcomer, join: JoinId, answer: str) -> None:
        self._send(self._signed(f"/v1/join/{join}/answer", answer, newcomer))

    def close(self) -> None:
        services_of(self._app).engine.dispose()

    def _signed(self, path: str, body: str, newcomer: Newcomer) -> httpx.Request:
        request = httpx.Request("POST", URL + path, content=body, headers={"content-type": "application/jose"})
        key = newcomer.identity
        sign_request(
            request, key_id=key.key_id, private_key=key.private, now=self._clock.now(), nonce=f"nonce-{body[-20:]}"
        )
        return request

    def _send(self, request: httpx.Request) -> httpx.Response:
        async def go() -> httpx.Response:
            async with self.connect(URL) as client:
                return await client.send(request)

        response = anyio.run(go)
        assert response.is_success, response.text
        return response


@dataclass
class Founder:
    """One steward with her folder, and the federation she founds at `site`."""

    folder: Path
    site: Site
    clock: FakeClock

    @property
    def world(self) -> World:
        return World(connect=self.site.connect, clock=self.clock)

    @property
    def desk(self) -> Desk:
        return Desk(self.folder, no_passphrase, self.world, bare=True)

    @property
    def exchange(self) -> HttpExchange:
        return HttpExchange(URL, self.site.connect)

    def bundle(self) -> Bundle:
        """The founding files, signed; nothing is published yet."""
        desk = self.desk
        card = desk.make_steward(desk.steward, "Ada", duty=True)
        drafted = desk.found(desk.steward, Charter(exchange=self.site.card, stewards=(card,))).proposal
        return desk.sign(desk.steward, drafted, yes)[0].bundle

    def found(self) -> Bundle:
        """Publish the founding files."""
        bundle = self.bundle()
        self.exchange.publish(bundle, self.site.card.founding_token)
        return bundle

    def renew(self) -> None:
        """Publish the targets once more, under their next version."""
        desk = self.desk
        view = desk.propose.renew(desk.steward)
        proposal = Proposal.read(Path(view.file).read_bytes())
        self.exchange.publish(desk.sign(desk.steward, proposal, yes)[0].bundle, None)


@dataclass
class Knock:
    """A program that used a join code of `founder`."""

    founder: Founder

    def __post_init__(self) -> None:
        desk = self.founder.desk
        code = desk.issue(desk.steward, "Medicine Hat")
        self.join = code.join
        self.newcomer = Newcomer(NODE)
        self.request = self.newcomer.ask(code.code, self.founder.clock.now())
        self.founder.site.knock(self.newcomer, self.join, self.request)

    @property
    def progress(self) -> JoinProgress:
        return self.founder.exchange.join(self.join)

    def challenge(self) -> bytes:
        """A challenge by the steward, signed and not sent."""
        return make_challenge(
            self.join,
            bytes(32),
            to=self.newcomer.sealing.public,
            admissions=self.founder.desk.steward.admissions_key(),
            now=to_moment(self.founder.clock.now()),
        )

    def refusal(self) -> bytes:
        """A no by the steward, signed and not sent."""
        admissions = self.founder.desk.steward.admissions_key()
        return sign_refusal(self.join, admissions=admissions, now=to_moment(self.founder.clock.now()))

    def answer(self) -> str:
        """Open the challenge that lies at the exchange, and say what was opened."""
        founder = self.founder
        admissions = founder.desk.steward.admissions_key().public
        answer = self.newcomer.answer(founder.site.challenge_of(self.join), self.join, admissions, founder.clock.now())
        founder.site.answer(self.newcomer, self.join, answer)
        return answer
