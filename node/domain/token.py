"""Tokens with which other programs act for a member of staff. Leaves making and keeping them to others.

A token narrows what its user may do and never widens it: every verb still asks her role.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from node.domain.actor import TokenId, UserId
from node.domain.errors import DomainError
from node.domain.signin import TokenDigest

PREFIX = "mw_"
"""Begins every token, so that a search of published files finds one that was lost."""


class Scope(StrEnum):
    """What a token may be used for, each for as far as the role of its user reaches."""

    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    PEOPLE_ERASE = "people:erase"
    MATCHES_READ = "matches:read"
    MATCHES_WRITE = "matches:write"
    REQUESTS_READ = "requests:read"
    REQUESTS_WRITE = "requests:write"
    MENTORSHIPS_READ = "mentorships:read"
    MENTORSHIPS_WRITE = "mentorships:write"
    REPORTS_READ = "reports:read"
    TEXTS_READ = "texts:read"
    TEXTS_WRITE = "texts:write"


class TokenRefusedError(DomainError):
    """Nobody gave this token, or it was ended, or has run out, or its user may no longer act."""

    code = "token-refused"


class UnknownTokenError(DomainError):
    """No token has this id."""

    code = "unknown-token"


class ScopeNeededError(DomainError):
    """The token was not given for this."""

    code = "scope-needed"


class TokenPeriodError(DomainError):
    """The token would end before it begins."""

    code = "token-period"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token; `used_on` is as coarse as a day. It works through the day `ends_on`."""

    id: TokenId
    digest: TokenDigest
    user: UserId
    name: str
    scopes: frozenset[Scope]
    added_at: datetime
    used_on: date | None = None
    ends_on: date | None = None

    def works(self, at: datetime) -> bool:
        """Whether it still lets a program in."""
        return self.ends_on is None or at.date() <= self.ends_on

    def used(self, at: datetime) -> Self:
        """The token, used at a moment; the same one where that was written down today already."""
        return self if self.used_on == at.date() else replace(self, used_on=at.date())
