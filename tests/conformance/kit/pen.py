"""Letters of the kit's own member to the node under test, honest but for what a check changes."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from protocol import jws
from protocol.bodies import Body, Kind, ThreadResynced
from protocol.documents import to_moment
from protocol.envelope import LIFETIME, EnvelopeHeader, parse_envelope, seal_envelope
from protocol.ids import NodeId, ThreadId, sha256_hex, uuid7
from protocol.keys import OpeningKey, SealingKey, SigningKey
from protocol.messages import VerifiedMessage, open_envelope
from protocol.receipts import VerifiedReceipt, verify_receipt
from protocol.statements import KeyStatement
from tests.conformance.kit.stage import Stage
from tests.support.simulated_exchange import Held

_LIMIT = 100_000


@dataclass(slots=True)
class Pen:
    """Writes one thread to the node, and reads what comes back."""

    stage: Stage
    thread: ThreadId = field(init=False)
    inners: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.thread = ThreadId(uuid7(self.stage.clock.now(), os.urandom(10)))

    def inner(
        self,
        kind: Kind,
        body: Body,
        *,
        typ: jws.Typ = jws.Typ.MESSAGE,
        key: SigningKey | None = None,
        **changed: object,
    ) -> bytes:
        """A signed letter at the next place of the chain, but for what is changed."""
        return jws.sign(self._claims(kind, body, changed), typ=typ, key=key or self.stage.peer.signing)

    def _claims(self, kind: Kind, body: Body, changed: Mapping[str, object]) -> bytes:
        now, peer = self.stage.clock.now(), self.stage.peer
        claims: dict[str, object] = {
            "iss": peer.node,
            "to": self.stage.node,
            "id": uuid7(now, os.urandom(10)),
            "thread": self.thread,
            "n": len(self.inners) + 1,
            "prev": sha256_hex(self.inners[-1]) if self.inners else None,
            "seen_peer": None,
            "type": kind.value,
            "iat": to_moment(now),
            "exp": to_moment(now + LIFETIME),
            "seen": {"root": 1, "targets": 1, "suspensions": 1},
            "keys": {"version": peer.version, "hash": sha256_hex(self.stage.statement)},
            "body": body.model_dump(mode="json"),
        }
        return json.dumps(claims | dict(changed)).encode()

    def slip(self, inner: bytes, *, typ: jws.Typ = jws.Typ.MESSAGE, unopenable: bool = False) -> Held:
        """Seal a letter and put it into the node's mailbox."""
        claims = json.loads(jws.claimed_payload(inner, typ=typ))
        sealing = self._sealing()
        header = EnvelopeHeader(
            to=self.stage.node,
            sender=self.stage.peer.node,
            id=claims["id"],
            sent_at=claims["iat"],
            expires_at=claims["exp"],
            kid=sealing.key_id,
        )
        sealed = seal_envelope(header, inner, OpeningKey.generate().public if unopenable else sealing)
        return self.hand_over(claims["id"], sealed.raw)

    def hand_over(self, name: str, raw: bytes) -> Held:
        """Put an envelope into the node's mailbox."""
        put = self.stage.exchange.put_item
        return put(self.stage.node, kind="envelope", name=name, sender=self.stage.peer.node, data=raw)

    def send(self, kind: Kind, body: Body, **changed: object) -> Held:
        """An honest letter, but for what is changed, at the next place of its chain."""
        inner = jws.sign(self._claims(kind, body, changed), typ=jws.Typ.MESSAGE, key=self.stage.peer.signing)
        if changed.get("n") != 0:
            self.inners.append(inner)
        return self.slip(inner)

    def receipts(self, held: Held) -> list[VerifiedReceipt]:
        """The receipts of the node for one letter. Raises: ProtocolError when one does not hold."""
        home = [item.data for item in self.stage.exchange.mailboxes.get(self.stage.peer.node, []) if _is_receipt(item)]
        node, peer, now = self.stage.node, self.stage.peer.node, self.stage.clock.now()
        read = [verify_receipt(token, keys=self.stage.keys, receiver=node, sender=peer, now=now) for token in home]
        return [receipt for receipt in read if receipt.message == held.id]

    def discarded(self, held: Held) -> bool:
        """Whether the node set a letter aside without a receipt."""
        acks = [json.loads(heard.asked.body) for heard in self.stage.requests("POST", "/v1/mailbox/ack")]
        return any(held.id in ack["discard"] for ack in acks)

    def letters(self) -> list[VerifiedMessage]:
        """What the node wrote in this thread. Raises: ProtocolError when one does not hold."""
        peer, now = self.stage.peer, self.stage.clock.now()
        envelopes = [parse_envelope(held.data) for held in self.stage.exchange.envelopes(peer.node)]
        opened = [
            open_envelope(each, key=peer.opening, sender_keys=self.stage.keys, node=NodeId(peer.node), now=now)
            for each in envelopes
        ]
        return [message for message in opened if message.thread == self.thread]

    def resynced(self) -> list[ThreadResynced]:
        """The answers of the node to questions for missing letters."""
        return [message.body for message in self.letters() if isinstance(message.body, ThreadResynced)]

    def _sealing(self) -> SealingKey:
        newest = self.stage.statements[max(self.stage.statements)]
        claims = KeyStatement.parse(jws.claimed_payload(newest, typ=jws.Typ.KEYS), limit=_LIMIT)
        return SealingKey.from_jwk(claims.seal[0])


def _is_receipt(item: Held) -> bool:
    return item.kind == "receipt"
