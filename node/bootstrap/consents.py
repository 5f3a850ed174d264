"""The verbs about consents."""

from node.bootstrap.adapters import Adapters
from node.services.consent import AddConsent, ListConsents, WithdrawConsent


class ConsentServices:
    """What can be done with consents."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        self.add = AddConsent(on.work, on.clock, on.ids)
        self.withdraw = WithdrawConsent(on.work, on.clock)
        self.list = ListConsents(on.reading, on.clock)
