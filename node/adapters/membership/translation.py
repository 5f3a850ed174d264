"""The words of this program and those of the language, one to the other. Nothing is decided here."""

import re

from node.domain.consent import GrantId
from node.domain.language import Spoken
from node.domain.person import OccupationCode
from node.domain.request import (
    Accepted,
    Answered,
    Asked,
    Capability,
    Claim,
    Closing,
    Confirmed,
    Move,
    Need,
    Offered,
    Plain,
    Reachable,
    Reported,
    Revealed,
    Said,
)
from protocol import bodies
from protocol.bodies import Body, Kind
from protocol.documents import from_moment, to_moment
from protocol.ids import Digest

_PHONE = re.compile(r"^\+?[0-9 ().-]{5,32}$")
_LONGEST_NAME = 200


def to_kind(said: Said) -> Kind:
    """The kind of message that says this."""
    return Kind(said.move.value) if isinstance(said, Plain) else _KINDS[type(said)]


def to_body(said: Said) -> Body:
    """What the message carries."""
    match said:
        case Need():
            return need_body(said)
        case Asked(question):
            return bodies.RequestQuestion(question=question)
        case Answered(question, answer):
            return bodies.RequestAnswer(question=question, answer=answer)
        case Offered(capability, hold_until):
            return bodies.RequestOffer(capability=capability_body(capability), hold_until=to_moment(hold_until))
        case _:
            return _to_agreed_body(said)


def _to_agreed_body(said: Said) -> Body:
    match said:
        case Accepted(consent):
            return bodies.OfferAccept(consent=consent)
        case Confirmed(consent):
            return bodies.OfferConfirm(consent=consent)
        case Revealed(contact):
            return _contact_body(contact)
        case Reported(progress, meetings):
            return bodies.StatusUpdate(progress=progress, meetings=meetings)
        case Closing(outcome):
            return bodies.MatchClose(outcome=outcome)
        case _:
            return bodies.Tombstone()


def need_body(need: Need) -> bodies.RequestOpen:
    """The coarse need of a first message."""
    claim = need.claim
    return bodies.RequestOpen(
        occupation=need.occupation,
        topics=need.topics,
        languages=tuple(bodies.LanguageLevel(language=s.code, clb=s.level) for s in need.languages),
        mode=need.mode,
        hours=need.hours,
        time_zone=need.time_zone,
        board=None if claim is None else bodies.BoardClaim(card=claim.card, offer=claim.offer, ticket=claim.ticket),
    )


def capability_body(capability: Capability) -> bodies.Capability:
    """What may be told of a mentor."""
    return bodies.Capability(
        occupation=capability.occupation,
        topics=capability.topics,
        languages=capability.languages,
        mode=capability.mode,
        hours=capability.hours,
        years_of_experience=capability.years_of_experience,
        time_zone=capability.time_zone,
    )


def _contact_body(contact: Reachable) -> bodies.IntroReveal:
    # A number the language does not know travels in nobody's letter; the e-mail address always does.
    phone = contact.phone if _PHONE.match(contact.phone) else None
    return bodies.IntroReveal(name=contact.name[:_LONGEST_NAME], email=contact.email, phone=phone)


def from_body(kind: Kind, body: Body) -> Said:
    """What another program said, in our words."""
    match body:
        case bodies.RequestOpen():
            return _need(body)
        case bodies.RequestQuestion():
            return Asked(body.question)
        case bodies.RequestAnswer():
            return Answered(body.question, body.answer)
        case bodies.RequestOffer():
            return offered_of(body.capability, body.hold_until)
        case _:
            return _from_agreed_body(kind, body)


def _from_agreed_body(kind: Kind, body: Body) -> Said:
    match body:
        case bodies.OfferAccept():
            return Accepted(GrantId(body.consent))
        case bodies.OfferConfirm():
            return Confirmed(GrantId(body.consent))
        case bodies.IntroReveal():
            return Revealed(Reachable(name=body.name, email=body.email, phone=body.phone or ""))
        case bodies.StatusUpdate():
            return Reported(body.progress, body.meetings)
        case bodies.MatchClose():
            return Closing(body.outcome)
        case _:
            return Plain(Move(kind.value))


def _need(body: bodies.RequestOpen) -> Need:
    claim = body.board
    return Need(
        occupation=OccupationCode(body.occupation),
        languages=tuple(Spoken(spoken.language, spoken.clb) for spoken in body.languages),
        topics=body.topics,
        mode=body.mode,
        hours=body.hours,
        time_zone=body.time_zone,
        claim=None if claim is None else Claim(card=Digest(claim.card), offer=claim.offer, ticket=claim.ticket),
    )


def offered_of(body: bodies.Capability, hold_until: int) -> Offered:
    """An offer, whichever way it came."""
    capability = Capability(
        occupation=OccupationCode(body.occupation),
        languages=body.languages,
        topics=body.topics,
        mode=body.mode,
        hours=body.hours,
        years_of_experience=body.years_of_experience,
        time_zone=body.time_zone,
    )
    return Offered(capability, from_moment(hold_until))


_KINDS: dict[type[Said], Kind] = {
    Need: Kind.REQUEST_OPEN,
    Asked: Kind.REQUEST_QUESTION,
    Answered: Kind.REQUEST_ANSWER,
    Offered: Kind.REQUEST_OFFER,
    Accepted: Kind.OFFER_ACCEPT,
    Confirmed: Kind.OFFER_CONFIRM,
    Revealed: Kind.INTRO_REVEAL,
    Reported: Kind.STATUS_UPDATE,
    Closing: Kind.MATCH_CLOSE,
}
