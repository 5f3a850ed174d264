"""One signature, one known key, one algorithm, one nonce: anything else in the fields is refused."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import HMAC_SHA256

from federation.ground.hop import verify_request
from protocol.hop import HopSignatureError
from protocol.ids import KeyId
from tests.unit.ground.hop_peer import KEY, KEY_ID, NONCE, NOW, OTHER_KEY, TAG, URL, Forger, get, reason, signed


@pytest.mark.parametrize("nonce", [None, "", "short", "n" * 65, "nonce with spaces!"])
def test_a_missing_or_odd_nonce_is_refused(nonce: str | None) -> None:
    forger = Forger()
    forger.nonce = nonce

    assert reason(forger.sign(get())) == "nonce"


def test_another_algorithm_is_refused() -> None:
    shared = HTTPMessageSigner(
        signature_algorithm=HMAC_SHA256,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={KEY_ID: KEY.public_key().public_bytes_raw()}),
    )
    request = get()
    shared.sign(
        request,
        key_id=KEY_ID,
        created=NOW,
        expires=NOW + timedelta(minutes=5),
        nonce=NONCE,
        tag=TAG,
        covered_component_ids=("@method", "@target-uri"),
    )

    assert reason(request) == "signature"


def test_an_unknown_key_is_refused() -> None:
    assert reason(Forger(key_id="B" * 43).sign(get())) == "unknown-key"


def test_a_lookup_that_fails_is_no_bad_signature() -> None:
    def down(_key_id: KeyId) -> Ed25519PublicKey | None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        verify_request("GET", URL, signed(get()).headers, b"", resolve_key=down, now=NOW)


def test_a_key_id_of_another_form_is_not_even_looked_up() -> None:
    request = Forger(key_id="../" * 20).sign(get())

    def explode(_key_id: KeyId) -> Ed25519PublicKey | None:
        raise AssertionError

    with pytest.raises(HopSignatureError) as caught:
        verify_request("GET", URL, request.headers, b"", resolve_key=explode, now=NOW)

    assert caught.value.params["reason"] == "key-id"


def test_a_signature_that_names_no_key_is_refused() -> None:
    request = signed(get())
    request.headers["signature-input"] = request.headers["signature-input"].replace(";keyid=", ";who=")

    assert reason(request) == "key-id"


def test_an_input_that_is_no_list_of_components_is_refused() -> None:
    request = signed(get())
    request.headers["signature-input"] = f'mentorweave="x";keyid="{KEY_ID}"'

    assert reason(request) == "key-id"


def test_another_key_under_a_known_name_is_refused() -> None:
    assert reason(Forger(key=OTHER_KEY).sign(get())) == "signature"


def test_two_signatures_are_refused_whatever_their_tags() -> None:
    request = signed(get())
    second = Forger()
    second.label, second.tag = "other", "other-tag"

    assert reason(second.sign(request, append=True)) == "several-signatures"


def test_one_label_given_twice_is_refused() -> None:
    request = signed(get())
    for name in ("signature", "signature-input"):
        request.headers[name] = f"{request.headers[name]}, {request.headers[name]}"

    assert reason(request) == "signature"


def test_labels_that_do_not_agree_are_refused() -> None:
    request = signed(get())
    request.headers["signature"] = request.headers["signature"].replace("mentorweave=", "another=")

    assert reason(request) == "signature"


def test_a_field_that_cannot_be_read_is_refused() -> None:
    request = signed(get())
    request.headers["signature"] = "mentorweave=:not base64"

    assert reason(request) == "field-malformed"


def test_a_field_of_great_length_is_refused_before_it_is_read() -> None:
    request = signed(get())
    request.headers["signature-input"] += ";x=" + "1" * 1024

    assert reason(request) == "field-too-long"
