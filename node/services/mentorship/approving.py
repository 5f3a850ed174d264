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
            mentorship = self._begin(work, mentee, mentor, now)
            self._write(work, *pair, mentorship.id, now)
            remember(work, actor, Act.MENTORSHIP_BEGUN, mentorship.id, now)
            return mentorship_view(mentorship)

    def _begin(self, work: UnitOfWork, mentee: PersonId, mentor: PersonId, now: datetime) -> Mentorship:
        identifier, seat = MentorshipId(self.ids.new()), SeatId(self.ids.new())
        work.seats.claim(SeatClaim(id=seat, mentor=mentor, claimant=identifier, state=SeatState.USED), now)
        mentorship = Mentorship(
            id=identifier, place=Place.LOCAL, opened_at=now, mentor=mentor, members=(mentee,), seat=seat
        )
        work.mentorships.add(mentorship)
        return mentorship

    def _write(self, work: UnitOfWork, mentee: Person, mentor: Person, about: str, now: datetime) -> None:
        meeting = proposal(about, now, mentee.profile.time_zone or self.time_zone)
        for to, other in ((mentee, mentor), (mentor, mentee)):
            letter = Introduction(to=to, other=reachable(other.contact), about=about, proposal=meeting)
            write_letter(work, self.ids, letter, now)
