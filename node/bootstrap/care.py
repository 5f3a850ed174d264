"""The verbs of an operator."""

from node.bootstrap.adapters import Adapters
from node.bootstrap.checks import every_check
from node.services.backup import MakeBackup
from node.services.checks import Examine


class CareServices:
    """What an operator does for the node itself."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        self.examine = Examine(every_check(on))
        self.back_up = MakeBackup(on.work, on.clock, on.archive)
