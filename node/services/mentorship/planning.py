"""Meetings a pair plans, and the file that puts one into a calendar."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action
from node.domain.audit import Act
from node.domain.mentorship import Mentorship, MentorshipId
from node.domain.pair import Plan, PlanId, UnknownPlanError
from node.services.mentorship.proof import Keeper, kept, opened
from node.services.ports import Clock, Ids, OpenWork, UnitOfWork
from node.services.ports.calendar import Calendar
from node.services.remember import remember


@dataclass(frozen=True, slots=True)
class PlanMeeting:
    """Plan a meeting."""

    work: OpenWork
    clock: Clock
    ids: Ids

    def __call__(self, who: Keeper, mentorship: MentorshipId, at: datetime, minutes: int, where: str) -> Plan:
        """The plan. Raises: NotAllowedError, UnknownMentorshipError, MentorshipClosedError, PlanError."""
        now = self.clock.now()
        with self.work() as work:
            found = kept(work, who, mentorship).going()
            plan = Plan(
                id=PlanId(self.ids.new()),
                mentorship=found.id,
                subject=found.kept_under(),
                at=at,
                minutes=minutes,
                where=where.strip(),
            )
            plan.check(now)
            work.pairs.add_plan(plan)
            remember(work, who, Act.MEETING_PLANNED, found.id, now)
            return plan


@dataclass(frozen=True, slots=True)
class CallOffMeeting:
    """They will not meet then."""

    work: OpenWork
    clock: Clock

    def __call__(self, who: Keeper, mentorship: MentorshipId, plan: PlanId) -> None:
        """Nothing is planned for then. Raises: NotAllowedError, UnknownMentorshipError, UnknownPlanError."""
        now = self.clock.now()
        with self.work() as work:
            found = kept(work, who, mentorship)
            work.pairs.remove_plan(_plan(work, found, plan, now).id)
            remember(work, who, Act.MEETING_CALLED_OFF, found.id, now)


@dataclass(frozen=True, slots=True)
class PutInCalendar:
    """A planned meeting as a file."""

    reading: OpenWork
    clock: Clock
    calendar: Calendar

    def __call__(self, who: Keeper, mentorship: MentorshipId, plan: PlanId, title: str) -> bytes:
        """The file, under this title. Raises: NotAllowedError, UnknownMentorshipError, UnknownPlanError."""
        now = self.clock.now()
        with self.reading() as work:
            found = opened(work, who, mentorship, Action.READ_PEOPLE)
            meant = _plan(work, found, plan, now)
            return self.calendar.event(meant, title, now)


def _plan(work: UnitOfWork, mentorship: Mentorship, plan: PlanId, now: datetime) -> Plan:
    for one in work.pairs.plans(mentorship.id, now):
        if one.id == plan:
            return one
    raise UnknownPlanError(plan=plan)
