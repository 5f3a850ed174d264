"""Putting two people of this program together: a coordinator decided, a seat is taken, two letters are written."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.errors import DomainError
from node.domain.mentorship import Mentorship, MentorshipId, Place
from node.domain.person import Person, PersonId, PersonState
from node.domain.request import NotSuitableError
from node.domain.seat import SeatClaim, SeatId, SeatState
from node.services.mentorship.views import MentorshipView, mentorship_view
from node.services.ports import Clock, Ids, OpenWork, UnitOfWork
from node.services.remember import remember
from node.services.request.introducing import Introduction, proposal, reachable, write_letter


class KeptApartError(DomainError):
    """The two must not be put together."""

    code = "kept-apart"


@dataclass(frozen=True, slots=True)
class ApprovePair:
    """Approve a pair of this program."""

    work: OpenWork
    clock: Clock
    ids: Ids
    time_zone: str

    def __call__(self, actor: Actor, mentee: PersonId, mentor: PersonId) -> MentorshipView:
        """The mentorship.

        Raises: UnknownPersonError, NotAMenteeError, NotAMentorError, NotSuitableError, KeptApartError, NoFreeSeatError.
        """
        actor.may(Action.MATCH)
        now = self.clock.now()
        with self.work() as work:
            pair = work.people.get(mentee).as_mentee(), work.people.get(mentor).as_mentor()
            for person in pair:
                if person.state is not PersonState.ACTIVE:
                    raise NotSuitableError(person=person.id)
            if mentor in work.exclusions.of(mentee):
                raise KeptApartError(mentee=mentee, mentor=mentor)
            mentorship = begin_pair(work, self.ids, pair, now, self.time_zone)
            remember(work, actor, Act.MENTORSHIP_BEGUN, mentorship.id, now)
            return mentorship_view(mentorship)


def begin_pair(work: UnitOfWork, ids: Ids, pair: tuple[Person, Person], now: datetime, time_zone: str) -> Mentorship:
    """Take the seat, begin the mentorship, write both letters; `pair` is mentee and mentor. Raises: NoFreeSeatError."""
    mentee, mentor = pair
    identifier, seat = MentorshipId(ids.new()), SeatId(ids.new())
    work.seats.claim(SeatClaim(id=seat, mentor=mentor.id, claimant=identifier, state=SeatState.USED), now)
    mentorship = Mentorship(
        id=identifier, place=Place.LOCAL, opened_at=now, mentor=mentor.id, members=(mentee.id,), seat=seat
    )
    work.mentorships.add(mentorship)
    meeting = proposal(identifier, now, mentee.profile.time_zone or time_zone)
    for to, other in ((mentee, mentor), (mentor, mentee)):
        letter = Introduction(to=to, other=reachable(other.contact), about=identifier, proposal=meeting)
        write_letter(work, ids, letter, now)
    return mentorship
