"""The short way accepts nothing that the library refuses, and what our own signer writes takes it."""

import re
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.ground.hop import verify_by_library
from federation.ground.hop_plain import Unsigned, read_plain, sign_plain
from protocol.hop import BODY_COMPONENTS, COMPONENTS, LIFETIME
from tests.unit.ground.hop_peer import BODY, KEY, KEY_ID, NOW, OTHER_KEY, URL, Forger, get, known, post, signed, verify

FIELDS = ("signature", "signature-input", "content-type", "content-digest")
SHIFTS = st.integers(-700, 700).map(lambda seconds: timedelta(seconds=seconds))
BODIES = st.one_of(st.just(b""), st.binary(max_size=40))
TARGETS = st.builds(
    "https://{}{}{}".format,
    st.sampled_from(
        [
            "exchange.example",
            "exchange.example:8443",
            "exchange.example:443",
            "10.0.0.1",
            "EXCHANGE.example",
            "user@host",
        ]
    ),
    st.text("abcXYZ019/_.~%-: é#", max_size=12).map(lambda path: "/" + path),
    st.one_of(st.just(""), st.text("abc019=&%?/ +", max_size=10).map(lambda query: "?" + query)),
)
SCRAPS = st.one_of(
    st.sampled_from(['"', ";", " ", ":", "=", "0", ",", "\t", "A", ';x="y"', "mentorweave", '"@method" ', "%", "é"]),
    st.text(max_size=3),
)


def agrees(request: httpx.Request, target: str, body: bytes, *, now_shift: timedelta = timedelta(0)) -> bool:
    """Whether the short way accepts the request; then the library must have accepted the very same."""
    now = NOW + now_shift
    plain = read_plain(request.method, target, request.headers, body)
    if plain is None or plain.key_id != KEY_ID or not plain.holds(KEY.public_key(), now):
        return False
    hop = verify_by_library(request.method, target, request.headers, body, resolve_key=known, now=now)
    assert (hop.key_id, hop.nonce, hop.created, hop.expires) == (
        plain.key_id,
        plain.nonce,
        plain.created,
        plain.expires,
    )
    return True


@pytest.mark.parametrize("make", [get, post])
def test_what_our_own_signer_writes_takes_the_short_way(make: Callable[[], httpx.Request]) -> None:
    request = signed(make())
    assert agrees(request, URL, request.content)


@given(target=TARGETS, body=BODIES, created=SHIFTS, nonce=st.text("abcXYZ019_-", min_size=14, max_size=66))
def test_whatever_is_signed_the_short_way_accepts_only_what_the_library_accepts(
    target: str, body: bytes, created: timedelta, nonce: str
) -> None:
    request = httpx.Request("PUT", URL, content=body or None, headers={"Content-Type": "application/json"})
    request.url = httpx.URL(URL)
    forger = Forger()
    forger.nonce, forger.created, forger.expires = nonce, NOW + created, NOW + created + LIFETIME
    forger.components = (*COMPONENTS, *BODY_COMPONENTS) if body else COMPONENTS
    forger.sign(request, body=body or None)
    agrees(request, target, body)
    agrees(request, str(request.url), body)


@given(
    method=st.sampled_from(["GET", "PUT", "POST"]),
    target=TARGETS,
    body=BODIES,
    media=st.sampled_from(["application/json", "application/jose", "text/plain; charset=utf-8"]),
    nonce=st.text("abcXYZ019_-", min_size=14, max_size=66),
)
def test_what_our_own_signer_writes_is_what_the_library_would_write_to_the_byte(
    method: str, target: str, body: bytes, media: str, nonce: str
) -> None:
    request = httpx.Request(method, target, content=body or None, headers={"Content-Type": media})
    plain = Unsigned(method, str(request.url), media, body)
    ours = sign_plain(plain, key_id=KEY_ID, private_key=KEY, now=NOW, nonce=nonce)
    if ours is None:
        return
    forger = Forger()
    forger.nonce, forger.components = nonce, (*COMPONENTS, *BODY_COMPONENTS) if body else COMPONENTS

    forger.sign(request, body=body or None)

    assert ours == {name: request.headers[name] for name in ours}
    assert agrees(request, str(request.url), body)


@pytest.mark.parametrize("target", ["/.a", "/a?b=%20", "/a%2Fb"])
def test_a_request_that_is_not_plain_is_signed_by_the_library(target: str) -> None:
    request = signed(httpx.Request("GET", "https://exchange.example" + target))

    assert not agrees(request, str(request.url), b"")
    assert verify(request, url=str(request.url)).nonce


@given(name=st.sampled_from(FIELDS), place=st.integers(0, 400), cut=st.integers(0, 8), scrap=SCRAPS, ahead=SHIFTS)
def test_however_a_field_is_bent_the_short_way_accepts_only_what_the_library_accepts(
    name: str, place: int, cut: int, scrap: str, ahead: timedelta
) -> None:
    request = signed(post())
    value = request.headers[name]
    at = place % (len(value) + 1)
    bent = (value[:at] + scrap + value[at + cut :]).encode("utf-8")
    request.headers = httpx.Headers(
        [(key, bent if key.lower() == name.encode() else old) for key, old in request.headers.raw]
    )
    agrees(request, URL, BODY, now_shift=ahead)


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_written_twice_is_left_to_the_library(name: str) -> None:
    request = signed(post())
    request.headers = httpx.Headers([*request.headers.multi_items(), (name.upper(), request.headers[name])])
    twice = {name.upper(): request.headers[name], **dict(signed(post()).headers.items())}
    assert read_plain(request.method, URL, twice, BODY) is None


def test_another_body_time_key_or_digest_is_left_to_the_library() -> None:
    request = signed(post())
    plain = read_plain(request.method, URL, request.headers, BODY)
    assert plain is not None
    assert not plain.holds(OTHER_KEY.public_key(), NOW)
    assert not plain.holds(KEY.public_key(), NOW - timedelta(seconds=301))
    assert not plain.holds(KEY.public_key(), NOW + timedelta(minutes=10, seconds=1))
    assert read_plain(request.method, URL, request.headers, BODY + b" ") is None
    assert read_plain(request.method, URL, request.headers, b"") is None
    assert read_plain("put", URL, request.headers, BODY) is None


def test_a_longer_life_and_a_wider_cover_are_left_to_the_library() -> None:
    request = signed(post())
    stated = request.headers["signature-input"]
    later = re.sub(r"expires=(\d+)", lambda found: f"expires={int(found[1]) + 1}", stated)
    request.headers["signature-input"] = later
    long_lived = read_plain(request.method, URL, request.headers, BODY)
    assert long_lived is not None
    assert not long_lived.holds(KEY.public_key(), NOW)
    request.headers["signature-input"] = stated.replace('"@target-uri"', '"@authority"')
    assert read_plain(request.method, URL, request.headers, BODY) is None
