"""A member that posts to the need board and reads it, request by request, as a node would."""

import os

from protocol.documents import to_moment
from protocol.ids import sha256_hex
from protocol.jws import Typ, by_id
from protocol.jws import sign as sign_jws
from protocol.keys import OpeningKey, SealingKey, VerifyingKey
from protocol.needs import Attestation, Batch, BoardKind, NeedCard, NeedUpload, seal_upload, verify_batch
from protocol.parsing import b64u
from protocol.statements import StatementRef
from protocol.vocabulary import Mode
from tests.support.exchange import JOSE, Federation, Peer

OCTETS = "application/octet-stream"


class Poster:
    """A member that posts cards and offers."""

    def __init__(self, exchange: Federation, peer: Peer) -> None:
        self.exchange = exchange
        self.peer = peer

    @property
    def board(self) -> SealingKey:
        return SealingKey.from_jwk(self.exchange.stewards.public.board.seal)

    async def attest(self, waiting: int, quarter: str = "2027-Q1") -> None:
        claims = Attestation(
            iss=self.peer.node,
            quarter=quarter,
            waiting=waiting,
            coordinator="A" * 43,
            iat=to_moment(self.exchange.clock.now()),
            keys=StatementRef(version=1, hash=sha256_hex(b"")),
        )
        token = sign_jws(claims.encode(), typ=Typ.ATTESTATION, key=self.peer.signing)
        path = f"/v1/attestations/{quarter}"
        response = await self.exchange.send("PUT", path, peer=self.peer, body=token, media=JOSE)
        assert response.status_code == 200

    async def open_batch(self) -> str:
        response = await self.exchange.send("GET", "/v1/needs", peer=self.peer)
        return str(response.json()["open"])

    async def upload(
        self, kind: BoardKind, content: bytes, *, batch: str | None = None, upload: str | None = None
    ) -> tuple[int, str]:
        batch = batch or await self.open_batch()
        upload = upload or b64u(os.urandom(16))
        body = seal_upload(content, kind=kind, batch=batch, upload=upload, board=self.board)
        return await self.put(kind, batch, upload, body)

    async def put(self, kind: BoardKind, batch: str, upload: str, body: bytes) -> tuple[int, str]:
        path = f"/v1/{kind.value}/{batch}/{upload}"
        response = await self.exchange.send("PUT", path, peer=self.peer, body=body, media=OCTETS)
        return response.status_code, str(response.json().get("code", ""))

    async def post(self, card: NeedCard) -> tuple[int, str]:
        return await self.upload(BoardKind.NEEDS, NeedUpload(card=card).encode())

    async def read(self, kind: BoardKind, batch: str) -> Batch:
        response = await self.exchange.send("GET", f"/v1/{kind.value}/{batch}", peer=self.peer)
        assert response.status_code == 200, response.text
        keys = by_id(VerifyingKey.from_jwk(self.exchange.stewards.public.board.sign))
        return verify_batch(response.content, keys=keys, kind=kind, batch=batch)


def card(key: OpeningKey | None = None, *, occupation: str = "21300", secret: bytes = b"s" * 32) -> NeedCard:
    return NeedCard(
        occupation=occupation,
        tier=1,
        mode=Mode.ONLINE,
        key=(key or OpeningKey.generate()).public.jwk,
        close=sha256_hex(secret),
    )
