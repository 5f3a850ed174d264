"""A federation for one foreign node: exchange and stewards are played over real HTTP, and one member writes to it.

Everything the node asks is kept, with what is wrong about its signature. What it must do is left to `node`.
"""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from json import dumps

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from federation.ground.clock import Clock
from federation.ground.hop import verify_request
from protocol import jws
from protocol.documents import to_moment
from protocol.errors import ProtocolError
from protocol.hop import VerifiedHop
from protocol.ids import JoinId, KeyId, NodeId, sha256_hex, uuid7
from protocol.joining import CODE_LIFETIME, JoinCode, JoinRequest, sign_code
from protocol.keys import VerifyingKey
from protocol.statements import KeyStatement
from tests.conformance.kit.rules import holds
from tests.support.exchange import Peer
from tests.support.roster import Stewards
from tests.support.simulated_exchange import SimulatedExchange
from tests.support.site import Answer, Asked, Site, serving

Twist = Callable[[Asked, Callable[[], Answer]], Answer]
Turn = Callable[[], None]
NOBODY = NodeId("")
_LIMIT = 100_000
_OPEN = ("/roster/", "/v1/time", "/v1/status", "/healthz", "/readyz")


def honest(_asked: Asked, answer: Callable[[], Answer]) -> Answer:
    return answer()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One request of the node, what was answered, and what its signature was worth."""

    at: datetime
    asked: Asked
    status: int
    hop: VerifiedHop | None
    wrong: str

    def does(self, method: str, path: str) -> bool:
        """Whether it is a request of this kind."""
        return self.asked.method == method and self.asked.path.startswith(path)


@dataclass(slots=True, kw_only=True)
class Stage:
    """One federation. `turn` lets some time pass for the node; `operator` asks its operator to do something there."""

    clock: Clock
    site: Site
    stewards: Stewards
    exchange: SimulatedExchange
    peer: Peer
    turn: Turn
    turns: int
    operator: Callable[[str], None]
    statement: bytes = b""
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    join: JoinId = field(init=False)
    node: NodeId = NOBODY
    heard: list[Heard] = field(default_factory=list)
    twist: Twist = honest

    def __post_init__(self) -> None:
        self.join = JoinId(uuid7(self.clock.now(), os.urandom(10)))

    @property
    def code(self) -> str:
        """What the operator of the node joins with."""
        now, root = self.clock.now(), self.stewards.files["1.root.json"]
        code = JoinCode(
            jti=self.join,
            exchange=self.site.url,
            root_version=1,
            root_sha256=sha256_hex(root),
            secret=self.secret,
            iat=to_moment(now),
            exp=to_moment(now + CODE_LIFETIME),
        )
        return sign_code(code, self.stewards.admissions[0]).decode()

    def until(self, happened: Callable[[], object], otherwise: str) -> None:
        """Give the node time until something happened. Raises: ViolationError."""
        for _ in range(self.turns):
            if happened():
                return
            self.renew()
            self.turn()
        holds(happened(), otherwise)

    def rounds(self, number: int = 1) -> None:
        """Give the node time to read its mailbox so many times more. Raises: ViolationError."""
        reads = self.count("GET", "/v1/mailbox") + number
        self.until(lambda: self.count("GET", "/v1/mailbox") >= reads, "the mailbox is not read any more")

    def count(self, method: str, path: str) -> int:
        """How often the node asked for something."""
        return len(self.requests(method, path))

    def requests(self, method: str, path: str) -> list[Heard]:
        """What the node asked for."""
        return [heard for heard in self.heard if heard.does(method, path)]

    def renew(self) -> None:
        """The stewards' daily work."""
        if self.clock.now() - self.stewards.now > timedelta(hours=6):
            self.stewards.now = self.clock.now()
            self.stewards.publish()

    @property
    def statements(self) -> Mapping[int, bytes]:
        """The key statements the node published, by version."""
        return {version: token for (node, version), token in self.exchange.statements.items() if node == self.node}

    @property
    def keys(self) -> dict[KeyId, VerifyingKey]:
        """Every signing key the node published, and its identity key."""
        found = [VerifyingKey.from_jwk(member.identity) for member in self.stewards.members if member.id == self.node]
        for token in self.statements.values():
            claims = KeyStatement.parse(jws.claimed_payload(token, typ=jws.Typ.KEYS), limit=_LIMIT)
            found += [VerifyingKey.from_jwk(key) for key in claims.sign]
        return {key.key_id: key for key in found}

    def answer(self, asked: Asked) -> Answer:
        """What the played exchange answers, and keep what was asked."""
        hop, wrong = None, ""
        if not asked.path.startswith(_OPEN):
            try:
                hop = self._verified(asked)
            except ProtocolError as error:
                wrong = str(error.params.get("reason", error.code))
        said = self.twist(asked, lambda: self._honestly(asked))
        self.heard.append(Heard(at=self.clock.now(), asked=asked, status=said.status, hop=hop, wrong=wrong))
        return said

    def _honestly(self, asked: Asked) -> Answer:
        if asked.path == "/v1/time":
            return Answer(200, dumps({"unix": to_moment(self.clock.now())}).encode())
        if asked.path.startswith(_OPEN[2:]):
            return Answer(404)
        said = self.exchange.answer(_request(self._url(asked), asked))
        return Answer(said.status_code, said.content, {"content-type": "application/json"})

    def _verified(self, asked: Asked) -> VerifiedHop:
        known = {key: found.raw for key, found in self.keys.items()} | self._asker(asked)

        def resolve(key: KeyId) -> Ed25519PublicKey | None:
            return Ed25519PublicKey.from_public_bytes(known[key]) if key in known else None

        headers = {name: value for name, value in asked.headers.items() if name != "content-length"}
        return verify_request(
            asked.method, self._url(asked), headers, asked.body, resolve_key=resolve, now=self.clock.now()
        )

    def _asker(self, asked: Asked) -> dict[KeyId, bytes]:
        """The identity key of whoever joins: it is not in the roster yet."""
        tokens = [str(held["request"]).encode() for held in self.exchange.joins.values()]
        tokens += [asked.body] if (asked.method, asked.path) == ("POST", "/v1/join") else []
        asking = [JoinRequest.parse(jws.claimed_payload(t, typ=jws.Typ.JOIN_REQUEST), limit=_LIMIT) for t in tokens]
        keys = [VerifyingKey.from_jwk(request.identity) for request in asking]
        return {key.key_id: key.raw for key in keys}

    def _url(self, asked: Asked) -> str:
        return self.site.url + asked.path + ("?" + asked.query if asked.query else "")


def _request(url: str, asked: Asked) -> httpx.Request:
    return httpx.Request(asked.method, url, headers=dict(asked.headers), content=asked.body)


@contextmanager
def staged(clock: Clock, turn: Turn, *, turns: int, operator: Callable[[str], None]) -> Iterator[Stage]:
    """A federation with one member, which is ours, and a join code for another."""
    stages: list[Stage] = []
    with serving(lambda asked: stages[0].answer(asked)) as site:  # noqa: PLW0108 - the stage is made in the block
        stewards = Stewards(clock.now(), url=site.url)
        exchange, peer = SimulatedExchange(clock, stewards, url=site.url, only_singly=True), Peer(clock=clock)
        stewards.admit(peer.node, peer.identity.public, "The kit")
        stewards.publish()
        stage = Stage(
            clock=clock,
            site=site,
            stewards=stewards,
            exchange=exchange,
            peer=peer,
            turn=turn,
            turns=turns,
            operator=operator,
            statement=peer.statement(),
        )
        exchange.statements[peer.node, peer.version] = stage.statement
        stages.append(stage)
        yield stage
