"""Where people hear of the program: a code in the link of a poster or a partner's page, and how many came by it."""

import re
from dataclasses import dataclass
from datetime import datetime

from node.domain.errors import DomainError
from node.domain.traces import fold

LONGEST_NAME = 80
LONGEST_CODE = 32


class SourceExistsError(DomainError):
    """A source of this name is there already."""

    code = "source-exists"


class UnknownSourceError(DomainError):
    """No source has this code."""

    code = "unknown-source"


class SourceUnnamedError(DomainError):
    """A source has a name of a few words."""

    code = "source-unnamed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One poster or partner, and how many began and sent a form by its link. The blank code counts all the others.

    The link of a retired one goes on opening the form, since posters hang on; who comes by it counts among the others.
    """

    code: str
    name: str
    made_at: datetime | None = None
    started: int = 0
    finished: int = 0
    retired_at: datetime | None = None


def code_of(name: str) -> str:
    """The code of a source in links: its name in small letters. Raises: SourceUnnamedError."""
    code = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:LONGEST_CODE].strip("-")
    if not code or len(name) > LONGEST_NAME:
        raise SourceUnnamedError(most=LONGEST_NAME)
    return code
