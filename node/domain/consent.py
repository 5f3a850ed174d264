"""Grants: what a person agreed to, toward whom, in which words, until when. History is added to, never edited."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType, Self

from node.domain.actor import UserId
from node.domain.errors import ConsentAlreadyWithdrawnError, ConsentPeriodError
from node.domain.person import PersonId

GrantId = NewType("GrantId", str)

ANY_MEMBER = "members"
"""The recipient that stands for every member program."""
USUAL_TERM = timedelta(days=365)


class Purpose(StrEnum):
    """What a grant allows."""

    OUTSIDE = "outside"
    CARD = "card"
    OFFER = "offer"
    ACCEPT = "accept"
    CONTACT = "contact"
    LISTING = "listing"
    STANDING = "standing"


def standard_wording(purpose: Purpose) -> str:
    """The code under which `node.words` keeps the usual wording of a yes."""
    return f"wording.{purpose}"


class Given(StrEnum):
    """How a person said yes, or took it back."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    EMAIL_REPLY = "email_reply"
    PAPER = "paper"
    WEB = "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """The moment a yes was taken back, how, and who wrote it down."""

    at: datetime
    given: Given
    recorded_by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One yes of one person.

    `recipient` is a member program's id or `ANY_MEMBER`; `concerns` names the one thread, card or
    offer the yes is about, or is empty. `wording` holds the words she agreed to.
    """

    id: GrantId
    person: PersonId
    purpose: Purpose
    recipient: str
    wording: str
    given: Given
    granted_at: datetime
    expires_at: datetime
    recorded_by: UserId
    concerns: str = ""
    withdrawal: Withdrawal | None = None
    version: int = 1

    def __post_init__(self) -> None:
        """Refuse a grant that ends before it begins."""
        if self.expires_at <= self.granted_at:
            raise ConsentPeriodError(consent=self.id)

    def covers(self, purpose: Purpose, recipient: str, at: datetime) -> bool:
        """Whether this grant allows sharing for `purpose` with `recipient` at the moment `at`."""
        withdrawn = self.withdrawal is not None and self.withdrawal.at <= at
        return (
            purpose is self.purpose
            and self.recipient in {recipient, ANY_MEMBER}
            and not withdrawn
            and self.granted_at <= at < self.expires_at
        )

    def withdraw(self, withdrawal: Withdrawal) -> Self:
        """The same grant, taken back.

        Raises: ConsentAlreadyWithdrawnError.
        """
        if self.withdrawal is not None:
            raise ConsentAlreadyWithdrawnError(consent=self.id)
        return replace(self, withdrawal=withdrawal)
