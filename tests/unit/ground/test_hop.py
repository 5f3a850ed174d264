"""A request signed as the profile says holds, and a change to anything it covers does not."""

from datetime import timedelta

import httpx
import pytest

from federation.ground.hop import target_uri
from protocol.hop import VerifiedHop
from tests.unit.ground.hop_peer import BODY, KEY_ID, NONCE, NOW, URL, Forger, get, post, reason, signed, verify


def test_a_signed_request_without_a_body_holds() -> None:
    assert verify(signed(get())) == VerifiedHop(
        key_id=KEY_ID, nonce=NONCE, created=NOW, expires=NOW + timedelta(minutes=10)
    )


def test_a_signed_request_with_a_body_covers_its_type_and_digest() -> None:
    request = signed(post())

    assert verify(request).nonce == NONCE
    assert '("@method" "@target-uri" "content-type" "content-digest")' in request.headers["signature-input"]


def test_a_request_signed_again_holds_under_the_new_moment() -> None:
    request = signed(signed(post()), now=NOW + timedelta(hours=1))

    assert verify(request, now=NOW + timedelta(hours=1)).created == NOW + timedelta(hours=1)


def test_a_body_without_a_type_is_not_signed() -> None:
    with pytest.raises(ValueError, match="content type"):
        signed(httpx.Request("POST", URL, content=BODY))


def test_a_replay_shows_the_same_nonce_to_whoever_remembers_it() -> None:
    request = signed(get())

    assert verify(request).nonce == verify(request, now=NOW + timedelta(minutes=5)).nonce


def test_an_unsigned_request_is_refused() -> None:
    assert reason(get()) == "unsigned"


def test_a_body_that_was_changed_is_refused() -> None:
    assert reason(signed(post()), body=b'{"receipts":["x"]}') == "signature"


def test_a_body_that_was_taken_away_is_refused() -> None:
    assert reason(signed(post()), body=b"") in {"signature", "components"}


def test_a_body_that_was_added_to_a_signed_request_is_refused() -> None:
    assert reason(signed(get()), body=BODY) == "signature"


def test_a_body_and_digest_that_were_exchanged_together_are_refused() -> None:
    request, other = signed(post()), signed(post(b"other"))
    request.headers["content-digest"] = other.headers["content-digest"]

    assert reason(request, body=b"other") == "signature"


def test_a_body_whose_digest_is_not_covered_is_refused() -> None:
    forger = Forger()
    forger.components = ("@method", "@target-uri", "content-type")

    assert reason(forger.sign(post())) == "signature"


def test_a_digest_that_was_taken_away_is_refused() -> None:
    request = signed(post())
    del request.headers["content-digest"]

    assert reason(request) == "signature"


def test_a_content_type_that_was_changed_is_refused() -> None:
    request = signed(post())
    request.headers["content-type"] = "application/mentorweave-envelope"

    assert reason(request) == "signature"


def test_another_tag_is_refused() -> None:
    forger = Forger()
    forger.tag = "another-protocol"

    assert reason(forger.sign(get())) == "signature"


def test_a_signature_without_a_tag_is_refused() -> None:
    forger = Forger()
    forger.tag = None

    assert reason(forger.sign(get())) == "signature"


@pytest.mark.parametrize("missing", ["@method", "@target-uri", "content-type"])
def test_a_component_that_is_not_covered_is_refused(missing: str) -> None:
    forger = Forger()
    forger.components = tuple(name for name in ("@method", "@target-uri", "content-type") if name != missing)

    assert reason(forger.sign(post(), body=BODY)) == "signature"


def test_a_component_beyond_the_profile_is_refused() -> None:
    forger = Forger()
    forger.components = ("@method", "@target-uri", "@authority")

    assert reason(forger.sign(get())) == "components"


def test_another_method_is_refused() -> None:
    request = signed(get())
    request.method = "DELETE"

    assert reason(request) == "signature"


@pytest.mark.parametrize(
    "other",
    [
        "https://exchange.example/v1/mailbox?after=5&wait=25",
        "https://exchange.example/v1/mailbox?after=4",
        "https://exchange.example/v1/mailbox",
        "https://exchange.example/v1/mailbox/ack?after=4&wait=25",
        "https://other.example/v1/mailbox?after=4&wait=25",
        "http://exchange.example/v1/mailbox?after=4&wait=25",
    ],
)
def test_another_address_or_query_is_refused(other: str) -> None:
    assert reason(signed(get()), url=other) == "signature"


def test_the_target_is_built_from_the_configured_address_and_the_bytes_asked_for() -> None:
    assert target_uri("https://e.example/", b"/v1/a%2Fb", b"x=%20") == "https://e.example/v1/a%2Fb?x=%20"
    assert target_uri("https://e.example/mw", b"/v1/time", b"") == "https://e.example/mw/v1/time"
