"""Signing in through an account elsewhere (OpenID Connect): only staff who are here already, never anybody new.

Who comes with an e-mail address that the provider verified is the user with that address. A provider that verifies
none (Microsoft 365) is believed for an account once an administrator allowed it. Afterwards the account counts, by the
provider's own name for it, and its e-mail address does not.
"""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NewType, Self

from node.domain.actor import UserId
from node.domain.errors import DomainError

AccountDigest = NewType("AccountDigest", str)
"""SHA-256 of the provider's name for an account, in hex."""

_MARK = 10
WAITS = timedelta(days=7)
"""How long an account waits to be allowed."""
LINKS = "link."
"""So begins the state of somebody who is signed in and links her account."""
AWAY = timedelta(minutes=10)
"""How long somebody may be at the provider's."""


class ProviderRefusedError(DomainError):
    """What the provider, or somebody in its name, said does not fit what was asked; or she broke it off there."""

    code = "provider-refused"


class ProviderAwayError(DomainError):
    """The provider cannot be reached, or answers nonsense."""

    code = "provider-away"


class AccountUnknownError(DomainError):
    """The account is nobody's who works here."""

    code = "account-unknown"


class AccountTakenError(DomainError):
    """The account opens the door for somebody else who works here."""

    code = "account-taken"


class AccountWaitsError(DomainError):
    """An administrator has to allow this account first."""

    code = "account-waits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whom a provider says somebody is. `tenant` is the organisation, where the provider has such."""

    issuer: str
    subject: str
    tenant: str = ""
    email: str = ""
    email_verified: bool = False

    @property
    def digest(self) -> AccountDigest:
        """What is kept of it."""
        names = f"{self.issuer}\n{self.tenant}\n{self.subject}"
        return AccountDigest(hashlib.sha256(names.encode()).hexdigest())


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A user's account elsewhere; it opens nothing until it is allowed."""

    account: AccountDigest
    user: UserId
    added_at: datetime
    allowed_at: datetime | None = None

    @property
    def mark(self) -> str:
        """By which its owner and an administrator make sure that they mean the same account."""
        return self.account[:_MARK]

    def allow(self, at: datetime) -> Self:
        """The link, which counts from now on."""
        return replace(self, allowed_at=at)


@dataclass(frozen=True, slots=True)
class Errand:
    """What is sent along to the provider, all of it made of one secret that stays here.

    `state` ties the answer to this browser, `nonce` to this question, and `verifier` (RFC 7636) to who asked it.
    """

    secret: str
    links: bool = False

    @property
    def state(self) -> str:
        """Comes back in the address, and says which of the two it was: a door to open, or an account to link."""
        return f"{LINKS if self.links else ''}{self._of('state')}"

    @property
    def nonce(self) -> str:
        """Comes back in the signed token."""
        return self._of("nonce")

    @property
    def verifier(self) -> str:
        """Is shown when the code is cashed in."""
        return self._of("verifier")

    @property
    def challenge(self) -> str:
        """The hash of the verifier (RFC 7636, section 4.2)."""
        return _text(hashlib.sha256(self.verifier.encode()).digest())

    def _of(self, part: str) -> str:
        return _text(hashlib.sha256(f"{part}:{self.secret}".encode()).digest())


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
