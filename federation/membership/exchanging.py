"""The round of summaries: publish ours, read the index, fetch what changed, believe what verifies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from federation.ground.engine import transaction
from federation.membership.peers import StatementNeededError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from federation.membership.relay import IndexEntry, Relay
    from federation.membership.roster import Roster
    from federation.membership.rounds import Mailroom
    from federation.membership.summaries import Summaries
    from protocol.seen import Seen
    from protocol.summaries import VerifiedSummary


@dataclass(frozen=True, slots=True)
class SummariesRead:
    """How many summaries were new, and what their authors have seen."""

    fetched: int
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRound:
    """Exchanges summaries for one member."""

    engine: Engine
    summaries: Summaries
    mailroom: Mailroom

    def run(self, relay: Relay, roster: Roster, now: datetime, *, publish: bool) -> SummariesRead:
        """Publish and fetch. Raises: RelayError."""
        if publish:
            self._publish(relay, now)
        active = {member.id for member in roster.active} - {self.summaries.identity.node}
        found = [self._fetch(relay, roster, entry, now) for entry in relay.summary_index() if entry.node in active]
        taken = [summary for summary in found if summary is not None]
        return SummariesRead(len(taken), tuple(summary.summary.seen for summary in taken))

    def _publish(self, relay: Relay, now: datetime) -> None:
        with transaction(self.engine) as connection:
            waiting = self.summaries.waiting(connection)
        if waiting is None:
            return
        relay.put_summary(self.summaries.identity.node, waiting.digest, waiting.token)
        with transaction(self.engine) as connection:
            self.summaries.published(connection, waiting.seq, now)

    def _fetch(self, relay: Relay, roster: Roster, entry: IndexEntry, now: datetime) -> VerifiedSummary | None:
        with transaction(self.engine) as connection:
            if self.summaries.holds(connection, entry.node, entry.digest):
                return None
        token = relay.get_summary(entry.node, entry.digest)
        if token is None:
            return None
        try:
            return self._take(roster, entry, token, now)
        except StatementNeededError as needed:
            if not self.mailroom.fetch_keys(relay, roster, needed, now):
                return None
        try:
            return self._take(roster, entry, token, now)
        except StatementNeededError:
            return None

    def _take(self, roster: Roster, entry: IndexEntry, token: bytes, now: datetime) -> VerifiedSummary | None:
        with transaction(self.engine) as connection:
            return self.summaries.take(connection, roster, entry.node, token, now)
