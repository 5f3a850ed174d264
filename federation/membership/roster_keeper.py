"""Keeping the roster up to date, and noticing when the exchange shows us less than it shows others.

A roster that cannot be renewed is no failure of a round: the last verified copy holds, and its age says what it allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from federation.ground.engine import transaction
from federation.membership.alerts import AlertCode, Alerts
from federation.membership.board_memory import BoardMemory
from federation.membership.roster import Roster, renewed
from federation.membership.roster_client import RosterClient, RosterRefusedError, RosterUnreachableError
from federation.membership.roster_store import RosterStore
from protocol.errors import ProtocolError
from protocol.seen import Seen, Withheld, withheld

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Engine

    from federation.membership.tables import MemberTables


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterKeeper:
    """Renews the roster of one member."""

    engine: Engine
    tables: MemberTables
    client: RosterClient
    alerts: Alerts

    def refresh(self, url: str, now: datetime) -> None:
        """Fetch, verify and keep the newest roster; what goes wrong is alerted."""
        try:
            found = self.client.refresh(url, now)
            with transaction(self.engine) as connection:
                store = RosterStore(self.tables)
                store.keep(connection, renewed(store.find(connection), found, now))
                self.alerts.over(connection, AlertCode.ROSTER_UNREACHABLE)
            self._sound(AlertCode.ROSTER_REFUSED, found.withheld, now)
        except RosterUnreachableError as error:
            self._sound(AlertCode.ROSTER_UNREACHABLE, error.code, now)
        except (RosterRefusedError, ProtocolError) as error:
            self._sound(AlertCode.ROSTER_REFUSED, str(error.params.get("reason", error.code)), now)

    def compare(self, roster: Roster, seen: tuple[Seen, ...], now: datetime, look_again: Callable[[], None]) -> Roster:
        """Alert what others have seen and we are not shown; returns the roster to go on with."""
        if not self._withheld(roster, seen):
            return roster
        # They may simply have read a newer roster than we did a moment ago.
        look_again()
        with transaction(self.engine) as connection:
            roster = RosterStore(self.tables).get(connection)
        for part in sorted(self._withheld(roster, seen)):
            self._sound(AlertCode.WITHHOLDING, part.value, now)
        return roster

    def _withheld(self, roster: Roster, seen: tuple[Seen, ...]) -> set[Withheld]:
        with transaction(self.engine) as connection:
            lacks, ours = BoardMemory(self.tables).lacks, roster.seen
            return {
                part for theirs in seen for part in withheld(theirs, ours, batch_is_known=not lacks(connection, theirs))
            }

    def _sound(self, code: AlertCode, subject: str | None, now: datetime) -> None:
        if subject is not None:
            with transaction(self.engine) as connection:
                self.alerts.sound(connection, code, subject, now)
