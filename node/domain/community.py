"""The town of a program and the communities around it."""

from dataclasses import dataclass
from typing import NewType

CommunityId = NewType("CommunityId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """A place people live in, as the program calls it."""

    id: CommunityId
    name: str
    version: int = 1
