"""The operations that test vectors name, each run through the one obvious function of `protocol` (or of the hop)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from federation.ground import hop
from protocol import jws, parsing, statements, summaries
from protocol.canonical import canonicalise
from protocol.envelope import parse_envelope
from protocol.ids import JoinId, parse_digest, parse_message_id, parse_node_id
from protocol.joining import (
    JoinRequest,
    check_mac,
    verify_answer,
    verify_challenge,
    verify_code,
    verify_refusal,
    verify_request,
)
from protocol.keys import OpeningKey, SealingKey, SigningKey, VerifyingKey, WordList, six_words
from protocol.messages import VerifiedMessage, open_envelope, verify_message
from protocol.needs import (
    BoardKind,
    open_offer,
    open_upload,
    read_upload,
    verify_attestation,
    verify_batch,
    verify_offer,
)
from protocol.notes import open_note
from protocol.parsing import Json, b64u
from protocol.receipts import verify_receipt
from protocol.roster import LIMIT, Cleared, Members, Policy, Suspensions, check_succession, standing, stick
from protocol.sealing import SealLabel, unseal
from tests.conformance.vectors.threads import judge, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from protocol.documents import Document
    from tests.conformance.vectors.case import Fields, Given


def _reading(document: Document) -> Fields:
    found: Fields = json.loads(document.encode())
    return found


def _parse_object(given: Given) -> Json:
    return parsing.parse_object(given.raw("bytes_hex"), limit=given.number("limit"))


def _base64url(given: Given) -> Json:
    return given.binary("text").hex()


def _canonicalise(given: Given) -> Json:
    return canonicalise(given.fields["value"]).decode()


def _id(given: Given) -> Json:
    kinds = {"node": parse_node_id, "message": parse_message_id, "digest": parse_digest}
    return kinds[given.text("kind")](given.text("text"))


def _thumbprint(given: Given) -> Json:
    jwk = given.jwk("jwk")
    kind = VerifyingKey if jwk.crv == "Ed25519" else SealingKey
    return kind.from_jwk(jwk).key_id


def _six_words(given: Given) -> Json:
    words = six_words(given.digest("root_sha256"), given.key("identity"), WordList(given.text("language")))
    return list(words)


def _verify_jws(given: Given) -> Json:
    found = jws.verify(given.token(), typ=jws.Typ(given.text("typ")), keys=given.keys())
    return {"payload": found.payload.decode(), "kid": found.key_id, "digest": found.digest}


def _verify_statement(given: Given) -> Json:
    found = statements.verify_statement(
        given.token(),
        node=given.node("node"),
        identity=given.key("identity"),
        now=given.moment(),
        min_version=given.number("min_version"),
    )
    if given.has("seen"):
        statements.check_succession(statements.StatementRef.model_validate(given.inside("seen").fields), found)
    return {
        "version": found.version,
        "hash": found.digest,
        "sign": [key.key_id for key in found.signing],
        "seal": [key.key_id for key in found.sealing],
    }


def _unseal(given: Given) -> Json:
    key = OpeningKey(given.binary("private"))
    label = SealLabel(given.text("label"))
    return unseal(given.binary("sealed"), key=key, label=label, context=given.raw("context_hex")).hex()


def _parse_envelope(given: Given) -> Json:
    found = parse_envelope(given.binary("envelope"))
    return {"header": _reading(found.header), "digest": found.digest}


def _message(message: VerifiedMessage) -> Fields:
    return {
        "id": message.message_id,
        "thread": message.thread,
        "type": message.kind.value,
        "body": _reading(message.body),
        "digest": message.digest,
    }


def _verify_message(given: Given) -> Json:
    return _message(verify_message(given.token(), keys=given.keys(), sender=given.node("sender")))


def _open_envelope(given: Given) -> Json:
    message = open_envelope(
        parse_envelope(given.binary("envelope")),
        key=OpeningKey(given.binary("private")),
        sender_keys=given.keys(),
        node=given.node("node"),
        now=given.moment(),
    )
    return _message(message) | {"inner": message.inner.decode()}


def _open_note(given: Given) -> Json:
    identity = SigningKey(given.binary("identity_private"))
    return _reading(open_note(parse_envelope(given.binary("envelope")), identity=identity, now=given.moment()))


def _verify_receipt(given: Given) -> Json:
    found = verify_receipt(
        given.token(),
        keys=given.keys(),
        receiver=given.node("receiver"),
        sender=given.node("sender"),
        now=given.moment(),
    )
    return {
        "message": found.message,
        "envelope": found.envelope,
        "outcome": found.outcome.value,
        "error": found.error,
    }


def _verify_summary(given: Given) -> Json:
    found = summaries.verify_summary(given.token(), keys=given.keys(), node=given.node("node"), now=given.moment())
    if given.has("seen"):
        seen = given.inside("seen")
        position = summaries.Position(seen.number("key_version"), seen.number("seq"))
        summaries.check_order(position, seen.digest("digest"), found)
    return {"seq": found.summary.seq, "digest": found.digest, "summary": _reading(found.summary)}


_ROSTER: Mapping[str, type[Members | Policy | Suspensions]] = {
    "members.json": Members,
    "policy.json": Policy,
    "suspensions.json": Suspensions,
}


def _read_target(given: Given) -> Json:
    return _reading(_ROSTER[given.text("target")].parse(given.text("text").encode(), limit=LIMIT))


def _standing(given: Given) -> Json:
    members = Members.parse(given.text("members").encode(), limit=LIMIT)
    kept = frozenset(Suspensions.parse(given.text("kept").encode(), limit=LIMIT).entries)
    found = Suspensions.parse(given.text("found").encode(), limit=LIMIT)
    cleared: tuple[Cleared, ...] = members.cleared
    stuck = stick(kept, found, cleared)
    return standing(members, stuck, given.node("node"), at=given.moment()).value


def _check_succession(given: Given) -> Json:
    before, after = (Members.parse(given.text(name).encode(), limit=LIMIT) for name in ("before", "after"))
    check_succession(before, after)
    return True


def _open_upload(given: Given) -> Json:
    content = open_upload(
        given.binary("sealed"),
        kind=BoardKind(given.text("kind")),
        batch=given.text("batch"),
        upload=given.text("upload"),
        key=OpeningKey(given.binary("private")),
    )
    return _reading(read_upload(content)) if given.text("kind") == BoardKind.NEEDS else b64u(content)


def _open_offer(given: Given) -> Json:
    card = given.digest("card")
    token = open_offer(given.binary("sealed"), card, OpeningKey(given.binary("private")))
    return _reading(verify_offer(token, keys=given.keys(), host=given.node("host"), card=card))


def _verify_batch(given: Given) -> Json:
    kind = BoardKind(given.text("kind"))
    return _reading(verify_batch(given.token(), keys=given.keys(), kind=kind, batch=given.text("batch")))


def _verify_attestation(given: Given) -> Json:
    found = verify_attestation(
        given.token(),
        keys=given.keys(),
        node=given.node("node"),
        quarter=given.text("quarter"),
        now=given.moment(),
    )
    return _reading(found)


def _verify_code(given: Given) -> Json:
    return _reading(verify_code(given.token(), admissions=given.keys(), now=given.moment()))


def _verify_request(given: Given) -> Json:
    request, statement = verify_request(given.token(), given.moment())
    check_mac(request, statement, given.text("secret"))
    return _reading(JoinRequest.model_validate(request))


def _verify_challenge(given: Given) -> Json:
    challenge = verify_challenge(given.token(), join=JoinId(given.text("join")), admissions=given.keys())
    sealed = parsing.unb64u(challenge.sealed)
    key = OpeningKey(given.binary("private"))
    return b64u(unseal(sealed, key=key, label=SealLabel.JOIN, context=given.text("join").encode()))


def _verify_answer(given: Given) -> Json:
    join = JoinId(given.text("join"))
    verify_answer(given.token(), join=join, identity=given.key("identity"), opened=given.binary("opened"))
    return True


def _verify_refusal(given: Given) -> Json:
    verify_refusal(given.token(), join=JoinId(given.text("join")), admissions=given.keys())
    return True


def _verify_hop(given: Given) -> Json:
    headers = {name: str(value) for name, value in given.inside("headers").fields.items()}
    keys = {key.key_id: Ed25519PublicKey.from_public_bytes(key.raw) for key in given.keys().values()}
    found = hop.verify_request(
        given.text("method"),
        given.text("target_uri"),
        headers,
        given.text("body").encode(),
        resolve_key=keys.get,
        now=given.moment(),
    )
    return {"keyid": found.key_id, "nonce": found.nonce}


OPERATIONS: dict[str, Callable[[Given], Json]] = {
    "parse_object": _parse_object,
    "base64url": _base64url,
    "canonicalise": _canonicalise,
    "id": _id,
    "thumbprint": _thumbprint,
    "six_words": _six_words,
    "verify_jws": _verify_jws,
    "verify_statement": _verify_statement,
    "unseal": _unseal,
    "parse_envelope": _parse_envelope,
    "verify_message": _verify_message,
    "open_envelope": _open_envelope,
    "verify_receipt": _verify_receipt,
    "open_note": _open_note,
    "resolve_thread": resolve,
    "judge_link": judge,
    "verify_summary": _verify_summary,
    "read_target": _read_target,
    "standing": _standing,
    "check_succession": _check_succession,
    "open_upload": _open_upload,
    "open_offer": _open_offer,
    "verify_batch": _verify_batch,
    "verify_attestation": _verify_attestation,
    "verify_join_code": _verify_code,
    "verify_join_request": _verify_request,
    "verify_join_challenge": _verify_challenge,
    "verify_join_answer": _verify_answer,
    "verify_join_refusal": _verify_refusal,
    "verify_hop": _verify_hop,
}
