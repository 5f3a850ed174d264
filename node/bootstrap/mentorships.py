"""The verbs about mentorships."""

from node.adapters.calendar import IcalCalendar
from node.bootstrap.adapters import Adapters
from node.services.mentorship.approving import ApprovePair
from node.services.mentorship.keeping import (
    AgreeOnGoals,
    CloseMentorship,
    LogMeeting,
    RestMentorship,
    SettleGoal,
    TickStep,
)
from node.services.mentorship.noting import AddNote, SettleNote
from node.services.mentorship.pair import ListPairs, ShowOwnPage, ShowPair
from node.services.mentorship.planning import CallOffMeeting, PlanMeeting, PutInCalendar
from node.services.mentorship.views import ListMentorships, ShowMentorship


class MentorshipServices:
    """What can be done with mentorships."""

    def __init__(self, on: Adapters) -> None:
        """Every verb over the same ports."""
        self.approve = ApprovePair(on.work, on.clock, on.ids, on.settings.time_zone)
        self.list = ListMentorships(on.reading)
        self.show = ShowMentorship(on.reading)
        self.agree = AgreeOnGoals(on.work, on.clock)
        self.settle = SettleGoal(on.work, on.clock)
        self.meet = LogMeeting(on.work, on.clock, on.settings.time_zone)
        self.rest = RestMentorship(on.work, on.clock)
        self.tick = TickStep(on.work, on.clock)
        self.pair = ShowPair(on.work, on.clock)
        self.pairs = ListPairs(on.work, on.clock)
        self.own_page = ShowOwnPage(on.reading, on.clock)
        self.note = AddNote(on.work, on.clock, on.ids)
        self.settle_note = SettleNote(on.work, on.clock)
        self.plan = PlanMeeting(on.work, on.clock, on.ids)
        self.call_off = CallOffMeeting(on.work, on.clock)
        self.put_in_calendar = PutInCalendar(on.reading, on.clock, IcalCalendar())
        self.close = CloseMentorship(on.work, on.clock)
