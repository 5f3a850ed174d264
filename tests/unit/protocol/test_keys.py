from __future__ import annotations

import hashlib

import pytest
from mnemonic import Mnemonic

from protocol.ids import sha256_hex
from protocol.keys import (
    FINGERPRINT_LABEL,
    Jwk,
    KeyFormError,
    OpeningKey,
    SealingKey,
    SignatureError,
    SigningKey,
    VerifyingKey,
    WordList,
    six_words,
)
from protocol.parsing import Base64Error, b64u
from tests.unit.protocol.builders import IDENTITY, opening, signing

PRIME = 2**255 - 19
SMALL_ORDER = [
    "00" * 32,
    "00" * 31 + "80",
    "01" + "00" * 31,
    "01" + "00" * 30 + "80",
    "ec" + "ff" * 30 + "7f",
    "ec" + "ff" * 31,
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
]
NOT_CANONICAL = [(PRIME + extra).to_bytes(32, "little").hex() for extra in range(19)]


@pytest.mark.parametrize("point", SMALL_ORDER + NOT_CANONICAL)
def test_a_key_of_small_order_or_in_a_second_spelling_is_refused(point: str) -> None:
    x = b64u(bytes.fromhex(point))
    with pytest.raises(KeyFormError):
        VerifyingKey.from_jwk(Jwk(crv="Ed25519", x=x))
    with pytest.raises(KeyFormError):
        SealingKey.from_jwk(Jwk(crv="X25519", x=x))


def test_a_small_order_key_would_otherwise_verify_anything() -> None:
    # Why the list exists: under the neutral point, R = neutral and S = 0 hold for every message.
    with pytest.raises(KeyFormError):
        VerifyingKey(b"\x01" + bytes(31)).verify(b"\x01" + bytes(63), b"any message")


def test_the_sealing_key_has_no_second_spelling_with_the_highest_bit() -> None:
    raw = opening("host").public.raw
    with pytest.raises(KeyFormError):
        SealingKey(raw[:-1] + bytes([raw[-1] | 0x80]))


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_key_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(KeyFormError):
        VerifyingKey(b"\x02" * size)
    with pytest.raises(KeyFormError):
        SealingKey(b"\x02" * size)


def test_a_signing_key_does_not_seal_and_a_sealing_key_does_not_verify() -> None:
    with pytest.raises(KeyFormError):
        SealingKey.from_jwk(signing("a").public.jwk)
    with pytest.raises(KeyFormError):
        VerifyingKey.from_jwk(opening("a").public.jwk)


def test_a_key_in_a_second_base64_spelling_is_refused() -> None:
    text = b64u(signing("a").public.raw)
    other = text[:-1] + chr(ord(text[-1]) + 1)
    with pytest.raises(Base64Error):
        VerifyingKey.from_jwk(Jwk(crv="Ed25519", x=other))


def test_a_key_travels_and_comes_back() -> None:
    assert VerifyingKey.from_jwk(signing("a").public.jwk) == signing("a").public
    assert SealingKey.from_jwk(opening("a").public.jwk) == opening("a").public
    assert signing("a").key_id == signing("a").public.jwk.key_id
    assert opening("a").key_id == opening("a").public.jwk.key_id


def test_a_signature_of_another_key_or_message_does_not_hold() -> None:
    signature = signing("a").private.sign(b"message")
    signing("a").public.verify(signature, b"message")
    with pytest.raises(SignatureError):
        signing("a").public.verify(signature, b"massage")
    with pytest.raises(SignatureError):
        signing("b").public.verify(signature, b"message")
    with pytest.raises(SignatureError):
        signing("a").public.verify(signature[:-1], b"message")


def test_new_keys_are_random() -> None:
    assert SigningKey.generate() != SigningKey.generate()
    assert OpeningKey.generate() != OpeningKey.generate()


def test_a_private_key_never_prints_itself() -> None:
    for key, secret in ((signing("a"), signing("a").seed), (opening("a"), opening("a").raw)):
        assert key.key_id in repr(key)
        assert secret.hex() not in repr(key)
        assert repr(secret) not in repr(key)


@pytest.mark.parametrize("language", list(WordList))
def test_six_words_are_the_first_66_bits_in_bip39(language: WordList) -> None:
    root = sha256_hex(b"root")
    words = six_words(root, IDENTITY.public, language)
    digest = hashlib.sha256(FINGERPRINT_LABEL + b"\0" + bytes.fromhex(root) + IDENTITY.public.raw).digest()
    bits = "".join(f"{byte:08b}" for byte in digest)
    listed = Mnemonic(language.value).wordlist
    assert words == tuple(listed[int(bits[i * 11 : i * 11 + 11], 2)] for i in range(6))


def test_another_root_or_another_identity_gives_other_words() -> None:
    words = {
        six_words(sha256_hex(b"root"), IDENTITY.public),
        six_words(sha256_hex(b"toor"), IDENTITY.public),
        six_words(sha256_hex(b"root"), signing("thief").public),
    }
    assert len(words) == 3
