"""Who asks: a member, or an asker at the door, whose signature over the request held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from federation.exchange.domain.roster import Roster
    from protocol.ids import KeyId, NodeId


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Proof that a key of `node` signed this request, under the roster in force then.

    Only the adapter that checks signatures makes one.
    """

    node: NodeId
    key_id: KeyId
    nonce: str
    expires: datetime
    roster: Roster

    @property
    def by_identity(self) -> bool:
        """Whether a member's identity key signed, not one of its signing keys."""
        return self.roster.identities.get(self.key_id) == self.node
