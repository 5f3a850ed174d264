"""An exchange in memory that keeps the contract of the real one, until a test makes it hostile.

It verifies hop signatures, so a member that signs wrongly is noticed; what it stores may be read and changed freely.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from federation.ground.clock import Clock
from federation.ground.hop import verify_request
from protocol import jws
from protocol.documents import to_moment
from protocol.envelope import parse_envelope
from protocol.errors import ProtocolError
from protocol.ids import KeyId, NodeId, sha256_hex
from protocol.joining import verify_request as verify_join
from protocol.keys import VerifyingKey
from protocol.receipts import read_receipt
from protocol.statements import KeyStatement
from protocol.summaries import claimed_summary
from tests.support.roster import URL, Stewards


@dataclass
class Held:
    """One item of a mailbox."""

    cursor: int
    kind: str
    id: str
    sender: str
    data: bytes
    acknowledged: bool = False


@dataclass
class SimulatedExchange:
    """Mailboxes, keys, summaries and the roster's files of one federation."""

    clock: Clock
    stewards: Stewards
    url: str = URL
    mailboxes: dict[str, list[Held]] = field(default_factory=dict)
    statements: dict[tuple[str, int], bytes] = field(default_factory=dict)
    summaries: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, bytes] = field(default_factory=dict)
    offers: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, bytes] = field(default_factory=dict)
    before_batch: Callable[[], None] | None = None
    """Something that happens while a batch is on its way."""
    refuses_uploads: bool = False
    joins: dict[str, dict[str, str | None]] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    always: int | None = None
    away: bool = False
    problem: str = "made-up"
    roster_files: dict[str, bytes] | None = None
    cursor: int = 0
    connector: Callable[[], httpx.AsyncClient] | None = None
    before_mailbox: Callable[[], None] | None = None
    refuses_keys: bool = False
    endless: bool = False
    has_board: bool = True
    only_singly: bool = False
    missing_batch: str | None = None
    refuses_receipts_of: set[str] = field(default_factory=set)

    def connect(self) -> httpx.AsyncClient:
        if self.connector is not None:
            return self.connector()
        return httpx.AsyncClient(transport=httpx.MockTransport(self.answer), trust_env=False)

    def put_item(self, owner: str, *, kind: str, name: str, sender: str, data: bytes) -> Held:
        """Slip something into a mailbox, as a hostile exchange would."""
        self.cursor += 1
        held = Held(cursor=self.cursor, kind=kind, id=name, sender=sender, data=data)
        self.mailboxes.setdefault(owner, []).append(held)
        return held

    def envelopes(self, owner: str) -> list[Held]:
        return [held for held in self.mailboxes.get(owner, []) if held.kind == "envelope"]

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.requests.append((request.method, path))
        if self.away:
            raise httpx.ConnectError("away", request=request)
        if path.startswith("/roster/"):
            files = self.stewards.files if self.roster_files is None else self.roster_files
            found = files.get(path.removeprefix("/roster/"))
            return httpx.Response(404) if found is None else httpx.Response(200, content=found)
        if self.always is not None:
            return httpx.Response(self.always, json={"code": self.problem})
        try:
            return self._route(request, path.split("/")[2:])
        except ProtocolError as error:
            return httpx.Response(error.status, json={"code": error.code})

    def _route(self, request: httpx.Request, steps: list[str]) -> httpx.Response:
        if steps[0] == "join":
            return self._join(request, steps[1:])
        caller = self._caller(request)
        routes = {"mailbox": self._mailbox, "keys": self._keys, "summaries": self._summaries, "needs": self._needs}
        routes |= {"offers": self._offers, "attestations": self._upload}
        return routes[steps[0]](request, steps[1:], caller)

    def _caller(self, request: httpx.Request) -> NodeId:
        owners: dict[KeyId, NodeId] = {}
        for member in self.stewards.members:
            owners[VerifyingKey.from_jwk(member.identity).key_id] = NodeId(member.id)
        keys = {VerifyingKey.from_jwk(member.identity).key_id: member.identity for member in self.stewards.members}
        for (node, _), token in self.statements.items():
            statement = KeyStatement.parse(jws.claimed_payload(token, typ=jws.Typ.KEYS), limit=100_000)
            for key in statement.sign:
                owners[key.key_id], keys[key.key_id] = NodeId(node), key

        def resolve(key_id: KeyId) -> Ed25519PublicKey | None:
            found = keys.get(key_id)
            return None if found is None else Ed25519PublicKey.from_public_bytes(VerifyingKey.from_jwk(found).raw)

        hop = verify_request(
            request.method,
            str(request.url),
            dict(request.headers),
            request.content,
            resolve_key=resolve,
            now=self.clock.now(),
        )
        return owners[hop.key_id]

    def _mailbox(self, request: httpx.Request, steps: list[str], caller: NodeId) -> httpx.Response:
        if request.method == "PUT":
            return self._put(request.content, steps[0], steps[1], caller)
        if request.method == "POST" and steps == ["send"]:
            return self._send(json.loads(request.content), caller)
        if request.method == "POST":
            acknowledged = self._acknowledge(json.loads(request.content), caller)
            if "wait" not in request.url.params or self.only_singly or acknowledged.is_error:
                return acknowledged
            return httpx.Response(200, json=acknowledged.json() | self._page(request, caller))
        return httpx.Response(200, json=self._page(request, caller))

    def _page(self, request: httpx.Request, caller: NodeId) -> dict[str, object]:
        if self.before_mailbox is not None:
            self.before_mailbox()
        limit, mine = int(request.url.params.get("limit", 100)), self.mailboxes.get(caller, [])
        # Without a cursor what waits; beyond one everything, for a member that was restored.
        after = int(request.url.params.get("after", -1))
        waiting = [held for held in mine if held.cursor > after and not (after < 0 and held.acknowledged)]
        items = [
            {
                "cursor": held.cursor,
                "kind": held.kind,
                "id": held.id,
                "from": held.sender,
                "data": base64.b64encode(held.data).decode(),
            }
            for held in waiting[:limit]
        ]
        return {"items": items, "more": len(waiting) > limit or self.endless}

    def _send(self, body: dict[str, list[str]], caller: NodeId) -> httpx.Response:
        if self.only_singly:
            return httpx.Response(404, json={"code": "not-found"})
        return httpx.Response(200, json={"results": [self._sent(text, caller) for text in body["envelopes"]]})

    def _sent(self, text: str, caller: NodeId) -> dict[str, object]:
        raw = base64.b64decode(text)
        try:
            header = parse_envelope(raw).header
        except ProtocolError as error:
            return {"status": error.status, "code": error.code}
        answer = self._put(raw, header.to, header.id, caller)
        return {"status": answer.status_code, **answer.json()}

    def _put(self, raw: bytes, to: str, name: str, caller: NodeId) -> httpx.Response:
        digest = sha256_hex(raw)
        known = next((held for held in self.envelopes(to) if held.id == name), None)
        if known is not None and sha256_hex(known.data) != digest:
            return httpx.Response(409, json={"code": "id-taken"})
        if known is None:
            self.put_item(to, kind="envelope", name=name, sender=caller, data=raw)
        answer = {"id": name, "digest": digest, "accepted_at": to_moment(self.clock.now())}
        return httpx.Response(201 if known is None else 200, json=answer)

    def _acknowledge(self, body: dict[str, list[str]], caller: NodeId) -> httpx.Response:
        if {read_receipt(token.encode()).message for token in body["receipts"]} & self.refuses_receipts_of:
            return httpx.Response(422, json={"code": "receipt-invalid"})
        named = list(body["discard"])
        for token in body["receipts"]:
            receipt = read_receipt(token.encode())
            named.append(receipt.message)
            waiting = [held for held in self.envelopes(caller) if held.id == receipt.message and not held.acknowledged]
            if waiting:
                self.put_item(receipt.to, kind="receipt", name=receipt.jti, sender=caller, data=token.encode())
        for held in self.mailboxes.get(caller, []):
            held.acknowledged = held.acknowledged or held.id in named
        return httpx.Response(200, json={"acknowledged": named, "unknown": []})

    def _keys(self, request: httpx.Request, steps: list[str], caller: NodeId) -> httpx.Response:
        node = steps[0]
        if request.method == "PUT":
            assert node == caller
            if self.refuses_keys:
                return httpx.Response(409, json={"code": "key-taken"})
            self.statements[node, int(steps[1])] = request.content
            return httpx.Response(201, json={})
        versions = [version for owner, version in self.statements if owner == node]
        version = int(steps[1]) if len(steps) > 1 else max(versions, default=0)
        found = self.statements.get((node, version))
        return (
            httpx.Response(404, json={"code": "item-unknown"}) if found is None else httpx.Response(200, content=found)
        )

    def _summaries(self, request: httpx.Request, steps: list[str], caller: NodeId) -> httpx.Response:
        if steps == ["index"]:
            entries = [
                {"node": node, "sha256": sha256_hex(token), "seq": claimed_summary(token).seq}
                for node, token in sorted(self.summaries.items())
            ]
            return httpx.Response(200, json={"summaries": entries})
        if request.method == "PUT":
            assert steps[0] == caller
            self.summaries[caller] = request.content
            return httpx.Response(201, json={})
        return httpx.Response(200, content=self.summaries[steps[0]])

    def _needs(self, request: httpx.Request, steps: list[str], _caller: NodeId) -> httpx.Response:
        if request.method == "PUT":
            return self._upload(request, steps, _caller)
        if not self.has_board:
            return httpx.Response(404, json={"code": "item-unknown"})
        if steps:
            if self.before_batch is not None:
                self.before_batch()
            found = None if steps[0] == self.missing_batch else self.batches.get(steps[0])
            return httpx.Response(404) if found is None else httpx.Response(200, content=found)
        overview = {"open": "2027-W01", "closes_at": self.clock.now().isoformat(), "released": list(self.batches)[::-1]}
        return httpx.Response(200, json=overview)

    def _offers(self, request: httpx.Request, steps: list[str], _caller: NodeId) -> httpx.Response:
        found = self.offers.get(steps[0])
        return httpx.Response(404) if found is None else httpx.Response(200, content=found)

    def _upload(self, request: httpx.Request, steps: list[str], _caller: NodeId) -> httpx.Response:
        if self.refuses_uploads:
            return httpx.Response(409, json={"code": "batch-closed"})
        self.uploads[steps[-1]] = request.content
        return httpx.Response(200, json={})

    def _join(self, request: httpx.Request, steps: list[str]) -> httpx.Response:
        if request.method == "POST" and not steps:
            asked, _ = verify_join(request.content, self.clock.now())
            fresh: dict[str, str | None] = {
                "state": "pending",
                "request": request.content.decode(),
                "challenge": None,
                "answer": None,
            }
            held = self.joins.setdefault(asked.jti, fresh)
            return httpx.Response(200 if held["request"] == request.content.decode() else 409, json=held)
        held = self.joins[steps[0]]
        if request.method == "POST":
            held.update({"answer": request.content.decode(), "state": "answered"})
        return httpx.Response(200, json=held)
