"""The verbs about mentorships."""

from node.bootstrap.adapters import Adapters
from node.services.mentorship.approving import ApprovePair
from node.services.mentorship.keeping import AgreeOnGoals, CloseMentorship, LogMeeting, RestMentorship, SettleGoal
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
        self.meet = LogMeeting(on.work, on.clock)
        self.rest = RestMentorship(on.work, on.clock)
        self.close = CloseMentorship(on.work, on.clock)
