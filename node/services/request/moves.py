"""What every move has in common: it is said, the seat follows, and what must be forgotten is forgotten."""

from dataclasses import replace
from datetime import datetime

from node.domain.actor import SYSTEM, Actor, Participant
from node.domain.audit import Act
from node.domain.mentorship import MentorshipState
from node.domain.request import Request, Said, Stage
from node.services.ports import UnitOfWork
from node.services.remember import remember
from protocol.vocabulary import Outcome

_NO_SEAT = frozenset({Stage.CLOSING_BY_HOME, Stage.CLOSING_BY_HOST})
_FORGOTTEN = frozenset({Stage.CONSENT_WITHDRAWN, Stage.ERASED})


def say(work: UnitOfWork, request: Request, said: Said, at: datetime) -> Request:
    """Say something about a request and settle what follows from it; the caller keeps the result."""
    return settled(work, request.moved(work.border.say(request.id, said, at)), at)


def settled(work: UnitOfWork, request: Request, at: datetime) -> Request:
    """The request after its stage took effect here: an end gives the seat back and closes the mentorship."""
    if request.stage.is_open and request.stage not in _NO_SEAT:
        return request
    if request.seat is not None:
        work.seats.release(request.seat)
        request = replace(request, seat=None)
    if not request.stage.is_open:
        _end_mentorship(work, request, at)
    if request.stage in _FORGOTTEN:
        forget_words(work, request)
    return request


def forget_words(work: UnitOfWork, request: Request) -> None:
    """What letters and the agreement here say of two people of whom one is to be forgotten."""
    for letter in work.letters.about(request.id):
        work.letters.replace(letter.forget())
    mentorship = work.mentorships.on(request.id)
    if mentorship is not None and mentorship.agreement is not None:
        work.mentorships.replace(replace(mentorship, agreement=None))


def _end_mentorship(work: UnitOfWork, request: Request, at: datetime) -> None:
    mentorship = work.mentorships.on(request.id)
    if mentorship is not None and mentorship.state is not MentorshipState.CLOSED:
        # An end that crosses the introduction undoes it: whoever was not told yet never is.
        for letter in work.letters.about(request.id):
            if letter.has_not_left:
                work.letters.replace(letter.forget())
        work.mentorships.replace(mentorship.close(Outcome.ENDED_EARLY, at))
        remember(work, SYSTEM, Act.MENTORSHIP_CLOSED, mentorship.id, at)


def keep(work: UnitOfWork, actor: Actor | Participant, request: Request, act: Act, at: datetime) -> None:
    """Store a changed request and remember who changed it."""
    work.requests.replace(request)
    remember(work, actor, act, request.id, at)
