"""A published summary as the exchange indexes it; what it says is the members' matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from protocol.ids import Digest, NodeId
    from protocol.summaries import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSummary:
    """Where one release of `node` stands among its releases."""

    node: NodeId
    digest: Digest
    position: Position
    expires_at: datetime
