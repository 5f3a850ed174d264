"""Telling every program that learned something of a person that she took it back, or is forgotten here.

Called inside the transaction that withdraws a grant or erases a person; sending until receipted is the border's work.
"""

from dataclasses import replace
from datetime import datetime

from node.domain.actor import Actor
from node.domain.audit import Act
from node.domain.consent import ANY_MEMBER, Grant, Purpose
from node.domain.mentorship import Mentorship, MentorshipState, Place
from node.domain.person import PersonId
from node.domain.request import Move, Plain, Request, Stage
from node.services.ports import UnitOfWork
from node.services.request.anonymous import close_card, end_question
from node.services.request.moves import keep, say
from protocol.vocabulary import Outcome

_OF_ONE_REQUEST = frozenset({Purpose.OFFER, Purpose.ACCEPT, Purpose.CONTACT})
_STANDING = frozenset({Purpose.OUTSIDE, Purpose.STANDING})


def tell_of_withdrawal(work: UnitOfWork, actor: Actor, grant: Grant, at: datetime) -> None:
    """Say `consent.withdraw` in every request that rested on this grant."""
    for request in work.requests.of(grant.person):
        if _rests_on(request, grant):
            keep(work, actor, say(work, request, Plain(Move.WITHDRAW_CONSENT), at), Act.REQUEST_WITHDRAWN, at)
    for card in work.postings.of(grant.person):
        if grant.purpose is Purpose.CARD and grant.concerns == card.words.exact:
            close_card(work, card, at)
    for question in work.cards.asked(grant.person):
        about = grant.concerns == question.id or grant.purpose is Purpose.STANDING
        if about and question.thread is None and question.seat is not None:
            end_question(work, question, at)


def tell_of_erasure(work: UnitOfWork, actor: Actor, person: PersonId, at: datetime) -> None:
    """Say `person.erase` in every request about this person, before her rows go."""
    for request in work.requests.of(person):
        if request.stage is not Stage.ERASED:
            gone = replace(say(work, request, Plain(Move.ERASE), at), person=None, consent=None)
            keep(work, actor, gone, Act.REQUEST_ERASED, at)
    forget_among_us(work, person)
    for card in work.postings.of(person):
        close_card(work, card, at)
    for question in work.cards.asked(person):
        work.border.board.recall(question.id)
    for mentorship in work.mentorships.of(person):
        if mentorship.place is Place.LOCAL and mentorship.state is not MentorshipState.CLOSED:
            _leave(work, mentorship, person, at)


def forget_among_us(work: UnitOfWork, person: PersonId) -> None:
    """What is kept under the names of others and speaks of her: letters that introduce her, words of an agreement.

    An agreement is in the words of all who made it, so it goes with any of them.
    """
    for mentorship in work.mentorships.of(person):
        for letter in work.letters.about(mentorship.id):
            work.letters.replace(letter.forget())
        if mentorship.agreement is not None:
            work.mentorships.replace(replace(mentorship, agreement=None))


def _leave(work: UnitOfWork, mentorship: Mentorship, person: PersonId, at: datetime) -> None:
    """A group survives its mentor; a mentorship without a mentee ends, and its seat is free again."""
    if mentorship.mentor == person:
        work.mentorships.replace(replace(mentorship, mentor=None, seat=None))
    elif mentorship.members == (person,):
        if mentorship.seat is not None:
            work.seats.release(mentorship.seat)
        work.mentorships.replace(replace(mentorship.close(Outcome.ENDED_EARLY, at), seat=None))


def _rests_on(request: Request, grant: Grant) -> bool:
    if request.stage in {Stage.CONSENT_WITHDRAWN, Stage.ERASED}:
        return False
    if grant.purpose in _OF_ONE_REQUEST:
        return grant.concerns == request.id or grant.id == request.consent
    toward = grant.recipient in {request.peer, ANY_MEMBER}
    return grant.purpose in _STANDING and toward and request.stage.is_before_introduction
