"""Codes of an app by time (RFC 6238), the picture an app reads them from, and recovery codes."""

import hmac
import secrets
from datetime import datetime

import pyotp
import segno

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Thirty-one letters and digits that nobody takes for one another."""
_LENGTH = 12
_SECONDS = 30
_AROUND = 1
"""A code of the step before or after counts, because clocks of phones differ."""


class TimeCodes:
    """The port `Codes` with six digits, thirty seconds and SHA-1: what every app knows."""

    def new_secret(self) -> str:
        """160 random bits in base32."""
        return pyotp.random_base32()

    def step(self, secret: str, code: str, at: datetime) -> int | None:
        """Which step of time a code belongs to; all of them are compared, so that time tells nothing."""
        codes, now = pyotp.TOTP(secret), int(at.timestamp()) // _SECONDS
        steps = range(now - _AROUND, now + _AROUND + 1)
        fitting = [step for step in steps if hmac.compare_digest(codes.at(step * _SECONDS).encode(), code.encode())]
        return max(fitting, default=None)

    def address(self, secret: str, account: str, program: str) -> str:
        """The `otpauth` address."""
        return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=program)

    def recovery_codes(self, count: int) -> tuple[str, ...]:
        """New codes, without the hyphens they are shown with."""
        return tuple("".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)) for _ in range(count))

    def picture(self, address: str) -> str:
        """SVG without a single style; dark on light whatever the colours of the page."""
        code = segno.make(address, micro=False)
        return code.svg_inline(scale=5, border=4, light="#fff", svgclass=None, lineclass=None)
