"""What anonymous requests mean for the life of a request: a ticket is used, a card ends, a question ends.

Posting, asking and offering are for `services.board`.
"""

import hashlib
import hmac
from dataclasses import replace
from datetime import datetime

from node.domain.card import OwnCard, Question, QuestionId
from node.domain.consent import ANY_MEMBER, Grant, Purpose
from node.domain.person import Person, PersonId, PersonState, Visibility
from node.domain.request import Claim, Request, proving
from node.services.ports import UnitOfWork
from node.services.request.moves import say
from protocol.ids import ThreadId


def ticket_hash(ticket: str) -> str:
    """What is kept of a ticket."""
    return hashlib.sha256(ticket.encode()).hexdigest()


def contact_consent(work: UnitOfWork, mentor: PersonId, question: QuestionId, at: datetime) -> Grant | None:
    """Her yes to share her e-mail with whoever accepts: for this one question, or a standing one."""
    grants = work.consents.of(mentor)
    found = (proving(grants, Purpose.CONTACT, ANY_MEMBER, concerns, at) for concerns in (question, ""))
    return next((grant for grant in found if grant is not None), None)


def redeem(work: UnitOfWork, request: Request, claim: Claim, at: datetime) -> Request:
    """Answer with the seat that is held, if the ticket is good; whatever is wrong with it, with silence.

    Nobody can try tickets out: a wrong one, a used one and one that came too late look the same.
    """
    question = work.cards.question(QuestionId(claim.offer))
    if question is None or question.offer is None or question.seat is None or not _is_good(question, claim, at):
        return request
    mentor, grant = work.people.get(question.mentor), contact_consent(work, question.mentor, question.id, at)
    if grant is None or not _still_may(work, question, mentor, at):
        return request
    work.cards.replace(replace(question, thread=request.id))
    answered = replace(request, person=question.mentor, seat=question.seat, offer=question.offer, consent=grant.id)
    return say(work, answered, question.offer, at)


def close_card(work: UnitOfWork, card: OwnCard, at: datetime) -> None:
    """Close a card of ours: nobody is asked about it any more, and what opens its offers is forgotten."""
    if card.ended_at is None:
        work.border.board.close(card.id, card.secret)
        end_card(work, card, at)


def end_card(work: UnitOfWork, card: OwnCard, at: datetime) -> None:
    """Its time is over. Her waiting date stays."""
    work.postings.replace(replace(card, secret="", ended_at=at))


def close_card_of(work: UnitOfWork, thread: ThreadId, at: datetime) -> None:
    """She accepted: the card that led to this request is closed."""
    taken = work.postings.taken_in(thread)
    if taken is not None:
        close_card(work, work.postings.get(taken.card), at)


def end_question(work: UnitOfWork, question: Question, at: datetime) -> None:
    """Nothing follows from this question: the seat is free again, and an offer that did not leave stays here."""
    if question.seat is not None:
        work.seats.release(question.seat)
    work.border.board.recall(question.id)
    work.cards.replace(replace(question, seat=None, offer=None, answered_at=question.answered_at or at))


def _is_good(question: Question, claim: Claim, at: datetime) -> bool:
    same = hmac.compare_digest(question.ticket, ticket_hash(claim.ticket)) and question.card == claim.card
    return same and question.thread is None and question.offer is not None and at < question.offer.hold_until


def _still_may(work: UnitOfWork, question: Question, mentor: Person, at: datetime) -> bool:
    if mentor.state is not PersonState.ACTIVE or mentor.profile.visibility is Visibility.ONLY_HERE:
        return False
    seats = work.seats.of(mentor.id, at)
    return (
        question.seat is not None
        and work.seats.get(question.seat).counts(at)
        and seats.held + seats.used <= seats.total
    )
