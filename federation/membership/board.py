"""A member's part in the need board, once a round: read what was released, hand over what waits, count what is said.

The board never keeps letters from being exchanged: whatever it does not do is tried again in the next round.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from federation.ground.engine import transaction
from federation.membership.alerts import AlertCode, Alerts
from federation.membership.board_memory import BoardMemory, BoardReader
from federation.membership.board_offers import OffersReader
from federation.membership.board_uploads import Uploader, Uploads
from federation.membership.relay import Relay, RelayError
from federation.membership.roster import Roster, Tier
from federation.membership.summaries import Summaries
from protocol.roster import Standing
from protocol.summaries import quarter_before, surplus

if TYPE_CHECKING:
    from collections.abc import Callable

    from federation.membership.board_effects import BoardEffects
    from federation.membership.rounds import Mailroom

_MONTHS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRound:
    """What one member does at the board in a round; `failed` is told what the exchange did not do."""

    mailroom: Mailroom
    effects: BoardEffects
    failed: Callable[[RelayError, datetime], None]

    def read(self, relay: Relay, roster: Roster, now: datetime) -> None:
        """Read what was released since."""
        if roster.standing(self.mailroom.identity.node) is not Standing.ACTIVE:
            return  # the board is for active members only
        engine, tables, alerts = self.mailroom.engine, self.mailroom.tables, self._alerts
        needs = BoardReader(engine=engine, tables=tables, alerts=alerts, effects=self.effects)
        offers = OffersReader(mailroom=self.mailroom, alerts=alerts, effects=self.effects)
        try:
            needs.read(relay, roster, now)
            offers.read(relay, roster, now)
        except RelayError as error:
            self.failed(error, now)

    def send(self, relay: Relay, roster: Roster, now: datetime) -> None:
        """Hand over what waits, and count."""
        if roster.tier(now) not in {Tier.FRESH, Tier.WARN}:
            return  # nothing new is opened across programs under an old roster
        try:
            uploads = Uploads(tables=self.mailroom.tables, identity=self.mailroom.identity)
            Uploader(engine=self.mailroom.engine, uploads=uploads).run(relay, roster, now)
        except RelayError as error:
            self.failed(error, now)
        self._count(roster, now)

    def _count(self, roster: Roster, now: datetime) -> None:
        """Alert when the board showed more cards in the quarter before than its members say they posted.

        It is asked only when every member's summary of this quarter is here: before that nobody can tell.
        """
        tables, identity = self.mailroom.tables, self.mailroom.identity
        quarter = quarter_before(_quarter(now))
        with transaction(self.mailroom.engine) as connection:
            shown = BoardMemory(tables).shown(connection, _begin(quarter), _begin(_quarter(now)))
            if not shown:
                return
            declared = Summaries(tables=tables, identity=identity).of_every_member(connection, roster, now)
            current = [one for one in declared if one.quarter == _quarter(now)]
            if len(current) == len(roster.active) and surplus(shown, current, quarter=quarter):
                self._alerts.sound(connection, AlertCode.BOARD_SURPLUS, quarter, now)

    @property
    def _alerts(self) -> Alerts:
        return Alerts(tables=self.mailroom.tables, seal=self.mailroom.identity.seal)


def _quarter(at: datetime) -> str:
    there = at.astimezone(UTC)
    return f"{there.year:04}-Q{(there.month - 1) // _MONTHS + 1}"


def _begin(quarter: str) -> datetime:
    return datetime(int(quarter[:4]), (int(quarter[-1]) - 1) * _MONTHS + 1, 1, tzinfo=UTC)
