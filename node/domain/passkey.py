"""Passkeys: keys in a phone or computer that sign in by themselves (W3C Web Authentication, level 3).

Only a device that asked its owner (a finger, a face, a PIN) is taken, so a passkey needs no second factor beside it.
Leaves reading what devices say to whoever keeps `Authenticators`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import NewType, Self

from node.domain.actor import UserId
from node.domain.errors import DomainError
from node.domain.origin import Origin
from node.domain.signin import TokenDigest

PasskeyId = NewType("PasskeyId", str)
"""What a device calls a key, in base64url."""

ASKED = timedelta(minutes=5)
"""How long a device has to answer."""


class PasskeyRefusedError(DomainError):
    """The device's answer does not fit: another key, another site, another question, or nobody was asked."""

    code = "passkey-refused"


class UnknownPasskeyError(DomainError):
    """No passkey of hers is that one."""

    code = "unknown-passkey"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where our pages are as a browser sees them; a key works at the site it was made for, and nowhere else."""

    origin: str
    host: str

    @property
    def takes_passkeys(self) -> bool:
        """Whether browsers use keys there: they want a name, not a bare address."""
        try:
            ip_address(self.host)
        except ValueError:
            return bool(self.host)
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a device has to sign. There is one for each browser; the next takes its place."""

    browser: TokenDigest
    challenge: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """One key of a user. `signed` counts what some devices count, so that a copied key is found out."""

    id: PasskeyId
    user: UserId
    public_key: bytes
    signed: int
    added_at: datetime
    origin: Origin
    used_at: datetime | None = None

    def use(self, signed: int, at: datetime) -> Self:
        """The key, used."""
        return replace(self, signed=signed, used_at=at)
