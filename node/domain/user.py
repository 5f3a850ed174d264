"""Members of staff who use the node. Leaves passwords and second factors to sign-in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from node.domain.actor import Role, UserId


class UserState(StrEnum):
    """Whether this person may still act."""

    ACTIVE = "active"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who works in this program."""

    id: UserId
    name: str
    email: str
    role: Role
    state: UserState
    added_at: datetime
    version: int = 1
