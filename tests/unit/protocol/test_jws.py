from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from joserfc import jws as another
from joserfc.jwk import OKPKey

from protocol import jws
from protocol.jws import AlgorithmError, JwsFormError, KindError, Typ, UnknownKeyError, by_id, claimed_payload, verify
from protocol.keys import SignatureError
from protocol.parsing import Base64Error, DuplicateKeyError, TooLargeError, b64u, unb64u
from tests.unit.protocol.builders import KEYS, SIGN, signing

PAYLOAD = b'{"a":1}'
HEADER = {"alg": "Ed25519", "typ": Typ.SUMMARY.value, "kid": SIGN.key_id}
TOKEN = jws.sign(PAYLOAD, typ=Typ.SUMMARY, key=SIGN)


def compact(header: bytes, payload: bytes = PAYLOAD) -> bytes:
    """A well signed token under any header."""
    signed = f"{b64u(header)}.{b64u(payload)}"
    return f"{signed}.{b64u(SIGN.private.sign(signed.encode()))}".encode()


def with_header(**changes: object) -> bytes:
    return compact(
        json.dumps({name: value for name, value in (HEADER | changes).items() if value is not None}).encode()
    )


def refused(token: bytes, typ: Typ = Typ.SUMMARY) -> Exception:
    with pytest.raises(Exception) as found:  # noqa: PT011 (each test looks at its class)
        verify(token, typ=typ, keys=KEYS)
    return found.value


def test_what_was_signed_is_what_is_read() -> None:
    found = verify(TOKEN, typ=Typ.SUMMARY, keys=KEYS)
    assert (found.payload, found.key_id) == (PAYLOAD, SIGN.key_id)
    assert found.digest == hashlib.sha256(TOKEN).hexdigest()


def test_a_header_of_this_profile_verifies_whoever_wrote_it() -> None:
    assert verify(with_header(), typ=Typ.SUMMARY, keys=KEYS).payload == PAYLOAD


def test_another_implementation_reads_what_is_signed_here_and_signs_what_is_read_here() -> None:
    key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": b64u(SIGN.public.raw), "d": b64u(SIGN.seed)})
    assert another.deserialize_compact(TOKEN, key, algorithms=["Ed25519"]).payload == PAYLOAD
    assert another.serialize_compact(dict(HEADER), PAYLOAD, key, algorithms=["Ed25519"]).encode() == TOKEN


@pytest.mark.parametrize("typ", [typ for typ in Typ if typ is not Typ.SUMMARY])
def test_a_signature_for_one_kind_is_never_taken_for_another(typ: Typ) -> None:
    assert isinstance(refused(TOKEN, typ), KindError)


@pytest.mark.parametrize("typ", ["JWT", "mentorweave-summary", "MENTORWEAVE-SUMMARY+JWT", 1])
def test_a_foreign_typ_is_refused(typ: object) -> None:
    assert isinstance(refused(with_header(typ=typ)), KindError)


@pytest.mark.parametrize(
    "alg", ["none", "None", "NONE", "EdDSA", "HS256", "ES256", "RS256", "Ed448", "ed25519", 1, ["Ed25519"]]
)
def test_another_algorithm_is_refused_though_the_signature_holds(alg: object) -> None:
    assert isinstance(refused(with_header(alg=alg)), AlgorithmError)


def test_an_unsigned_token_is_refused() -> None:
    head = b64u(json.dumps(HEADER | {"alg": "none"}).encode())
    assert isinstance(refused(f"{head}.{b64u(PAYLOAD)}.".encode()), JwsFormError)


def test_the_public_key_used_as_an_hmac_secret_forges_nothing() -> None:
    signed = f"{b64u(json.dumps(HEADER | {'alg': 'HS256'}).encode())}.{b64u(PAYLOAD)}"
    tag = hmac.digest(SIGN.public.raw, signed.encode(), "sha256")
    assert isinstance(refused(f"{signed}.{b64u(tag + tag)}".encode()), AlgorithmError)


@pytest.mark.parametrize(
    "extra",
    [
        {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": b64u(signing("thief").public.raw)}},
        {"jku": "https://thief.example/keys"},
        {"x5c": []},
        {"crit": ["exp"], "exp": 1},
        {"b64": False, "crit": ["b64"]},
        {"zip": "DEF"},
        {"cty": "JWT"},
        {"nonce": "1"},
    ],
)
def test_a_header_with_anything_more_is_refused(extra: dict[str, object]) -> None:
    assert isinstance(refused(with_header(**extra)), AlgorithmError)


@pytest.mark.parametrize("missing", ["alg", "typ", "kid"])
def test_a_header_with_anything_less_is_refused(missing: str) -> None:
    assert isinstance(refused(with_header(**{missing: None})), AlgorithmError)


@pytest.mark.parametrize("kid", ["", "Amina Diallo", 7, ["a"], SIGN.key_id + "="])
def test_a_key_id_of_another_form_is_refused_and_not_repeated(kid: object) -> None:
    error = refused(with_header(kid=kid))
    assert isinstance(error, JwsFormError)
    assert "Amina" not in str(error)


def test_a_header_that_says_one_thing_twice_is_refused() -> None:
    header = json.dumps(HEADER)[:-1] + ', "alg": "none"}'
    assert isinstance(refused(compact(header.encode())), DuplicateKeyError)


def test_a_long_header_is_refused() -> None:
    assert isinstance(refused(compact(json.dumps(HEADER).encode() + b" " * 512)), TooLargeError)


def test_a_key_that_is_not_current_is_unknown() -> None:
    with pytest.raises(UnknownKeyError) as found:
        verify(TOKEN, typ=Typ.SUMMARY, keys=by_id(signing("another").public))
    assert found.value.params == {"key": SIGN.key_id}
    with pytest.raises(UnknownKeyError):
        verify(TOKEN, typ=Typ.SUMMARY, keys={})


def test_a_key_under_another_keys_name_is_not_used() -> None:
    with pytest.raises(UnknownKeyError):
        verify(TOKEN, typ=Typ.SUMMARY, keys={SIGN.key_id: signing("thief").public})


def test_a_changed_payload_header_or_signature_does_not_hold() -> None:
    head, body, signature = TOKEN.decode().split(".")
    other = b64u(b'{"a":2}')
    assert isinstance(refused(f"{head}.{other}.{signature}".encode()), SignatureError)
    flipped = b64u(bytes([unb64u(signature)[0] ^ 1]) + unb64u(signature)[1:])
    assert isinstance(refused(f"{head}.{body}.{flipped}".encode()), SignatureError)
    spaced = b64u(json.dumps(HEADER, indent=1).encode())
    assert isinstance(refused(f"{spaced}.{body}.{signature}".encode()), SignatureError)


def test_a_signature_with_s_beyond_the_order_does_not_hold() -> None:
    # RFC 8032 section 5.1.7: S must be below L; S + L would verify where the check is missing.
    head, body, signature = TOKEN.decode().split(".")
    raw = unb64u(signature)
    order = 2**252 + 27742317777372353535851937790883648493
    beyond = (int.from_bytes(raw[32:], "little") + order).to_bytes(32, "little")
    assert isinstance(refused(f"{head}.{body}.{b64u(raw[:32] + beyond)}".encode()), SignatureError)


@pytest.mark.parametrize("part", [0, 1, 2])
@pytest.mark.parametrize("change", ["padding", "spare bits", "newline", "standard alphabet"])
def test_no_second_spelling_of_a_token_verifies(part: int, change: str) -> None:
    parts = compact(json.dumps(HEADER).encode() + b" ", b'{"a": "??>>"}').decode().split(".")
    text = parts[part]
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    spelt = {
        "padding": text + "=" * (-len(text) % 4 or 4),
        "spare bits": text[:-1] + last[last.index(text[-1]) ^ 1],
        "newline": text + "\n",
        "standard alphabet": text.replace("-", "+").replace("_", "/") + ("" if {"-", "_"} & set(text) else "="),
    }[change]
    parts[part] = spelt
    assert spelt != text
    assert isinstance(refused(".".join(parts).encode()), (Base64Error, SignatureError))


@pytest.mark.parametrize(
    "token",
    [
        b"",
        b"a.b",
        TOKEN + b".",
        TOKEN + b".AA",
        b"." + TOKEN,
        TOKEN.replace(b".", b".."),
        TOKEN[:-1],
        TOKEN[:-2],
        TOKEN.rsplit(b".", 1)[0] + b"." + b64u(bytes(63)).encode(),
        TOKEN.rsplit(b".", 1)[0] + b"." + b64u(bytes(65)).encode(),
        TOKEN.decode().encode("utf-16"),
        "é".encode(),
        b'{"payload":"","signatures":[]}',
    ],
)
def test_what_is_not_three_parts_with_64_bytes_of_signature_is_refused(token: bytes) -> None:
    assert isinstance(refused(token), (JwsFormError, Base64Error))


def test_a_summary_or_a_batch_as_large_as_its_kind_allows_verifies() -> None:
    payload = b"x" * 1_000_000
    assert verify(jws.sign(payload, typ=Typ.BATCH, key=SIGN), typ=Typ.BATCH, keys=KEYS).payload == payload


def test_the_claimed_payload_is_read_before_any_key_is_known() -> None:
    assert claimed_payload(TOKEN, typ=Typ.SUMMARY) == PAYLOAD
    with pytest.raises(KindError):
        claimed_payload(TOKEN, typ=Typ.MESSAGE)
