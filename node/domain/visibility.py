"""How far a mentor chose to be seen, and the history of it; added to, never edited. She may change it at any moment."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import UserId
from node.domain.person import PersonId, Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibilityChange:
    """From this moment on she is seen so far; written down by somebody of the program."""

    person: PersonId
    level: Visibility
    at: datetime
    by: UserId
