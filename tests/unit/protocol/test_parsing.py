from __future__ import annotations

import base64
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.errors import ProtocolError
from protocol.parsing import (
    MAX_DEPTH,
    MAX_INTEGER,
    Base64Error,
    DepthError,
    DuplicateKeyError,
    JsonError,
    NumberError,
    TooLargeError,
    b64u,
    parse_object,
    unb64u,
)

if TYPE_CHECKING:
    from collections.abc import Callable

LIMIT = 5_000_000


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    with pytest.raises(ProtocolError):
        work()
    return time.perf_counter() - begun


def test_an_object_of_whole_numbers_and_text_is_read() -> None:
    raw = '{"n": 9007199254740991, "m": -1, "t": "é", "l": [true, false, null], "o": {}}'.encode()
    assert parse_object(raw, limit=LIMIT) == {"n": MAX_INTEGER, "m": -1, "t": "é", "l": [True, False, None], "o": {}}


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"a":1}',
        b'{"a":1,"\\u0061":2}',  # the same key, spelt in another way
        b'{"o":{"a":1,"b":2,"a":3}}',
        b'[{"a":1,"a":1}]',
    ],
)
def test_a_key_that_stands_twice_is_refused(raw: bytes) -> None:
    with pytest.raises(DuplicateKeyError):
        parse_object(raw, limit=LIMIT)


@pytest.mark.parametrize(
    "number", [b"1.0", b"1e2", b"-0.5", b"NaN", b"Infinity", b"-Infinity", b"9007199254740992", b"-9007199254740992"]
)
def test_a_number_that_is_not_a_whole_one_of_53_bits_is_refused(number: bytes) -> None:
    with pytest.raises(NumberError):
        parse_object(b'{"a":' + number + b"}", limit=LIMIT)


def test_a_million_digits_are_refused_at_once() -> None:
    raw = b'{"a":' + b"9" * 1_000_000 + b"}"
    assert seconds(lambda: parse_object(raw, limit=LIMIT)) < 0.5
    with pytest.raises(NumberError):
        parse_object(raw, limit=LIMIT)


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"a":['])
def test_a_million_brackets_are_refused_at_once(opening: bytes) -> None:
    raw = (opening * 1_000_000)[:1_000_000]
    assert seconds(lambda: parse_object(raw, limit=LIMIT)) < 0.5
    with pytest.raises(DepthError):
        parse_object(raw, limit=LIMIT)


def test_nesting_is_allowed_to_sixteen_and_no_further() -> None:
    parse_object(nested(MAX_DEPTH), limit=LIMIT)
    with pytest.raises(DepthError):
        parse_object(nested(MAX_DEPTH + 1), limit=LIMIT)
    with pytest.raises(DepthError):
        parse_object(b'{"a":' + b"[" * MAX_DEPTH + b"1" + b"]" * MAX_DEPTH + b"}", limit=LIMIT)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"nul",
        b'{"a":1} {}',
        b'{"a":1},',
        b"{'a':1}",
        b'{"a":01}',
        b'{"a":+1}',
        b'{"a":"\x00"}',
        b'{"a":"\t"}',
        b'{"a":"\\x41"}',
        b'\xef\xbb\xbf{"a":1}',  # a byte order mark
        '{"a":1}'.encode("utf-16"),
        '{"a":1}'.encode("utf-16-le"),
        '{"a":1}'.encode("utf-32"),
        b'{"a":"\xe9"}',  # Latin-1
        b'{"a":"\xc0\x80"}',  # an overlong form
        b'{"a":"\xed\xa0\x80"}',  # a surrogate in UTF-8
        b'{"a":"\\ud800"}',
        b'{"\\udc00":1}',
        b'{"a":[{"b":"x\\udfffy"}]}',
        b"[]",
        b'"text"',
        b"1",
        b"null",
    ],
)
def test_what_is_not_one_json_object_in_utf8_is_refused(raw: bytes) -> None:
    with pytest.raises(JsonError):
        parse_object(raw, limit=LIMIT)


def test_a_surrogate_pair_is_one_character() -> None:
    assert parse_object(b'{"a":"\\ud83d\\ude00"}', limit=LIMIT) == {"a": "\U0001f600"}


def test_bytes_beyond_the_limit_are_not_looked_at() -> None:
    with pytest.raises(TooLargeError) as refused:
        parse_object(b"{" * 11, limit=10)
    assert refused.value.status == 413


@given(st.binary(max_size=200))
def test_whatever_the_bytes_the_answer_is_an_object_or_a_named_error(raw: bytes) -> None:
    try:
        found = parse_object(raw, limit=LIMIT)
    except ProtocolError:
        return
    assert isinstance(found, dict)


@given(st.binary(max_size=100))
def test_base64url_has_one_text_for_one_value(data: bytes) -> None:
    text = b64u(data)
    assert unb64u(text) == data
    assert "=" not in text
    assert base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) == data


@pytest.mark.parametrize("text", ["AA==", "AB", "A", "A+8", "A/8", "AA\n", " AA", "A A", "AAA=", "é", "AAAA=", "-_!"])
def test_base64url_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(Base64Error):
        unb64u(text)
