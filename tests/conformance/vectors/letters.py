"""Vectors of letters between two programs: key statements, seals, envelopes, messages and receipts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from protocol.bodies import BODIES, CONTROL, Kind
from protocol.envelope import MAGIC
from protocol.jws import Typ
from protocol.jws import sign as sign_jws
from protocol.messages import sign_message
from protocol.notes import SIZE, note_key
from protocol.parsing import b64u
from protocol.receipts import ReceiptOutcome, sign_receipt
from protocol.sealing import OVERHEAD, SealLabel, pad
from protocol.statements import sign_statement
from tests.conformance.vectors import hpke
from tests.conformance.vectors.case import Case
from tests.conformance.vectors.language import jwk
from tests.unit.protocol.builders import (
    AT,
    DAY,
    HOME,
    HOST,
    IDENTITY,
    OPEN,
    OTHER,
    SIGN,
    claims,
    header,
    inner,
    opening,
    seed,
    signing,
    statement,
)
from tests.unit.protocol.test_bodies import EXAMPLES
from tests.unit.protocol.test_notes import a_note
from tests.unit.protocol.test_receipts import RECEIVER, receipt

if TYPE_CHECKING:
    from protocol.keys import SigningKey
    from protocol.parsing import Json
    from tests.conformance.vectors.case import Fields

EPHEMERAL = seed("ephemeral")


def sealed(plaintext: bytes, *, to: str, label: SealLabel, context: bytes) -> bytes:
    """A seal to the key named `to` that comes out the same every time."""
    recipient = opening(to).public.raw
    return hpke.seal(plaintext, ephemeral=EPHEMERAL, recipient=recipient, label=label, context=context)


def _statement(name: str, error: str | None = None, key: SigningKey = IDENTITY, **changes: object) -> Case:
    given: Fields = {
        "token": sign_statement(statement(**changes), key).decode(),
        "node": HOME,
        "identity": jwk(IDENTITY.public.jwk),
        "now": AT,
        "min_version": 1,
    }
    return Case(name=name, operation="verify_statement", given=given, error=error)


def _seen(case: Case, version: int, digest: str) -> Case:
    seen: Fields = {"version": version, "hash": digest}
    return Case(name=case.name, operation=case.operation, given=case.given | {"seen": seen}, error=case.error)


def statements() -> list[Case]:
    """Key statements and their succession (02-keys)."""
    raised = _statement("keys below the least version", "statement-rollback")
    return [
        _statement("a first key statement"),
        _statement("a second one that names the first", version=2, prev="0" * 64),
        _statement("another identity key", "key-unknown", key=signing("thief")),
        _statement("keys of another program", "statement-invalid", iss=OTHER),
        _statement("more than ninety days", "statement-invalid", exp=AT + 90 * DAY + 1),
        _statement("an end before the beginning", "statement-invalid", exp=AT - 1),
        _statement("from the future", "statement-not-current", iat=AT + 301, exp=AT + DAY),
        _statement("past its time", "statement-not-current", iat=AT - DAY, exp=AT),
        _statement("a sealing key that signs", "key-malformed", sign=(OPEN.public.jwk,)),
        _statement("an unknown critical field", "critical-field-unknown", crit=("threshold",)),
        Case(name=raised.name, operation=raised.operation, given=raised.given | {"min_version": 2}, error=raised.error),
        _seen(_statement("a lower version than seen", "statement-rollback"), 2, "0" * 64),
        _seen(_statement("the seen version with another hash", "statement-fork"), 1, "0" * 64),
        _seen(
            _statement("the next version after another one", "statement-fork", version=2, prev="1" * 64), 1, "0" * 64
        ),
    ]


def _seal(name: str, error: str | None = None, **changes: Json) -> Case:
    made = sealed(b"content", to="host", label=SealLabel.CARD, context=b"context")
    given: Fields = {
        "sealed": b64u(made),
        "private": b64u(OPEN.raw),
        "label": SealLabel.CARD.value,
        "context_hex": b"context".hex(),
    }
    return Case(name=name, operation="unseal", given=given | changes, error=error)


def _envelope(content: bytes, **changes: object) -> bytes:
    head = header(**changes).encode()
    return _framed(head, content)


def _framed(head: bytes, content: bytes, padding: bytes | None = None) -> bytes:
    prefix = MAGIC + len(head).to_bytes(2, "big") + head
    size = 4_096 - len(prefix) - OVERHEAD
    plaintext = pad(content, size) if padding is None else (content + padding).ljust(size, b"\0")
    return prefix + sealed(plaintext, to="host", label=SealLabel.ENVELOPE, context=head)


def _swapped(envelope: bytes, head: bytes) -> bytes:
    """The seal of `envelope` under the same header with one space more."""
    spaced = head.replace(b",", b", ", 1)
    return MAGIC + len(spaced).to_bytes(2, "big") + spaced + envelope[len(MAGIC) + 2 + len(head) : -1]


def _parsed(name: str, raw: bytes, error: str | None = None) -> Case:
    return Case(name=name, operation="parse_envelope", given={"envelope": b64u(raw)}, error=error)


def _opened(name: str, raw: bytes, error: str | None = None, **changes: Json) -> Case:
    given: Fields = {
        "envelope": b64u(raw),
        "private": b64u(OPEN.raw),
        "keys": [jwk(SIGN.public.jwk)],
        "node": HOST,
        "now": AT,
    }
    return Case(name=name, operation="open_envelope", given=given | changes, error=error)


def _header(**changes: Json) -> bytes:
    whole: Fields = json.loads(header().encode())
    return json.dumps({name: value for name, value in (whole | changes).items() if value != "absent"}).encode()


def envelopes() -> list[Case]:
    """Framing, header, seal, and what lies inside (04-envelopes)."""
    good = _envelope(inner())
    head = header().encode()
    end = AT + DAY
    odd = {
        "version 2": _header(v=2),
        "no version": _header(v="absent"),
        "suite 2": _header(suite=2),
        "a recipient in capitals": _header(to=HOST.upper()),
        "a field by its name in a program": _header(**{"from": "absent", "sender": HOME}),
    }
    return [
        _seal("a seal"),
        _seal("a seal for another key", "seal-unopenable", private=b64u(opening("home").raw)),
        _seal("a seal of another kind", "seal-unopenable", label=SealLabel.OFFER.value),
        _seal("a seal in another context", "seal-unopenable", context_hex=b"Context".hex()),
        _seal("a seal cut short", "seal-unopenable", sealed=b64u(bytes(47))),
        _parsed("an envelope of 4,096 bytes", good),
        _parsed("a byte less", good[:-1], "envelope-size"),
        _parsed("a byte more", good + b"\0", "envelope-size"),
        _parsed("another magic", b"MW2\0" + good[4:], "envelope-framing"),
        _parsed("a header longer than 768 bytes", MAGIC + b"\x03\x01" + good[6:], "envelope-framing"),
        _parsed("a header cut short", MAGIC + b"\x00\x10" + good[6:], "json-invalid"),
        *(_parsed(name, _framed(raw, b""), "field-invalid") for name, raw in odd.items()),
        _parsed("more than fourteen days", _framed(_header(expires_at=AT + 14 * DAY + 1), b""), "envelope-lifetime"),
        _parsed("an end before the beginning", _framed(_header(expires_at=AT), b""), "envelope-lifetime"),
        _opened("a letter", good),
        _opened("a header in another spelling, hashed as it travelled", _framed(_header(), inner())),
        _opened("a header changed on the way", _swapped(good, head), "seal-unopenable"),
        _opened("a letter for another key", good, "seal-unopenable", private=b64u(opening("home").raw)),
        _opened("another padding", _framed(head, inner(), b"\x81"), "padding-invalid"),
        _opened("no signed message inside", _framed(head, b"hello"), "jws-malformed"),
        _opened("a letter to another program, passed on", _envelope(inner(to=OTHER)), "message-recipient"),
        _opened("another id inside", _envelope(inner(id=claims().thread)), "message-header"),
        _opened("another sender inside", _envelope(inner(iss=OTHER)), "message-header"),
        _opened("another end inside", _envelope(inner(exp=AT + DAY)), "message-header"),
        _opened(
            "sent before it was written", _envelope(inner(exp=end), sent_at=AT - 1, expires_at=end), "message-header"
        ),
        _opened("past its date", good, "message-stale", now=AT + 14 * DAY),
        _opened("from the future", good, "message-future", now=AT - 301),
        _opened("a letter by a key that is not current", good, "key-unknown", keys=[jwk(RECEIVER.public.jwk)]),
    ]


def _message(name: str, token: bytes, error: str | None = None) -> Case:
    given: Fields = {"token": token.decode(), "keys": [jwk(SIGN.public.jwk)], "sender": HOME}
    return Case(name=name, operation="verify_message", given=given, error=error)


def _odd(**changes: Json) -> bytes:
    found: Fields = json.loads(claims().encode())
    body: Fields = json.loads(EXAMPLES[BODIES[Kind.REQUEST_OPEN]].encode())
    whole = found | {"body": body} | changes
    return sign_jws(json.dumps(whole).encode(), typ=Typ.MESSAGE, key=SIGN)


def messages() -> list[Case]:
    """The signed message inside (05-messages)."""
    good = []
    for kind in Kind:
        place: dict[str, object] = {"n": 0} if kind in CONTROL else {"n": 2, "prev": "0" * 64}
        view: dict[str, object] = {} if kind in CONTROL else {"seen_peer": {"n": 1, "hash": "1" * 64}}
        token = sign_message(claims(type=kind.value, **place, **view), EXAMPLES[BODIES[kind]], SIGN)
        good.append(_message(kind.value, token))
    return [
        *good,
        _message("unknown fields are passed over", _odd(future={"a": 1})),
        _message("an unknown critical field", _odd(crit=["future"], future=1), "critical-field-unknown"),
        _message("an unknown type", _odd(type="request.order"), "message-type"),
        _message("another author", inner(iss=OTHER), "message-header"),
        _message("a first message with a predecessor", _odd(prev="0" * 64), "message-invalid"),
        _message("a second message without one", _odd(n=2), "message-invalid"),
        _message("a request outside the chain", _odd(n=0), "message-invalid"),
        _message("a view of nothing", _odd(seen_peer={"n": 0, "hash": "0" * 64}), "field-invalid"),
        _message("free text for a topic", _odd(body={"topics": ["my landlord"]}), "field-invalid"),
    ]


def _receipt(name: str, code: str | None = None, key: SigningKey = RECEIVER, **changes: object) -> Case:
    given: Fields = {
        "token": sign_receipt(receipt(**changes), key).decode(),
        "keys": [jwk(RECEIVER.public.jwk)],
        "receiver": HOST,
        "sender": HOME,
        "now": AT,
    }
    return Case(name=name, operation="verify_receipt", given=given, error=code)


def receipts() -> list[Case]:
    """Receipts (05-messages)."""
    return [
        _receipt("stored"),
        _receipt("refused", outcome=ReceiptOutcome.REFUSED, error="thread-illegal"),
        _receipt("by the exchange", "key-unknown", key=signing("exchange")),
        _receipt("by another program", "receipt-invalid", iss=OTHER),
        _receipt("for another sender", "receipt-invalid", to=OTHER),
        _receipt("from the future", "receipt-invalid", iat=AT + 301),
    ]


def _note(name: str, error: str | None = None, key: SigningKey = IDENTITY, now: int = AT, **changes: object) -> Case:
    """A note of HOME; `sender` stands on its outside, whatever its author signed."""
    sender = changes.pop("sender", HOME)
    note = a_note(**changes)
    opens = note_key(IDENTITY)
    head = header(to=HOME, sender=sender, id=note.jti, sent_at=note.iat, expires_at=note.exp, kid=opens.key_id).encode()
    prefix = MAGIC + len(head).to_bytes(2, "big") + head
    padded = pad(sign_jws(note.encode(), typ=Typ.NOTE, key=key), SIZE - len(prefix) - OVERHEAD)
    raw = prefix + hpke.seal(
        padded, ephemeral=EPHEMERAL, recipient=opens.public.raw, label=SealLabel.ENVELOPE, context=head
    )
    given: Fields = {"envelope": b64u(raw), "identity_private": b64u(IDENTITY.seed), "now": now}
    return Case(name=name, operation="open_note", given=given, error=error)


def notes() -> list[Case]:
    """Notes to oneself (05-messages 5.8)."""
    passed_on = _note("in the mailbox of another member")
    return [
        _note("a note"),
        _note("a note that names nobody", erasures=()),
        _note("a note of long ago", now=AT + 400 * DAY),
        Case(
            name=passed_on.name,
            operation="open_note",
            given=passed_on.given | {"identity_private": b64u(signing("another").seed)},
            error="seal-unopenable",
        ),
        _note("signed by a signing key", "key-unknown", key=SIGN),
        _note("another sender outside", "message-header", sender=OTHER),
        _note("from the future", "message-future", now=AT - 301),
    ]
