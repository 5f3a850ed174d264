"""Strict JSON: one way to read bytes that a stranger sent.

Refuses duplicate keys, floating point, integers beyond 2**53 - 1, deep nesting, lone surrogates and anything that is
not UTF-8. Meaning of the fields is left to `protocol.documents`. Specification: docs/protocol/01-basics.md.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import NoReturn

from protocol.errors import ProtocolError

MAX_DEPTH = 16
MAX_INTEGER = 2**53 - 1
_MAX_INTEGER_DIGITS = 17

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]


class JsonError(ProtocolError):
    """The bytes are not one JSON object in UTF-8."""

    code = "json-invalid"
    title = "The document is not valid JSON in UTF-8."
    remedy = "Send it again as it was made; do not edit or re-encode it."


class DuplicateKeyError(JsonError):
    """An object names a key twice."""

    code = "json-duplicate-key"
    title = "The document names the same field twice."


class DepthError(JsonError):
    """Arrays and objects are nested too deeply."""

    code = "json-too-deep"
    title = "The document is nested more deeply than allowed."


class NumberError(JsonError):
    """A number is not an integer of at most 53 bits."""

    code = "json-number"
    title = "The document holds a number that is not a whole number of at most 53 bits."


class TooLargeError(ProtocolError):
    """More bytes than this kind of document may have."""

    code = "too-large"
    status = 413
    title = "The document is larger than its kind may be."
    remedy = "Send less at once."


class Base64Error(ProtocolError):
    """Text is not canonical base64url without padding."""

    code = "base64-invalid"
    title = "A field is not base64url in its one canonical form."
    remedy = "Send it again as it was made; do not edit or re-encode it."


def _pairs(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise DuplicateKeyError
    return found


def _integer(digits: str) -> int:
    if len(digits) > _MAX_INTEGER_DIGITS or abs(int(digits)) > MAX_INTEGER:
        raise NumberError
    return int(digits)


def _no_number(_: str) -> NoReturn:
    raise NumberError


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=_integer, parse_float=_no_number, parse_constant=_no_number
)


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise JsonError from error


def _check(value: Json, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise DepthError
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_text(key)
            _check(item, depth + 1)


def parse_object(raw: bytes, *, limit: int) -> dict[str, Json]:
    """`raw` as one JSON object of at most `limit` bytes (01-basics 1.2). Raises: TooLargeError, JsonError and kinds."""
    if len(raw) > limit:
        raise TooLargeError(limit=limit)
    try:
        found: Json = _DECODER.decode(raw.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise JsonError from error
    except RecursionError as error:
        raise DepthError from error
    if not isinstance(found, dict):
        raise JsonError
    _check(found, 0)
    return found


def b64u(data: bytes) -> str:
    """`data` as base64url without padding (RFC 7515 section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64u(text: str) -> bytes:
    """The bytes of canonical base64url `text`: one text for one value (01-basics 1.3.1). Raises: Base64Error."""
    try:
        data = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise Base64Error from error
    if b64u(data) != text:
        raise Base64Error
    return data
