"""An exchange in memory: it publishes a roster by the real rules, carries join documents, and can be made to lie.

Stands in for the network in tests of the stewards' side; the real exchange is used in integration tests.
"""

import base64
import json
from copy import copy
from dataclasses import dataclass, field, replace

import httpx
from securesystemslib.signer._crypto_signer import CryptoSigner
from securesystemslib.signer._key import SSlibKey

from federation.exchange.adapters.tuf import OnlineSigners, TufKeeper
from federation.exchange.domain.publication import Bundle, Standing
from federation.governance.domain.cards import ExchangeCard
from federation.ground.clock import Clock
from protocol.errors import ProtocolError
from protocol.keys import OpeningKey, SigningKey
from protocol.roster import BoardKeys

URL = "https://exchange.example"
TOKEN = "founding-token-of-this-test"


def _signer(key: SigningKey) -> CryptoSigner:
    public = SSlibKey(key.key_id, "ed25519", "ed25519", {"public": key.public.raw.hex()})
    return CryptoSigner(key.private, public)


@dataclass
class Join:
    """What the exchange holds for one join id."""

    request: str
    challenge: str | None = None
    answer: str | None = None
    refused: bool = False
    admitted: bool = False

    @property
    def state(self) -> str:
        if self.refused or self.admitted:
            return "refused" if self.refused else "admitted"
        if self.answer is not None:
            return "answered"
        return "pending" if self.challenge is None else "challenged"


@dataclass
class RosterSite:
    """Serves what was published; `files` may be changed to make it lie, `away` cuts the wire."""

    clock: Clock
    files: dict[str, bytes] = field(default_factory=dict)
    joins: dict[str, Join] = field(default_factory=dict)
    away: bool = False
    broken: bool = False
    standing: Standing | None = None
    published: int = 0

    def __post_init__(self) -> None:
        self._snapshot, self._timestamp = SigningKey.generate(), SigningKey.generate()
        sign, seal = SigningKey.generate(), OpeningKey.generate()
        board = BoardKeys(sign=sign.public.jwk, seal=seal.public.jwk)
        signers = OnlineSigners(snapshot=_signer(self._snapshot), timestamp=_signer(self._timestamp))
        self.keeper = TufKeeper(signers, (board.sign, board.seal))
        self.card = ExchangeCard(
            url=URL,
            snapshot=self._snapshot.public.jwk,
            timestamp=self._timestamp.public.jwk,
            board=board,
            founding_token=TOKEN,
        )

    def copied(self, clock: Clock) -> "RosterSite":
        """The same exchange under another clock."""
        other = copy(self)
        other.clock, other.files, other.joins = clock, dict(self.files), dict(self.joins)
        return other

    def connect(self, _url: str) -> httpx.AsyncClient:
        """A client whose wire ends here."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def renew(self) -> None:
        """Sign snapshot and timestamp anew, as the exchange does by itself."""
        assert self.standing is not None
        online = self.keeper.renew(self.standing, self.clock.now())
        self.standing = replace(self.standing, versions=online.versions)
        self.files.update(online.files)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("away")
        if self.broken:
            return httpx.Response(503)
        path = request.url.path
        if path.startswith("/roster/"):
            found = self.files.get(path.removeprefix("/roster/"))
            return httpx.Response(404) if found is None else httpx.Response(200, content=found)
        try:
            if path == "/v1/roster/staged":
                return self._publish(request)
            return self._join(request)
        except ProtocolError as error:
            return httpx.Response(error.status, json={"code": error.code})

    def _publish(self, request: httpx.Request) -> httpx.Response:
        if self.standing is None and request.headers.get("mentorweave-founding") != TOKEN:
            return httpx.Response(403, json={"code": "founding-token"})
        content = json.loads(request.content)
        bundle = Bundle(
            metadata=tuple(base64.b64decode(text) for text in content["metadata"]),
            targets={name: base64.b64decode(text) for name, text in content["targets"].items()},
        )
        publication = self.keeper.check(self.standing, bundle, self.clock.now())
        self.standing = publication.standing
        self.files |= {**publication.files, **publication.online.files}
        self.published += 1
        return httpx.Response(200, json={})

    def _join(self, request: httpx.Request) -> httpx.Response:
        _, _, _, join, *step = request.url.path.split("/")
        found = self.joins.get(join)
        if found is None:
            return httpx.Response(404, json={"code": "no-such-item"})
        if step == ["challenge"]:
            found.challenge = request.content.decode()
        if step == ["refuse"]:
            found.refused = True
        return httpx.Response(
            200,
            json={
                "state": found.state,
                "request": found.request,
                "challenge": found.challenge,
                "answer": found.answer,
            },
        )
