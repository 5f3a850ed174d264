"""Vectors that others published, run against the one obvious function that each of them has here."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import cryptography_vectors
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, MappingKeyResolver
from http_message_signatures.algorithms import ED25519

from federation.ground.hop import verify_request
from protocol.hop import HopSignatureError
from protocol.jws import AlgorithmError, Typ, by_id, verify
from protocol.keys import Jwk, KeyFormError, OpeningKey, SealingKey, SignatureError, SigningKey, VerifyingKey
from protocol.parsing import b64u, unb64u
from protocol.sealing import SUITE_1, SealLabel, seal, unseal
from tests.conformance.vectors import hpke

VECTORS = Path(cryptography_vectors.__file__).parent

# Ed25519: RFC 8032 section 7.1 (TEST 1 to 3, TEST SHA(abc)), and the file they were drawn from.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        (
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        ),
        (
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
            "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        ),
    ),
]


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC_8032)
def test_ed25519_of_rfc_8032(secret: str, public: str, message: str, signature: str) -> None:
    key = SigningKey(bytes.fromhex(secret))
    assert key.public.raw.hex() == public
    assert key.private.sign(bytes.fromhex(message)).hex() == signature
    VerifyingKey(bytes.fromhex(public)).verify(bytes.fromhex(signature), bytes.fromhex(message))


def test_ed25519_of_the_thousand_vectors_of_its_authors() -> None:
    lines = (VECTORS / "asymmetric/Ed25519/sign.input").read_text("ascii").splitlines()
    assert len(lines) == 1_024
    for line in lines:
        secret, public, message, signed = (bytes.fromhex(part) for part in line.split(":")[:4])
        key = VerifyingKey(public)
        assert SigningKey(secret[:32]).public == key
        key.verify(signed[:64], message)
        with pytest.raises(SignatureError):
            key.verify(signed[:64], message + b"x")


def test_x25519_of_rfc_7748_section_6_1() -> None:
    alice = OpeningKey(bytes.fromhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"))
    bob = OpeningKey(bytes.fromhex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"))
    assert alice.public.raw.hex() == "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
    assert bob.public.raw.hex() == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
    shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"
    assert alice.private.exchange(bob.public.public).hex() == shared
    assert bob.private.exchange(alice.public.public).hex() == shared


def test_x25519_of_rfc_7748_section_5_2() -> None:
    lines = (VECTORS / "asymmetric/X25519/rfc7748.txt").read_text("ascii").splitlines()
    found = [line.partition(" = ") for line in lines if line.startswith(("INPUT", "OUTPUT"))]
    for scalar, point, product in zip(found[::3], found[1::3], found[2::3], strict=True):
        key, raw = OpeningKey(bytes.fromhex(scalar[2])), bytes.fromhex(point[2])
        if raw[-1] & 0x80:  # the RFC masks the highest bit; here one key has one spelling
            with pytest.raises(KeyFormError):
                SealingKey(raw)
            raw = raw[:-1] + bytes([raw[-1] & 0x7F])
        assert key.private.exchange(SealingKey(raw).public).hex() == product[2]


def test_hpke_of_rfc_9180_appendix_a_2() -> None:
    whole = json.loads((VECTORS / "HPKE/test-vectors.json").read_text("ascii"))
    ours = [v for v in whole if (v["mode"], v["kem_id"], v["kdf_id"], v["aead_id"]) == (0, 0x20, 1, 3)]
    assert len(ours) == 1
    vector = ours[0]
    info = bytes.fromhex(vector["info"])
    encapsulated, sent = hpke.sender(bytes.fromhex(vector["skEm"]), bytes.fromhex(vector["pkRm"]), info)
    received = hpke.receiver(bytes.fromhex(vector["enc"]), bytes.fromhex(vector["skRm"]), info)
    assert encapsulated.hex() == vector["enc"]
    assert sent == received
    assert sent.shared_secret.hex() == vector["shared_secret"]
    assert (sent.key.hex(), sent.base_nonce.hex()) == (vector["key"], vector["base_nonce"])
    for number, each in enumerate(vector["encryptions"]):
        cipher = ChaCha20Poly1305(sent.key)
        opened = cipher.decrypt(sent.nonce(number), bytes.fromhex(each["ct"]), bytes.fromhex(each["aad"]))
        assert opened.hex() == each["pt"]


@pytest.mark.parametrize("label", list(SealLabel))
def test_our_seals_are_those_of_the_oracle_that_holds_for_rfc_9180(label: SealLabel) -> None:
    key = OpeningKey(bytes(range(32)))
    sealed = hpke.seal(b"text", ephemeral=bytes(range(1, 33)), recipient=key.public.raw, label=label, context=b"c")
    assert unseal(sealed, key=key, label=label, context=b"c") == b"text"
    ours = seal(b"text", to=key.public, label=label, context=b"c")
    assert hpke.unseal(ours, private=key.raw, label=label, context=b"c") == b"text"


def test_our_suite_takes_the_info_of_rfc_9180_as_it_is() -> None:
    key, info = OpeningKey(bytes(range(32))), b"Ode on a Grecian Urn"
    encapsulated, schedule = hpke.sender(bytes(range(1, 33)), key.public.raw, info)
    sealed = encapsulated + ChaCha20Poly1305(schedule.key).encrypt(schedule.nonce(0), b"Beauty is truth", b"")
    assert SUITE_1.decrypt(sealed, key.private, info=info) == b"Beauty is truth"


RFC_8037_KEY = Jwk(crv="Ed25519", x="11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
RFC_8037_JWS = (
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
)


def test_thumbprint_of_rfc_8037_appendix_a_3() -> None:
    assert RFC_8037_KEY.key_id == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_jws_of_rfc_8037_appendix_a_4_holds_but_its_algorithm_name_is_refused() -> None:
    # RFC 9864 deprecates the name "EdDSA"; this profile allows its successor alone.
    head, payload, signature = RFC_8037_JWS.split(".")
    key = VerifyingKey.from_jwk(RFC_8037_KEY)
    key.verify(unb64u(signature), f"{head}.{payload}".encode())
    with pytest.raises(AlgorithmError):
        verify(RFC_8037_JWS.encode(), typ=Typ.MESSAGE, keys=by_id(key))


def test_jws_of_rfc_8037_appendix_a_4_under_the_algorithm_name_of_rfc_9864() -> None:
    key = SigningKey(unb64u("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"))
    header = json.dumps({"alg": "Ed25519", "typ": Typ.MESSAGE.value, "kid": key.key_id}).encode()
    signed = f"{b64u(header)}.{RFC_8037_JWS.split('.')[1]}"
    token = f"{signed}.{b64u(key.private.sign(signed.encode()))}".encode()
    found = verify(token, typ=Typ.MESSAGE, keys=by_id(VerifyingKey.from_jwk(RFC_8037_KEY)))
    assert found.payload == b"Example of Ed25519 signing"


B26_KEY = SigningKey(base64.b64decode("n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU="))
B26_COVERED = ("date", "@method", "@path", "@authority", "content-type", "content-length")
B26_INPUT = (
    'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
    ';created=1618884473;keyid="test-key-ed25519"'
)
B26_SIGNATURE = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
B26_CREATED = datetime.fromtimestamp(1_618_884_473, UTC)


def b26_request() -> httpx.Request:
    headers = {"Date": "Tue, 20 Apr 2021 02:07:55 GMT", "Content-Type": "application/json", "Content-Length": "18"}
    url = "https://example.com/foo?param=Value&Pet=dog"
    return httpx.Request("POST", url, headers=headers, content=b'{"hello": "world"}')


class PublishedVerifier(HTTPMessageVerifier):
    """The library's verifier without its clock: the vector is of 2021."""

    def validate_created_and_expires(self, sig_input: object, max_age: object = None) -> None:
        """Accept the moment of the vector."""


def test_http_signature_of_rfc_9421_appendix_b_2_6() -> None:
    keys = MappingKeyResolver(
        public_keys={"test-key-ed25519": Ed25519PublicKey.from_public_bytes(B26_KEY.public.raw)},
        private_keys={"test-key-ed25519": B26_KEY.private},
    )
    assert B26_KEY.public.raw == base64.b64decode("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=")
    request = b26_request()
    HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=keys).sign(
        request,
        key_id="test-key-ed25519",
        created=B26_CREATED,
        label="sig-b26",
        include_alg=False,
        covered_component_ids=B26_COVERED,
    )
    assert request.headers["signature-input"] == B26_INPUT
    assert request.headers["signature"] == f"sig-b26=:{B26_SIGNATURE}:"
    PublishedVerifier(signature_algorithm=ED25519, key_resolver=keys).verify(request)


def test_signature_base_of_rfc_9421_appendix_b_2_6_under_our_own_verify() -> None:
    base = "\n".join(
        (
            '"date": Tue, 20 Apr 2021 02:07:55 GMT',
            '"@method": POST',
            '"@path": /foo',
            '"@authority": example.com',
            '"content-type": application/json',
            '"content-length": 18',
            f'"@signature-params": {B26_INPUT.removeprefix("sig-b26=")}',
        )
    )
    B26_KEY.public.verify(base64.b64decode(B26_SIGNATURE), base.encode())


def test_a_good_signature_that_covers_less_than_our_profile_is_refused() -> None:
    request = b26_request()
    request.headers.update({"signature-input": B26_INPUT, "signature": f"sig-b26=:{B26_SIGNATURE}:"})
    public = Ed25519PublicKey.from_public_bytes(B26_KEY.public.raw)
    with pytest.raises(HopSignatureError):
        verify_request(
            "POST", str(request.url), request.headers, request.content, resolve_key=lambda _: public, now=B26_CREATED
        )
