"""The profile of RFC 9421 for requests to the exchange. Specification: docs/protocol/08-exchange.md.

This module states the profile and its errors; signing and checking live where a clock may be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from protocol.errors import ProtocolError

if TYPE_CHECKING:
    from datetime import datetime

    from protocol.ids import KeyId

TAG = "mentorweave-exchange"
LABEL = "mentorweave"
COMPONENTS = ("@method", "@target-uri")
BODY_COMPONENTS = ("content-type", "content-digest")
LIFETIME = timedelta(minutes=10)
SKEW = timedelta(seconds=300)
MAX_NONCE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedHop:
    """A request whose signature held. Only who checked one makes it; the nonce is still to be remembered."""

    key_id: KeyId
    nonce: str
    created: datetime
    expires: datetime


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
    remedy = "Compare this machine's clock with a phone and set it if it is wrong, then run `mentorweave doctor`."


class HopReplayError(HopSignatureError):
    """The nonce was used before."""

    code = "hop-replay"
    title = "The same signed request was sent twice."
    remedy = "Nothing to do: the program signs a new one. If it stays, somebody repeats its requests."
