"""What people read of a mentorship."""

from dataclasses import dataclass
from datetime import date, datetime

from node.domain.actor import Action, Actor
from node.domain.mentorship import (
    Goal,
    Meeting,
    Mentorship,
    MentorshipId,
    MentorshipState,
    Place,
)
from node.domain.person import PersonId
from node.services.ports import OpenWork
from protocol.ids import NodeId, ThreadId
from protocol.vocabulary import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class MentorshipView:
    """One mentorship; `meetings_held` counts what either end knows of."""

    id: MentorshipId
    place: Place
    state: MentorshipState
    mentor: PersonId | None
    members: tuple[PersonId, ...]
    request: ThreadId | None
    program: NodeId | None
    opened_at: datetime
    words: str
    review_on: date | None
    goals: tuple[Goal, ...]
    meetings: tuple[Meeting, ...]
    meetings_held: int
    minutes: int
    outcome: Outcome | None
    closed_at: datetime | None
    version: int


def mentorship_view(mentorship: Mentorship) -> MentorshipView:
    """The view of a mentorship."""
    agreement = mentorship.agreement
    return MentorshipView(
        id=mentorship.id,
        place=mentorship.place,
        state=mentorship.state,
        mentor=mentorship.mentor,
        members=mentorship.members,
        request=mentorship.thread,
        program=mentorship.peer,
        opened_at=mentorship.opened_at,
        words=agreement.words if agreement else "",
        review_on=agreement.review_on if agreement else None,
        goals=agreement.goals if agreement else (),
        meetings=mentorship.meetings,
        meetings_held=mentorship.held,
        minutes=mentorship.minutes,
        outcome=mentorship.outcome,
        closed_at=mentorship.closed_at,
        version=mentorship.version,
    )


@dataclass(frozen=True, slots=True)
class ListMentorships:
    """Every mentorship."""

    reading: OpenWork

    def __call__(self, actor: Actor, *, active_only: bool = False) -> tuple[MentorshipView, ...]:
        """Mentorships, oldest first."""
        actor.may(Action.READ_PEOPLE)
        with self.reading() as work:
            return tuple(
                mentorship_view(found)
                for found in work.mentorships.all()
                if not active_only or found.state is not MentorshipState.CLOSED
            )

    def page(
        self, actor: Actor, after: MentorshipId | None, limit: int, *, active_only: bool
    ) -> tuple[MentorshipView, ...]:
        """So many, newest first, from the one behind `after` on; the queries are the same for many as for few."""
        actor.may(Action.READ_PEOPLE)
        states = [state for state in MentorshipState if state is not MentorshipState.CLOSED or not active_only]
        with self.reading() as work:
            return tuple(mentorship_view(found) for found in work.mentorships.page(states, after, limit))


@dataclass(frozen=True, slots=True)
class ShowMentorship:
    """One mentorship with its agreement and meetings."""

    reading: OpenWork

    def __call__(self, actor: Actor, mentorship: MentorshipId) -> MentorshipView:
        """The mentorship. Raises: UnknownMentorshipError."""
        actor.may(Action.READ_PEOPLE)
        with self.reading() as work:
            return mentorship_view(work.mentorships.get(mentorship))
