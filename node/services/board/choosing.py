"""Offers for our mentees: she is shown the best first, takes one at a time, and the host answers at once."""

from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.card import CardOffer, OfferOverError, OneOfferAtATimeError, QuestionId
from node.domain.community import CommunityId
from node.domain.consent import Purpose
from node.domain.language import Spoken
from node.domain.person import Candidate, PersonId, Profile
from node.domain.request import Capability, Claim, End, Request, Stage, proving, require
from node.domain.rounds.answering import Offered, choose
from node.domain.rounds.card import UNSAID
from node.services.matching.bench import Benches
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.remember import remember
from node.services.request.opening import USUAL_HOURS, need_of
from node.services.request.views import RequestView, request_view
from protocol.ids import Digest, NodeId
from protocol.vocabulary import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """What a member program offers for an anonymous request of ours; `agreed`: she may be asked for there."""

    id: QuestionId
    card: Digest
    mentee_name: str
    program: NodeId
    program_name: str
    capability: Capability
    hold_until: datetime
    heard_at: datetime
    agreed: bool


@dataclass(frozen=True, slots=True)
class ListCardOffers:
    """What came for one mentee, best first, weighed with everything we know of her."""

    reading: OpenWork
    clock: Clock
    benches: Benches

    def __call__(self, actor: Actor, mentee: PersonId) -> tuple[OfferView, ...]:
        """The offers that can still be taken. Raises: UnknownPersonError, NotAMenteeError."""
        actor.may(Action.READ_PEOPLE)
        now = self.clock.now()
        with self.reading() as work:
            person = work.people.get(mentee).as_mentee().as_candidate()
            found = {one.id: one for one in _open_offers(work, mentee, now)}
            offered = [
                Offered(id=one.id, mentor=_somebody(one), hold_until=one.offer.hold_until.date())
                for one in found.values()
            ]
            best = choose(person, offered, self.benches.of(work).scale, now.date())
            return tuple(_view(work, found[QuestionId(one.id)], now) for one in best)


@dataclass(frozen=True, slots=True)
class TakeOffer:
    """Ask the host for the place it holds, with the mentee's yes to asking outside."""

    work: OpenWork
    clock: Clock
    time_zone: str

    def __call__(self, actor: Actor, offer: QuestionId) -> RequestView:
        """The request that begins.

        Raises: UnknownOfferError, OfferOverError, OneOfferAtATimeError, ConsentMissingError, LanguageNeededError, and
        the border's refusals.
        """
        actor.may(Action.ASK_OUTSIDE)
        now = self.clock.now()
        with self.work() as work:
            found = _open(work, offer, now)
            mentee = work.people.get(work.postings.get(found.card).person)
            require(work.consents.of(mentee.id), Purpose.OUTSIDE, found.host, "", now)
            if _answers_another(work, mentee.id):
                raise OneOfferAtATimeError(person=mentee.id)
            need = need_of(mentee.profile, USUAL_HOURS, self.time_zone)
            claim = Claim(card=found.card, offer=found.id, ticket=found.ticket)
            request = Request(
                id=work.border.open(found.host, replace(need, claim=claim), now),
                peer=found.host,
                end=End.HOME,
                stage=Stage.ASKED,
                need=need,
                opened_at=now,
                person=mentee.id,
            )
            work.requests.add(request)
            work.postings.answer(replace(found, thread=request.id))
            remember(work, actor, Act.REQUEST_OFFER_TAKEN, request.id, now)
            return request_view(work, request, now)


@dataclass(frozen=True, slots=True)
class PassOffer:
    """She does not want this one; the host learns nothing, and its place becomes free by itself."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, offer: QuestionId) -> OfferView:
        """The offer. Raises: UnknownOfferError, OfferOverError."""
        actor.may(Action.ASK_OUTSIDE)
        now = self.clock.now()
        with self.work() as work:
            found = _open(work, offer, now)
            work.postings.answer(replace(found, passed=True))
            remember(work, actor, Act.REQUEST_OFFER_PASSED, found.id, now)
            return _view(work, found, now)


def _open(work: UnitOfWork, offer: QuestionId, now: datetime) -> CardOffer:
    found = work.postings.offer(offer)
    if not found.is_open(now) or work.postings.get(found.card).ended_at is not None:
        raise OfferOverError(offer=offer)
    return found


def _open_offers(work: UnitOfWork, mentee: PersonId, now: datetime) -> list[CardOffer]:
    cards = [card for card in work.postings.of(mentee) if card.ended_at is None]
    return [offer for card in cards for offer in work.postings.offers(card.id) if offer.is_open(now)]


def _answers_another(work: UnitOfWork, mentee: PersonId) -> bool:
    taken = (request for request in work.requests.of(mentee) if work.postings.taken_in(request.id) is not None)
    return any(request.stage.is_open for request in taken)


def _somebody(found: CardOffer) -> Candidate:
    """The mentor as far as the host tells: no name, no town; what she does not say of her languages counts half."""
    told = found.offer.capability
    profile = Profile(
        community=CommunityId(""),
        occupation=told.occupation,
        languages=tuple(Spoken(code, UNSAID) for code in told.languages),
        mode=Mode.ONLINE,
        topics=told.topics,
        seats=1,
        years_experience=told.years_of_experience,
        time_zone=told.time_zone,
    )
    return Candidate(id=PersonId(found.id), profile=profile)


def _view(work: UnitOfWork, found: CardOffer, now: datetime) -> OfferView:
    mentee = work.people.get(work.postings.get(found.card).person)
    return OfferView(
        id=found.id,
        card=found.card,
        mentee_name=mentee.contact.name,
        program=found.host,
        program_name=work.border.name_of(found.host),
        capability=found.offer.capability,
        hold_until=found.offer.hold_until,
        heard_at=found.heard_at,
        agreed=proving(work.consents.of(mentee.id), Purpose.OUTSIDE, found.host, "", now) is not None,
    )
