"""One report for board and funder: whom the program served, with counts that add up with the other programs' own."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime

from node.domain.actor import Action, Actor
from node.domain.mentorship import Mentorship, MentorshipState, Place
from node.services.ports import Clock, OpenWork, UnitOfWork
from protocol.ids import NodeId
from protocol.vocabulary import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramLine:
    """What happened with one other program; its own report shows the same numbers, home and host exchanged."""

    program: NodeId
    name: str
    introductions_home: int
    introductions_host: int
    closed: int
    meetings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsLine:
    """Seats of every mentor at this moment."""

    total: int
    held: int
    used: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """The report. Home counts the person served, the host counts the mentor's hours, so nothing is counted twice."""

    since: date | None
    until: date | None
    people_served: int
    pairs_local: int
    introductions_home: int
    introductions_host: int
    active: int
    closed: dict[Outcome, int]
    meetings: int
    mentor_minutes: int
    seats: SeatsLine
    programs: tuple[ProgramLine, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both counted; open where None."""

    since: date | None
    until: date | None

    def holds(self, day: date) -> bool:
        """Whether the day lies within."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def meets(self, mentorship: Mentorship) -> bool:
        """Whether the mentorship ran on a day of it."""
        end = mentorship.closed_at or datetime.max.replace(tzinfo=UTC)
        began = self.until is None or mentorship.opened_at.date() <= self.until
        return began and (self.since is None or self.since <= end.date())


@dataclass(frozen=True, slots=True)
class MakeReport:
    """Count what is on record."""

    reading: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, since: date | None = None, until: date | None = None) -> ReportView:
        """The report of a period."""
        actor.may(Action.READ_PROGRAM)
        period = Period(since, until)
        with self.reading() as work:
            everything = work.mentorships.all()
            begun = [found for found in everything if period.holds(found.opened_at.date())]
            ended = [found for found in everything if found.closed_at and period.holds(found.closed_at.date())]
            running = [found for found in everything if period.meets(found)]
            places = Counter(found.place for found in begun)
            outcomes = Counter(found.outcome for found in ended if found.outcome)
            return ReportView(
                since=since,
                until=until,
                people_served=_served(running),
                pairs_local=places[Place.LOCAL],
                introductions_home=places[Place.HOME],
                introductions_host=places[Place.HOST],
                active=sum(found.state is not MentorshipState.CLOSED for found in running),
                closed={outcome: outcomes[outcome] for outcome in Outcome if outcomes[outcome]},
                meetings=sum(_meetings(found, period) for found in everything),
                mentor_minutes=sum(_minutes(found, period) for found in everything if found.place is not Place.HOME),
                seats=_seats(work, self.clock.now()),
                programs=_programs(work, everything, period),
            )


def _served(running: list[Mentorship]) -> int:
    """People of ours who had a mentor; one who was erased since still counts once for each mentorship."""
    ours = [found for found in running if found.place is not Place.HOST]
    known = {person for found in ours for person in found.members}
    return len(known) + sum(not found.members for found in ours)


def _meetings(found: Mentorship, period: Period) -> int:
    """Meetings held in the period; what only the other program logged counts on the day the mentorship began."""
    own = sum(period.holds(meeting.held_on) for meeting in found.meetings)
    told = found.held - len(found.meetings)
    return own + (told if period.holds(found.opened_at.date()) else 0)


def _minutes(found: Mentorship, period: Period) -> int:
    return sum(meeting.minutes for meeting in found.meetings if period.holds(meeting.held_on))


def _seats(work: UnitOfWork, now: datetime) -> SeatsLine:
    seats = work.seats.free(now).values()
    return SeatsLine(
        total=sum(s.total for s in seats), held=sum(s.held for s in seats), used=sum(s.used for s in seats)
    )


def _programs(work: UnitOfWork, everything: tuple[Mentorship, ...], period: Period) -> tuple[ProgramLine, ...]:
    lines = []
    for program in sorted({found.peer for found in everything if found.peer}):
        shared = [found for found in everything if found.peer == program]
        begun = Counter(found.place for found in shared if period.holds(found.opened_at.date()))
        lines.append(
            ProgramLine(
                program=program,
                name=work.border.name_of(program),
                introductions_home=begun[Place.HOME],
                introductions_host=begun[Place.HOST],
                closed=sum(bool(found.closed_at and period.holds(found.closed_at.date())) for found in shared),
                meetings=sum(_meetings(found, period) for found in shared),
            )
        )
    return tuple(lines)
