"""Vectors of the ground rules: strict JSON, ids, keys and signatures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from protocol import jws
from protocol.ids import sha256_hex
from protocol.jws import Typ
from protocol.parsing import b64u
from tests.conformance.vectors.case import Case
from tests.unit.protocol.builders import HOST, IDENTITY, MESSAGE, SIGN, opening, signing

if TYPE_CHECKING:
    from protocol.keys import Jwk
    from protocol.parsing import Json
    from tests.conformance.vectors.case import Fields


def jwk(key: Jwk) -> Fields:
    """A public key as it travels."""
    found: Fields = json.loads(key.encode())
    return found


def parsing() -> list[Case]:
    """Strict JSON, base64url, canonical JSON and ids (01-basics)."""
    refused = {
        "a key that stands twice": (b'{"a":1,"a":1}', "json-duplicate-key"),
        "a key that stands twice in two spellings": (b'{"a":1,"\\u0061":2}', "json-duplicate-key"),
        "a fraction": (b'{"a":1.0}', "json-number"),
        "an exponent": (b'{"a":1e2}', "json-number"),
        "NaN": (b'{"a":NaN}', "json-number"),
        "infinity": (b'{"a":-Infinity}', "json-number"),
        "an integer of 54 bits": (b'{"a":9007199254740992}', "json-number"),
        "forty digits": (b'{"a":' + b"9" * 40 + b"}", "json-number"),
        "seventeen levels": (b'{"a":' * 17 + b"1" + b"}" * 17, "json-too-deep"),
        "a lone surrogate": (b'{"a":"\\ud800"}', "json-invalid"),
        "a lone surrogate in a key": (b'{"\\udc00":1}', "json-invalid"),
        "a byte order mark": (b'\xef\xbb\xbf{"a":1}', "json-invalid"),
        "UTF-16": ('{"a":1}'.encode("utf-16-le"), "json-invalid"),
        "Latin-1": (b'{"a":"\xe9"}', "json-invalid"),
        "an array": (b"[]", "json-invalid"),
        "something after the end": (b'{"a":1} {}', "json-invalid"),
        "a control character in a text": (b'{"a":"\t"}', "json-invalid"),
        "a leading zero": (b'{"a":01}', "json-invalid"),
        "more bytes than allowed": (b'{"a":"' + b"x" * 200 + b'"}', "too-large"),
    }
    read = {
        "whole numbers and text": '{"n": 9007199254740991, "m": -1, "t": "é"}'.encode(),
        "a surrogate pair": b'{"a":"\\ud83d\\ude00"}',
        "sixteen levels": b'{"a":' * 16 + b"1" + b"}" * 16,
    }
    texts = ["", "AA", "_-8"]
    bad = {
        "padding": "AA==",
        "spare bits": "AB",
        "the standard alphabet": "+/8",
        "a line break": "AA\n",
        "one letter": "A",
    }
    canonical: dict[str, Json] = {
        "keys in the order of UTF-16": {"\ufb33": 1, "\U0001f600": 2, "a": [True, None, "é\n"]}
    }
    return [
        *(Case(name=name, operation="parse_object", given=_bytes(raw)) for name, raw in read.items()),
        *(
            Case(name=name, operation="parse_object", given=_bytes(raw), error=code)
            for name, (raw, code) in refused.items()
        ),
        *(Case(name=f"base64url {text!r}", operation="base64url", given={"text": text}) for text in texts),
        *(
            Case(name=f"base64url with {n}", operation="base64url", given={"text": t}, error="base64-invalid")
            for n, t in bad.items()
        ),
        *(Case(name=name, operation="canonicalise", given={"value": value}) for name, value in canonical.items()),
        Case(name="a member id", operation="id", given={"kind": "node", "text": HOST}),
        Case(
            name="a member id in capitals",
            operation="id",
            given={"kind": "node", "text": HOST.upper()},
            error="id-malformed",
        ),
        Case(name="a message id", operation="id", given={"kind": "message", "text": MESSAGE}),
        Case(
            name="a message id of UUID version 4",
            operation="id",
            given={"kind": "message", "text": "017f22e2-79b0-4cc3-98c4-dc0c0c07398f"},
            error="id-malformed",
        ),
    ]


def _bytes(raw: bytes) -> Fields:
    return {"bytes_hex": raw.hex(), "limit": 200}


def keys() -> list[Case]:
    """Thumbprints, keys that are refused, and six words (02-keys)."""
    weak = {
        "the point zero": bytes(32),
        "the point one": b"\x01" + bytes(31),
        "the point one with the highest bit": b"\x01" + bytes(30) + b"\x80",
        "a point of order eight": bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        "a second spelling of a point": (2**255 - 19 + 3).to_bytes(32, "little"),
    }
    shown = {"Ed25519": SIGN.public.jwk, "X25519": opening("host").public.jwk}
    high = opening("host").public.raw[:-1] + bytes([opening("host").public.raw[-1] | 0x80])
    root = sha256_hex(b"root")
    return [
        *(
            Case(name=f"the id of a key on {name}", operation="thumbprint", given={"jwk": jwk(key)})
            for name, key in shown.items()
        ),
        *(
            Case(
                name=f"{name} as {curve}",
                operation="thumbprint",
                given={"jwk": {"kty": "OKP", "crv": curve, "x": b64u(raw)}},
                error="key-malformed",
            )
            for curve in ("Ed25519", "X25519")
            for name, raw in weak.items()
        ),
        Case(
            name="an X25519 key with the highest bit",
            operation="thumbprint",
            given={"jwk": {"kty": "OKP", "crv": "X25519", "x": b64u(high)}},
            error="key-malformed",
        ),
        *(
            Case(
                name=f"six {language} words",
                operation="six_words",
                given={"root_sha256": root, "identity": jwk(IDENTITY.public.jwk), "language": language},
            )
            for language in ("english", "french")
        ),
    ]


PAYLOAD = b'{"a":1}'
HEADER = {"alg": "Ed25519", "typ": Typ.SUMMARY.value, "kid": SIGN.key_id}


def _compact(header: bytes) -> str:
    signed = f"{b64u(header)}.{b64u(PAYLOAD)}"
    return f"{signed}.{b64u(SIGN.private.sign(signed.encode()))}"


def _with(**changes: object) -> str:
    whole = {name: value for name, value in (HEADER | changes).items() if value is not None}
    return _compact(json.dumps(whole).encode())


def _jws(name: str, token: str, error: str | None = None, typ: Typ = Typ.SUMMARY) -> Case:
    given: Fields = {"token": token, "typ": typ.value, "keys": [jwk(SIGN.public.jwk)]}
    return Case(name=name, operation="verify_jws", given=given, error=error)


def signatures() -> list[Case]:
    """Compact JWS of this profile (03-signatures). Every refused one is well signed unless its name says otherwise."""
    token = jws.sign(PAYLOAD, typ=Typ.SUMMARY, key=SIGN).decode()
    head, payload, signature = token.split(".")
    spare = signature[:-1] + chr(ord(signature[-1]) + 1)
    thief = signing("thief")
    return [
        _jws("a signed document", token),
        _jws("a header in another order with spaces", _compact(json.dumps(dict(reversed(HEADER.items()))).encode())),
        _jws("a signature for another kind", token, "jws-type", Typ.MESSAGE),
        *(
            _jws(f"algorithm {alg}", _with(alg=alg), "jws-algorithm")
            for alg in ("none", "EdDSA", "HS256", "ES256", "Ed448")
        ),
        _jws("no algorithm", _with(alg=None), "jws-algorithm"),
        _jws("no kind", _with(typ=None), "jws-algorithm"),
        _jws("no key id", _with(kid=None), "jws-algorithm"),
        _jws("a public key in the header", _with(jwk=jwk(thief.public.jwk)), "jws-algorithm"),
        _jws("an address of keys in the header", _with(jku="https://thief.example"), "jws-algorithm"),
        _jws("an extension in the header", _with(crit=["b64"], b64=False), "jws-algorithm"),
        _jws(
            "a header that says one thing twice",
            _compact(json.dumps(HEADER)[:-1].encode() + b',"alg":"Ed25519"}'),
            "json-duplicate-key",
        ),
        _jws("a key id of another form", _with(kid="home"), "jws-malformed"),
        _jws("a key that is not current", jws.sign(PAYLOAD, typ=Typ.SUMMARY, key=thief).decode(), "key-unknown"),
        _jws("a changed payload", f"{head}.{b64u(b'{}')}.{signature}", "signature-invalid"),
        _jws("a signature with spare bits", f"{head}.{payload}.{spare}", "base64-invalid"),
        _jws("a signature with padding", f"{token}==", "base64-invalid"),
        _jws("an empty signature", f"{head}.{payload}.", "jws-malformed"),
        _jws("two parts", f"{head}.{payload}", "jws-malformed"),
        _jws("four parts", f"{token}.AA", "jws-malformed"),
    ]
