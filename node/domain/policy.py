"""What a named person says yes to before anything is published: in which form, at what cost, when.

A yes is to one policy, word for word; whatever changes it asks for a new one. Nobody decides after a draw.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import UserId
from node.domain.budget import HOUR, PER_DRAW_MILLI, YEAR_CAP_MILLI
from node.domain.counts import MINOR_GROUPS
from node.domain.errors import DomainError
from protocol.vocabulary import Publishes, SizeBracket

EDITION = 1
"""Raised whenever what is published, or to whom, changes its meaning."""
_SHOWN = 16


class PolicyNotAgreedError(DomainError):
    """Nobody has said yes to what would be published, in the form in which it would be now."""

    code = "policy-not-agreed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishingPolicy:
    """Everything about a summary that is decided before anybody is counted."""

    publishes: Publishes
    size: SizeBracket

    @property
    def counts(self) -> bool:
        """Whether mentors are counted at all."""
        return self.publishes is Publishes.COUNTS

    @property
    def epsilon_milli(self) -> int:
        """What one quarter costs, in thousandths."""
        return PER_DRAW_MILLI if self.counts else 0

    @property
    def digest(self) -> str:
        """What a yes is given to: the same for the same policy, another for any other."""
        said = [EDITION, self.publishes, self.size, self.epsilon_milli, YEAR_CAP_MILLI, HOUR, *MINOR_GROUPS]
        return hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()

    @property
    def label(self) -> str:
        """How it is named in what is published."""
        form = f"counts of {len(MINOR_GROUPS)} groups, e 0.25 a quarter" if self.counts else "declared size, no counts"
        return f"listings by recorded consent; {form}; {self.digest[:_SHOWN]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A named person's yes to one policy."""

    policy: str
    at: datetime
    by: UserId

    @property
    def content(self) -> str:
        """What the ledger witnesses."""
        return f"{self.policy} {self.at.isoformat()} {self.by}"
