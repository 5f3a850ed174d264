"""The verbs of taking part in a federation."""

from node.bootstrap.adapters import Adapters
from node.services.federation import (
    AttendPost,
    JoinFederation,
    ListWaiting,
    ListWarnings,
    PauseSending,
    RetryMessage,
    ShowMembership,
    ShowRoster,
    SyncFederation,
)
from node.services.request.lapsing import LapseRequests


class FederationServices:
    """What taking part in a federation asks for."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        self.join = JoinFederation(on.work, on.clock, on.federation)
        self.sync = SyncFederation(on.work, on.reading, on.clock, on.federation, LapseRequests(on.work, on.clock))
        self.attend = AttendPost(on.federation)
        self.roster = ShowRoster(on.federation)
        self.warnings = ListWarnings(on.federation)
        self.membership = ShowMembership(on.federation)
        self.waiting = ListWaiting(on.reading)
        self.retry = RetryMessage(on.work, on.clock)
        self.pause = PauseSending(on.work, on.clock)
