"""Canonical JSON (RFC 8785), for the few places where a hash covers content instead of the bytes that travelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import rfc8785

from protocol.errors import ProtocolError

CanonicalJson = None | bool | int | float | str | Sequence["CanonicalJson"] | Mapping[str, "CanonicalJson"]


class CanonicalError(ProtocolError):
    """A value has no canonical form."""

    code = "canonical-impossible"
    title = "The content has no canonical JSON form."
    remedy = "Use whole numbers of at most 53 bits and text without lone surrogates."


def canonicalise(value: CanonicalJson) -> bytes:
    """`value` in the form of RFC 8785. Raises: CanonicalError."""
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise CanonicalError from error
