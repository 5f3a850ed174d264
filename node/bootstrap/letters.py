"""The verbs about letters."""

from node.bootstrap.adapters import Adapters
from node.services.letters import ListLetters, OpenLetter, SendLetters, ShowLetters, TickOffLetter


class LetterServices:
    """What can be done with letters to our own people."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        self.send = SendLetters(on.work, on.clock, on.post_office)
        self.list = ListLetters(on.reading)
        self.show = ShowLetters(on.reading)
        self.open = OpenLetter(on.work, on.clock, on.drafts)
        self.tick_off = TickOffLetter(on.work, on.clock)
