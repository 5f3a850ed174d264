"""The verbs about the node's keys."""

from node.bootstrap.adapters import Adapters
from node.services.keys import RotateKeys, ShowKeys


class KeyServices:
    """What can be done with the node's keys."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        self.show = ShowKeys(on.reading, on.vault)
        self.rotate = RotateKeys(on.work, on.vault, on.clock)
