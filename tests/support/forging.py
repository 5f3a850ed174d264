"""Letters made by hand, so that any part of them may be wrong: claims, header, signer, kind of signature, seal."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from federation.ground.engine import transaction
from protocol import jws
from protocol.bodies import Body, Kind
from protocol.documents import to_moment
from protocol.envelope import LIFETIME, Envelope, EnvelopeHeader, seal_envelope
from protocol.ids import MessageId, ThreadId, sha256_hex, uuid7
from protocol.keys import SealingKey, SigningKey
from protocol.parsing import unb64u
from protocol.receipts import read_receipt
from tests.support.federation import END, NEED, Federation, Program


@dataclass
class Forger:
    """Writes in the name of `sender` with its real keys, outside its program; keeps one honest chain."""

    federation: Federation
    sender: Program
    receiver: Program
    thread: ThreadId = field(init=False)
    inners: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.thread = ThreadId(uuid7(self.federation.clock.now(), os.urandom(10)))

    def key(self) -> SigningKey:
        with transaction(self.sender.engine) as connection:
            return self.sender.member.identity.signing_key(connection, self.federation.clock.now())

    def claims(self, kind: Kind | str, body: Body, **changed: object) -> dict[str, object]:
        """What an honest sender would claim for the next place of its chain, but for what is changed."""
        now = self.federation.clock.now()
        with transaction(self.sender.engine) as connection:
            statement = self.sender.member.identity.statement(connection, now)
        honest: dict[str, object] = {
            "iss": self.sender.node,
            "to": self.receiver.node,
            "id": uuid7(now, os.urandom(10)),
            "thread": self.thread,
            "n": len(self.inners) + 1,
            "prev": sha256_hex(self.inners[-1]) if self.inners else None,
            "seen_peer": None,
            "type": str(kind),
            "iat": to_moment(now),
            "exp": to_moment(now + LIFETIME),
            "seen": {"root": 1, "targets": 1, "suspensions": 1},
            "keys": statement.ref.model_dump(),
            "body": body.model_dump(mode="json"),
        }
        return honest | changed

    def inner(
        self,
        kind: Kind | str = Kind.REQUEST_OPEN,
        body: Body = NEED,
        *,
        key: SigningKey | None = None,
        typ: jws.Typ = jws.Typ.MESSAGE,
        **changed: object,
    ) -> bytes:
        return jws.sign(json.dumps(self.claims(kind, body, **changed)).encode(), typ=typ, key=key or self.key())

    def envelope(
        self, inner: bytes, *, seal_to: SealingKey | None = None, header: Mapping[str, object] | None = None
    ) -> Envelope:
        claims = json.loads(jws.claimed_payload(inner, typ=jws.Typ(_typ(inner))))
        honest: dict[str, object] = {
            "to": self.receiver.node,
            "sender": self.sender.node,
            "id": claims["id"],
            "sent_at": claims["iat"],
            "expires_at": claims["exp"],
        }
        sealing = seal_to or self.sealing_key()
        whole = EnvelopeHeader.model_validate(honest | {"kid": sealing.key_id} | dict(header or {}))
        return seal_envelope(whole, inner, sealing)

    def sealing_key(self) -> SealingKey:
        with transaction(self.receiver.engine) as connection:
            return self.receiver.member.identity.newest(connection).sealing[0]

    def slip(self, envelope: Envelope) -> MessageId:
        """Put an envelope into the receiver's mailbox behind the sender's back."""
        self.federation.exchange.put_item(
            self.receiver.node,
            kind="envelope",
            name=envelope.header.id,
            sender=envelope.header.sender,
            data=envelope.raw,
        )
        return MessageId(envelope.header.id)

    def send(self, kind: Kind | str = Kind.REQUEST_OPEN, body: Body | None = None, **changed: object) -> MessageId:
        """An honest letter, but for what is changed, sealed and in the mailbox."""
        claims = self.claims(kind, body or (NEED if kind is Kind.REQUEST_OPEN else END), **changed)
        inner = jws.sign(json.dumps(claims).encode(), typ=jws.Typ.MESSAGE, key=self.key())
        self.inners.append(inner)
        return self.slip(self.envelope(inner))

    def receipts(self) -> dict[str, str]:
        """Outcomes of the receipts that lie in the sender's mailbox, by letter."""
        held = self.federation.exchange.mailboxes.get(self.sender.node, [])
        found = [read_receipt(item.data) for item in held if item.kind == "receipt"]
        return {receipt.message: receipt.error or receipt.outcome.value for receipt in found}


def _typ(inner: bytes) -> str:
    return str(json.loads(unb64u(inner.decode().split(".")[0]))["typ"])
