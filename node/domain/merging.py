"""Two entries that are one person: which may be merged, and what is remembered of it."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import UserId
from node.domain.errors import DomainError
from node.domain.person import Person, PersonId


class SamePersonError(DomainError):
    """Nobody is merged with herself."""

    code = "same-person"


class KindsDifferError(DomainError):
    """A mentee and a mentor are kept apart, even where they are one human being."""

    code = "kinds-differ"


class BothAskedError(DomainError):
    """Requests about both are open in other programs, which would take one person for two."""

    code = "both-asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """An entry that is gone, and the person it turned out to be."""

    gone: PersonId
    person: PersonId
    at: datetime
    by: UserId


def may_merge(kept: Person, gone: Person, *, both_asked: bool) -> None:
    """Pass if the two may become one. Raises: SamePersonError, KindsDifferError, BothAskedError."""
    if kept.id == gone.id:
        raise SamePersonError
    if kept.kind is not gone.kind:
        raise KindsDifferError
    if both_asked:
        raise BothAskedError
