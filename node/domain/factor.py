"""The second factor: a code from an app on her phone (RFC 6238), or one of ten recovery codes on paper.

A code counts once: the step it belongs to is remembered. Guessing is slowed down where it happens, between a right
password and the code; recovery codes are too long to guess and always taken, so nobody can be kept out by guesses.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from node.domain.actor import Role, UserId
from node.domain.errors import DomainError
from node.domain.signin import TokenDigest

RECOVERY_CODES = 10
HALF_OPEN = timedelta(minutes=5)
"""How long a right password waits for its code."""
TRIES = 5
DIGITS = 6
MOST_CODES = 10
"""Wrong codes on one account within the window of attempts, from browsers that never signed in before."""


class Demand(StrEnum):
    """Whom a program wants to have a second factor; everybody is asked."""

    NOBODY = "nobody"
    ADMINISTRATORS = "administrators"
    EVERYBODY = "everybody"

    def is_for(self, role: Role) -> bool:
        """Whether somebody with this role must have one."""
        return self is Demand.EVERYBODY or (self is Demand.ADMINISTRATORS and role is Role.ADMINISTRATOR)


class CodeRefusedError(DomainError):
    """The code is wrong, too old, or was used before."""

    code = "code-refused"


class HalfOpenError(DomainError):
    """The password has to be typed again: it waited too long for its code, or too many codes were wrong."""

    code = "half-open"


class FactorOnError(DomainError):
    """A second factor is on already; it is taken off first."""

    code = "factor-on"


class FactorOffError(DomainError):
    """There is no second factor to confirm or to take off."""

    code = "factor-off"


class FactorNeededError(DomainError):
    """The program wants a second factor from this role before anything else."""

    code = "factor-needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactor:
    """The secret shared with an app. It counts once a code proved that the app has it."""

    user: UserId
    secret: str
    begun_at: datetime
    confirmed_at: datetime | None = None
    last_step: int = 0

    def accept(self, step: int | None) -> int:
        """The step of a right code that was not used before. Raises: CodeRefusedError."""
        if step is None or step <= self.last_step:
            raise CodeRefusedError
        return step

    def confirm(self, step: int | None, at: datetime) -> Self:
        """The factor, which counts from now on. Raises: CodeRefusedError, FactorOnError."""
        if self.confirmed_at is not None:
            raise FactorOnError
        return replace(self, confirmed_at=at, last_step=self.accept(step))


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfOpen:
    """A right password that waits for its code; `attempt` is counted as failed until the code comes."""

    digest: TokenDigest
    user: UserId
    until: datetime
    attempt: str
    tries: int = 0

    def once_more(self, at: datetime) -> Self:
        """One more try. Raises: HalfOpenError."""
        if at >= self.until or self.tries >= TRIES:
            raise HalfOpenError
        return replace(self, tries=self.tries + 1)


def plain_code(typed: str) -> str:
    """A code as it is compared: people type blanks, hyphens and capitals."""
    return "".join(letter for letter in typed.casefold() if letter.isalnum())


def is_recovery_code(code: str) -> bool:
    """Whether what was typed is no code of an app."""
    return not (code.isascii() and code.isdigit() and len(code) == DIGITS)
