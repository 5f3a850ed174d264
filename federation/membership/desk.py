"""Taking in the items of a page inside one transaction, each with a savepoint of its own.

What makes the program fail is kept and alerted, and never blocks the next item. Reading the mailbox is `rounds`' work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from federation.ground.engine import savepoint
from federation.membership.alerts import AlertCode
from federation.membership.inbox import Handled, InboxState
from federation.membership.peers import RosterNeededError, StatementNeededError
from federation.membership.relay import Item, ItemKind
from protocol.envelope import parse_envelope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from federation.membership.alerts import Alerts
    from federation.membership.inbox import Inbox
    from federation.membership.receipts import Receipts
    from federation.membership.receive import Receiver
    from federation.membership.roster import Roster

RECEIPTED = Handled(state=InboxState.STORED, discard=True)


def by_letter(run: dict[int, Item]) -> list[dict[int, Item]]:
    """Items of one kind, each letter by itself."""
    if next(iter(run.values())).kind is ItemKind.RECEIPT:
        return [run]
    return [{place: item} for place, item in run.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Takes in the items of one page inside one transaction."""

    roster: Roster
    now: datetime
    receiver: Receiver
    receipts: Receipts
    inbox: Inbox
    alerts: Alerts

    def take_run(
        self, connection: Connection, some: Mapping[int, Item], found: dict[int, Handled]
    ) -> list[StatementNeededError]:
        """Take in items of one kind, into `found`; what is left out needs these statements, or a newer roster."""
        needed: list[StatementNeededError] = []
        if self.take_receipts(connection, tuple(some.values())):
            found |= dict.fromkeys(some, RECEIPTED)
            return needed
        for place, item in some.items():
            try:
                found[place] = self.take(connection, item)
            except RosterNeededError:
                continue
            except StatementNeededError as wanted:
                needed.append(wanted)
        return needed

    def take(self, connection: Connection, item: Item) -> Handled:
        """Take in one item. Raises: RosterNeededError, StatementNeededError, and then it changed nothing."""
        work = self._receipt if item.kind is ItemKind.RECEIPT else self._letter
        try:
            with savepoint(connection):
                return work(connection, item)
        except (RosterNeededError, StatementNeededError):
            raise
        except Exception as error:  # noqa: BLE001 - the outermost loop: no letter may block the others
            return self._keep(connection, item, error)

    def take_receipts(self, connection: Connection, items: Sequence[Item]) -> bool:
        """Take in several receipts that follow one another; False where each has to be looked at by itself."""
        if len(items) == 1 or items[0].kind is not ItemKind.RECEIPT:
            return False
        tokens = [item.data for item in items]
        try:
            with savepoint(connection):
                self.receipts.take_all(connection, tokens, self.roster, self.now)
        except Exception:  # noqa: BLE001 - taken one by one, whatever is wrong is found and said
            return False
        return True

    def _letter(self, connection: Connection, item: Item) -> Handled:
        return self.receiver.take(connection, item.data, self.roster, self.now)

    def _receipt(self, connection: Connection, item: Item) -> Handled:
        held = self.receipts.take(connection, item.data, self.roster, self.now)
        return RECEIPTED if held else Handled(state=InboxState.DISCARDED, discard=True)

    def _keep(self, connection: Connection, item: Item, error: Exception) -> Handled:
        cause, now = error.__cause__ or error, self.now
        if item.kind is ItemKind.ENVELOPE:
            self.inbox.keep(connection, parse_envelope(item.data), InboxState.KEPT, now)
        evidence = type(cause).__name__.encode()
        self.alerts.sound(connection, AlertCode.LETTER_FAILED, item.id, now, evidence=evidence)
        return Handled(state=InboxState.KEPT)
