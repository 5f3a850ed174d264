"""The verbs about letters."""

from typing import TYPE_CHECKING

from node.adapters.mail.specimens import ComposedSpecimens
from node.bootstrap.adapters import Adapters
from node.services.letters import ListLetters, OpenLetter, SendLetters, ShowLetters, TickOffLetter
from node.services.texts import ChangeText, ChangeTexts, ListTexts, SayOwn, ShowTexts

if TYPE_CHECKING:
    from node.services.reminding import RemindStaff


class LetterServices:
    """What can be done with letters to our own people."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        self.send = SendLetters(on.work, on.clock, on.post_office)
        self.list = ListLetters(on.reading)
        self.show = ShowLetters(on.work, on.clock)
        self.open = OpenLetter(on.work, on.clock, on.drafts)
        self.tick_off = TickOffLetter(on.work, on.clock)
        self.mails = bool(on.settings.smtp_host)
        specimens = ComposedSpecimens(on.settings.time_zone)
        self.list_texts = ListTexts(on.reading)
        self.say_own = SayOwn(on.reading)
        self.show_texts = ShowTexts(on.reading, on.clock, specimens)
        self.change_texts = ChangeTexts(on.work, on.clock, specimens)
        self.change_text = ChangeText(on.work, on.clock, specimens)
        self._on = on

    def remind(self) -> "RemindStaff":
        """Letters to staff about what waits. Raises: SenderNeededError."""
        from node.services.reminding import RemindStaff
        from node.services.today import Today

        on = self._on
        return RemindStaff(on.work, on.clock, Today(on.reading, on.work, on.clock, on.occupations, ()), on.post_office)
