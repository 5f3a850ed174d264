"""A member's own keys in a round: made in time, published, destroyed when no letter under way can need them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from federation.ground.engine import transaction
from federation.membership.alerts import AlertCode, Alerts
from federation.membership.relay import OutcomeClass, RelayError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from federation.membership.identity import Identity
    from federation.membership.relay import Relay
    from federation.membership.roster import Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyKeeper:
    """Looks after the keys of one member."""

    engine: Engine
    identity: Identity
    alerts: Alerts

    def tend(self, connection: Connection, roster: Roster, now: datetime) -> None:
        """Make what is missing or ends soon, destroy what is over."""
        least = roster.member(self.identity.node).min_key_version
        newest = self.identity.first_statement(connection, now)
        if newest.version < least or self.identity.is_due(connection, now):
            self.identity.rotate(connection, now, at_least=least)
        self.identity.destroy_retired(connection, now)

    def publish(self, relay: Relay, now: datetime) -> None:
        """Publish what nobody can fetch yet; a refusal is alerted. Raises: RelayError."""
        with transaction(self.engine) as connection:
            waiting = self.identity.unpublished(connection)
        for statement in waiting:
            try:
                relay.put_statement(self.identity.node, statement.version, statement.token)
            except RelayError as error:
                if error.outcome.kind is not OutcomeClass.REFUSED:
                    raise
                with transaction(self.engine) as connection:
                    subject = error.outcome.problem or "refused"
                    self.alerts.sound(connection, AlertCode.KEYS_NOT_PUBLISHED, subject, now)
                return
            with transaction(self.engine) as connection:
                self.identity.published(connection, statement.version, now)
