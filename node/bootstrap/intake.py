"""The verbs about people who come to the program by themselves."""

from node.bootstrap.adapters import Adapters
from node.services.applying.filling import (
    BeginApplication,
    SaveAnswer,
    SendApplication,
    ShowApplication,
    TakeBackApplication,
    TellTerm,
)
from node.services.applying.forms import AddSource, ChangeForm, ListSources, RetireSource, ShowForm
from node.services.applying.letters import SendToApplicants
from node.services.applying.taking import EraseApplication, ListArrivals, ShowArrival, TakeIn, TurnDown
from node.services.intake.single import AddPerson
from node.services.intake.template import MakeTemplate


class IntakeServices:
    """What can be done with forms, sources and applications."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        chosen = on.settings
        self.mails = bool(chosen.smtp_host)
        self.zone = chosen.time_zone
        self.days = TellTerm(on.reading, chosen.kept)
        self.form = ShowForm(on.reading)
        self.history = self.form.history
        self.template = MakeTemplate(on.sheets)
        self.change = ChangeForm(on.work, on.clock)
        self.sources = ListSources(on.reading)
        self.add_source = AddSource(on.work, on.clock)
        self.retire_source = RetireSource(on.work, on.clock)
        self.begin = BeginApplication(on.work, on.clock, on.ids, on.secrets, chosen.kept)
        self.show = ShowApplication(on.reading, on.clock)
        self.save = SaveAnswer(on.work, on.clock, on.secrets, on.occupations, chosen.time_zone, self.mails)
        self.send = SendApplication(on.work, on.clock)
        self.take_back = TakeBackApplication(on.work, on.clock)
        self.arrivals = ListArrivals(on.reading)
        self.arrival = ShowArrival(on.work, on.clock)
        self.take_in = TakeIn(on.work, on.clock, on.ids, AddPerson(on.work, on.clock, on.ids, on.occupations))
        self.erase = EraseApplication(on.work, on.clock)
        self.turn_down = TurnDown(on.work, on.clock, self.mails)
        self._on = on

    def post(self) -> SendToApplicants:
        """Letters to applicants. Raises: SenderNeededError."""
        return SendToApplicants(self._on.work, self._on.clock, self._on.post_office)
