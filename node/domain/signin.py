"""Signing in: passwords, sessions, and how many attempts are taken. Leaves hashing and storage to others.

No account is ever locked. Too many attempts from one place are refused for a while; too many on one account make
every further one wait some seconds, so that a right password always works. A browser that signed in before is
counted by itself, so that nobody can spoil it for its owner. Sources: NIST SP 800-63B section 5.1.1.2, OWASP
"Slow down online guessing with device cookies".
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType, Self

from node.domain.actor import UserId
from node.domain.errors import DomainError
from node.domain.origin import UNKNOWN, Origin

TokenDigest = NewType("TokenDigest", str)
"""SHA-256 of a random token, in hex: what is kept of a session, a link or a known browser."""

IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
"""A session is written down again at most this often."""
BROWSER_KNOWN = timedelta(days=180)
LINK_TERM = timedelta(days=3)

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
FEWEST_CHARACTERS = 5

WINDOW = timedelta(minutes=15)
MOST_FROM_ONE_PLACE = 20
FREE_ON_ONE_ACCOUNT = 5
DOUBLINGS = 3
"""The wait on one account is 1, 2, 4 and at most 8 seconds."""


class SignInRefusedError(DomainError):
    """The e-mail address and the password do not belong together; which of them is wrong is not said."""

    code = "sign-in-refused"


class TooManyAttemptsError(DomainError):
    """Too many attempts came from one place."""

    code = "too-many-attempts"


class SignedOutError(DomainError):
    """Nobody is signed in here, or not any more."""

    code = "signed-out"


class PasswordLengthError(DomainError):
    """A password has at least twelve characters, and is no book."""

    code = "password-length"


class PasswordGuessableError(DomainError):
    """The password repeats a few characters, or the name or e-mail address of its owner."""

    code = "password-guessable"


class PasswordLinkSpentError(DomainError):
    """The link was used, replaced, or has run out."""

    code = "password-link-spent"


class WrongPasswordError(DomainError):
    """Somebody who is signed in typed another password than hers."""

    code = "wrong-password"


class UnknownSessionError(DomainError):
    """No session of hers is that one, or it has ended."""

    code = "unknown-session"


class UnknownUserError(DomainError):
    """Nobody with this e-mail address uses this node."""

    code = "unknown-user"


def digest(token: str) -> TokenDigest:
    """What is kept of a token."""
    return TokenDigest(hashlib.sha256(token.encode()).hexdigest())


class Way(StrEnum):
    """How somebody showed who she is."""

    PASSWORD = "password"  # noqa: S105 - the name of a way
    CODE = "code"
    RECOVERY = "recovery"
    PASSKEY = "passkey"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One signed-in browser."""

    digest: TokenDigest
    user: UserId
    begun_at: datetime
    seen_at: datetime
    way: Way = Way.PASSWORD
    origin: Origin = UNKNOWN

    def is_open(self, at: datetime) -> bool:
        """Whether it still lets somebody in."""
        return at < min(self.seen_at + IDLE, self.begun_at + LONGEST)

    def seen(self, at: datetime) -> Self:
        """The session, used at a moment; the same one where that hardly changes anything."""
        return replace(self, seen_at=at) if at >= self.seen_at + SEEN_EVERY else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """Something given to one user that works until a moment: a link to choose a password, or a known browser."""

    digest: TokenDigest
    user: UserId
    until: datetime


def check_password(password: str, *, name: str, email: str) -> None:
    """Pass if a password is long enough and not easily guessed.

    Raises: PasswordLengthError, PasswordGuessableError.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise PasswordLengthError(least=SHORTEST_PASSWORD, most=LONGEST_PASSWORD)
    rest = password.casefold()
    for known in (email, email.partition("@")[0], *name.split()):
        rest = rest.replace(known.casefold(), "") if known else rest
    if len(set(rest)) < FEWEST_CHARACTERS:
        raise PasswordGuessableError


def pause(failures: int) -> timedelta:
    """How long the next attempt on an account waits after so many failed ones."""
    if failures < FREE_ON_ONE_ACCOUNT:
        return timedelta()
    return timedelta(seconds=2 ** min(failures - FREE_ON_ONE_ACCOUNT, DOUBLINGS))
