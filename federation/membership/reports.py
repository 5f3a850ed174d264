"""What one round did, in counts and alerts; nothing in it names a person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from federation.membership.inbox import InboxState

if TYPE_CHECKING:
    from datetime import datetime

    from federation.membership.alerts import Alert
    from federation.membership.catching_up import StillAsking
    from federation.membership.roster import Tier
    from federation.membership.rounds import Drained


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """What one round did, in counts. `reached` is False when the exchange could not be read to the end.

    `still_asking`: this program was restored, and sends nothing else before it has caught up.
    """

    at: datetime
    joined: bool
    reached: bool
    paused: bool
    tier: Tier | None
    letters_taken: int = 0
    letters_refused: int = 0
    letters_kept: int = 0
    letters_quarantined: int = 0
    letters_discarded: int = 0
    receipts_taken: int = 0
    letters_sent: int = 0
    letters_waiting: int = 0
    summaries_fetched: int = 0
    alerts: tuple[Alert, ...] = ()
    still_asking: StillAsking | None = None


def with_letters(report: SyncReport, drained: Drained) -> SyncReport:
    """`report` with what the mailbox brought."""
    letters = drained.letters
    return replace(
        report,
        letters_taken=letters[InboxState.STORED],
        letters_refused=letters[InboxState.REFUSED],
        letters_kept=letters[InboxState.KEPT],
        letters_quarantined=letters[InboxState.QUARANTINED],
        letters_discarded=letters[InboxState.DISCARDED],
        receipts_taken=drained.receipts,
    )
