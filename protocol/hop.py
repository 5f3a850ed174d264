"""The profile of RFC 9421 for requests to the exchange. Specification: docs/protocol/08-exchange.md.

This module states the profile and its errors; signing and checking live where a clock may be read.
"""

from __future__ import annotations

from datetime import timedelta

from protocol.errors import ProtocolError

TAG = "mentorweave-exchange"
LABEL = "mentorweave"
COMPONENTS = ("@method", "@target-uri")
BODY_COMPONENTS = ("content-type", "content-digest")
LIFETIME = timedelta(minutes=10)
SKEW = timedelta(seconds=300)
MAX_NONCE = 64


class HopSignatureError(ProtocolError):
    """The request is not signed as the profile requires."""

    code = "hop-signature"
    status = 401
    title = "The request is not signed as the exchange requires."
    remedy = "Check the exchange's address in this program's settings, then run `mentorweave doctor`."


class HopTimeError(HopSignatureError):
    """The signature is from the future, past its end, or lives too long."""

    code = "hop-time"
    title = "The request's time does not fit the exchange's clock."
    remedy = "Set this machine's clock, then run `mentorweave doctor`."


class HopReplayError(HopSignatureError):
    """The nonce was used before."""

    code = "hop-replay"
    title = "The same signed request was sent twice."
    remedy = "Nothing to do: the program signs a new one. If it stays, somebody repeats its requests."
