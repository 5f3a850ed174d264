"""What a coordinator says about a request: questions, offers, yes and no."""

from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.consent import Grant, Purpose
from node.domain.errors import DomainError
from node.domain.listing import is_listed
from node.domain.person import Kind, Person, PersonId, PersonState, Profile, Visibility
from node.domain.request import (
    Accepted,
    Answered,
    Asked,
    Capability,
    ConsentMissingError,
    End,
    Move,
    NotListedError,
    NotSuitableError,
    Offered,
    Plain,
    Request,
    hold_until,
    proving,
    require,
)
from node.domain.seat import SeatClaim, SeatId, SeatState
from node.services.ports import Clock, Ids, OpenWork, UnitOfWork
from node.services.request.anonymous import close_card_of
from node.services.request.budget import require_few_unmet
from node.services.request.moves import keep, say
from node.services.request.views import RequestView, request_view
from protocol.ids import ThreadId
from protocol.vocabulary import Answer, Question

MOST_LANGUAGES = 8
MOST_TOPICS = 12


class EmailNeededError(DomainError):
    """An introduction needs an e-mail address."""

    code = "email-needed"


@dataclass(frozen=True, slots=True)
class AskQuestion:
    """Ask one question of the fixed list, after a mentor said she might."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, thread: ThreadId, mentor: PersonId, question: Question) -> RequestView:
        """The request. Raises: UnknownRequestError, WrongEndError, WrongMoveError, ConsentMissingError."""
        actor.may(Action.ASK_OUTSIDE)
        now = self.clock.now()
        with self.work() as work:
            request = work.requests.get(thread).at(End.HOST)
            _agrees_in_principle(work, _suitable(work, mentor), request, now)
            request = say(work, request, Asked(question), now)
            keep(work, actor, request, Act.REQUEST_QUESTIONED, now)
            return request_view(work, request, now)


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """Answer it with one coarse value."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, thread: ThreadId, question: Question, answer: Answer) -> RequestView:
        """The request. Raises: UnknownRequestError, WrongEndError, WrongMoveError."""
        actor.may(Action.ASK_OUTSIDE)
        now = self.clock.now()
        with self.work() as work:
            request = say(work, work.requests.get(thread).at(End.HOME), Answered(question, answer), now)
            keep(work, actor, request, Act.REQUEST_ANSWERED, now)
            return request_view(work, request, now)


@dataclass(frozen=True, slots=True)
class OfferSeat:
    """Hold a seat of a mentor who agreed, and offer it: in one transaction, so that no seat is promised twice."""

    work: OpenWork
    clock: Clock
    ids: Ids
    time_zone: str

    def __call__(self, actor: Actor, thread: ThreadId, mentor: PersonId, until: datetime | None = None) -> RequestView:
        """The request.

        Raises: UnknownRequestError, WrongEndError, WrongMoveError, NotSuitableError, ConsentMissingError,
        EmailNeededError, UnmetOffersError, NoFreeSeatError, HoldPeriodError.
        """
        actor.may(Action.ASK_OUTSIDE)
        now = self.clock.now()
        with self.work() as work:
            request = work.requests.get(thread).at(End.HOST)
            person = _suitable(work, mentor)
            _agrees_in_principle(work, person, request, now)
            consent = agrees_to_contact(work, person, request, now)
            require_few_unmet(work, request.peer, person, now)
            capability = capability_of(person.profile, request.need.hours, self.time_zone)
            offer = Offered(capability, hold_until(now, until))
            seat = SeatId(self.ids.new())
            work.seats.claim(_held(seat, mentor, request, offer), now)
            request = say(work, request, offer, now)
            request = replace(request, person=mentor, seat=seat, offer=offer, consent=consent.id)
            keep(work, actor, request, Act.REQUEST_OFFERED, now)
            return request_view(work, request, now)


@dataclass(frozen=True, slots=True)
class PreviewOffer:
    """Show what another program would read of a mentor."""

    reading: OpenWork
    time_zone: str

    def __call__(self, actor: Actor, thread: ThreadId, mentor: PersonId) -> Capability:
        """Exactly what an offer says of her. Raises: UnknownRequestError, UnknownPersonError, NotSuitableError."""
        actor.may(Action.READ_PEOPLE)
        with self.reading() as work:
            request = work.requests.get(thread)
            return capability_of(_suitable(work, mentor).profile, request.need.hours, self.time_zone)


@dataclass(frozen=True, slots=True)
class AcceptOffer:
    """Say yes for the mentee, who agreed to this mentor and to share her contact."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, thread: ThreadId) -> RequestView:
        """The request.

        Raises: UnknownRequestError, WrongEndError, WrongMoveError, ConsentMissingError, EmailNeededError.
        """
        actor.may(Action.ASK_OUTSIDE)
        now = self.clock.now()
        with self.work() as work:
            request = work.requests.get(thread).at(End.HOME)
            mentee = own_person(work, request)
            require(work.consents.of(mentee.id), Purpose.ACCEPT, request.peer, thread, now)
            consent = agrees_to_contact(work, mentee, request, now)
            request = say(work, replace(request, consent=consent.id), Accepted(consent.id), now)
            close_card_of(work, thread, now)
            keep(work, actor, request, Act.REQUEST_ACCEPTED, now)
            return request_view(work, request, now)


_ENDS: dict[Move, tuple[End, Act]] = {
    Move.REFUSE: (End.HOME, Act.REQUEST_REFUSED),
    Move.WITHDRAW: (End.HOME, Act.REQUEST_WITHDRAWN),
    Move.RECALL: (End.HOST, Act.REQUEST_RECALLED),
    Move.DECLINE: (End.HOST, Act.REQUEST_DECLINED),
}


@dataclass(frozen=True, slots=True)
class EndRequest:
    """Refuse an offer, withdraw a request, recall an offer, or decline: no reason travels."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, thread: ThreadId, move: Move) -> RequestView:
        """The request. Raises: UnknownRequestError, WrongEndError, WrongMoveError, NotListedError."""
        actor.may(Action.ASK_OUTSIDE)
        end, act = _ENDS[move]
        now = self.clock.now()
        with self.work() as work:
            request = work.requests.get(thread).at(end)
            if move is Move.DECLINE and not is_serving_listed(work, request):
                raise NotListedError(request=request.id)
            request = say(work, request, Plain(move), now)
            keep(work, actor, request, act, now)
            return request_view(work, request, now)


def own_person(work: UnitOfWork, request: Request) -> Person:
    """Our person of a request that is about one. Raises: ConsentMissingError once she was erased."""
    if request.person is None:
        raise ConsentMissingError(request=request.id)
    return work.people.get(request.person)


def agrees_to_contact(work: UnitOfWork, person: Person, request: Request, at: datetime) -> Grant:
    """Her recorded yes to share her e-mail in this request. Raises: ConsentMissingError, EmailNeededError."""
    grant = require(work.consents.of(person.id), Purpose.CONTACT, request.peer, request.id, at)
    if not person.contact.email:
        raise EmailNeededError(person=person.id)
    return grant


def _suitable(work: UnitOfWork, mentor: PersonId) -> Person:
    person = work.people.get(mentor).as_mentor()
    if person.state is not PersonState.ACTIVE or person.profile.visibility is Visibility.ONLY_HERE:
        raise NotSuitableError(person=mentor)
    return person


def _agrees_in_principle(work: UnitOfWork, mentor: Person, request: Request, at: datetime) -> None:
    grants = work.consents.of(mentor.id)
    stands = mentor.profile.visibility in {Visibility.MAY_OFFER, Visibility.LISTED}
    if stands and proving(grants, Purpose.STANDING, request.peer, "", at):
        return
    require(grants, Purpose.OFFER, request.peer, request.id, at)


def is_serving_listed(work: UnitOfWork, request: Request) -> bool:
    """Whether it is about a mentor who is listed: only then does a no tell nothing new."""
    mentors = work.people.candidates(Kind.MENTOR)
    return any(is_listed(m.profile) and request.serves(m.profile.occupation) for m in mentors)


def _held(seat: SeatId, mentor: PersonId, request: Request, offer: Offered) -> SeatClaim:
    return SeatClaim(id=seat, mentor=mentor, claimant=request.id, state=SeatState.HELD, held_until=offer.hold_until)


def capability_of(profile: Profile, hours: int, time_zone: str) -> Capability:
    """What may be told of a mentor before anything is agreed."""
    spoken = sorted(profile.languages, key=lambda language: (-language.level, language.code))
    return Capability(
        occupation=profile.occupation,
        languages=tuple(language.code for language in spoken[:MOST_LANGUAGES]),
        topics=profile.topics[:MOST_TOPICS],
        mode=profile.mode,
        hours=hours,
        years_of_experience=profile.years_experience or 0,
        time_zone=profile.time_zone or time_zone,
    )
