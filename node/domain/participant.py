"""How participants get in: by a link in a letter, which works once. Leaves who they are to `actor`.

Opening the link changes nothing, because mail programs open links, too; a button does. Links are given out until so
many lie unused: who asks in somebody else's name fills a mailbox with a few letters, and every one of them works.
"""

from dataclasses import dataclass
from datetime import datetime

from node.domain.errors import DomainError
from node.domain.person import Person, PersonId, PersonState
from node.domain.signin import LONGEST, SignedOutError, TokenDigest

MOST_UNUSED = 5
"""Links of one person that lie unused: no further letter is written because somebody asks on a page."""


class ParticipantLinkSpentError(DomainError):
    """The link was used, or has run out."""

    code = "participant-link-spent"


class OfficeOnlyError(DomainError):
    """This program is run on one machine; participants have no pages of their own."""

    code = "office-only"


class NoAddressError(DomainError):
    """No e-mail address of this person is known, so nothing can be sent to her."""

    code = "no-address"


class ParticipantSignedOutError(SignedOutError):
    """No participant is signed in here, or not any more."""

    code = "participant-signed-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantLink:
    """A link in a letter."""

    digest: TokenDigest
    person: PersonId
    until: datetime

    def is_open(self, at: datetime) -> bool:
        """Whether it still lets her in."""
        return at < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantSession:
    """One browser in which a participant is signed in."""

    digest: TokenDigest
    person: PersonId
    begun_at: datetime

    def is_open(self, at: datetime) -> bool:
        """Whether it still lets her in; filling in a form slowly does not end it."""
        return at < self.begun_at + LONGEST


def is_welcome(person: Person) -> bool:
    """Whether somebody may sign in at all."""
    return person.state is not PersonState.LEFT
