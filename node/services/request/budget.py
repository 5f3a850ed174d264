"""How often one program may ask another for one occupation: enough for those who need somebody, too little to probe."""

from collections.abc import Sequence
from datetime import datetime

from node.domain.budget import Quarter
from node.domain.person import Kind, OccupationCode, Person, PersonId
from node.domain.request import End, Request
from node.domain.scarce import LATELY, UnmetOffersError, is_scarce, may_be_told
from node.services.ports import UnitOfWork
from protocol.ids import NodeId

MOST_DIRECT = 3
"""Direct requests of one sender for one unit group in a quarter. What answers an offer of ours is not counted."""


def is_spent(work: UnitOfWork, peer: NodeId, occupation: OccupationCode, at: datetime, end: End = End.HOST) -> bool:
    """Whether as many were opened between the two programs in this quarter; `end` is ours in them."""
    since = Quarter.of(at).starts_at
    return sum(request.serves(occupation) for request in _direct(work, peer, end, since)) >= MOST_DIRECT


def require_few_unmet(work: UnitOfWork, peer: NodeId, mentor: Person, at: datetime) -> None:
    """Offer a rare mentor by name only to a program that was not offered others in vain. Raises: UnmetOffersError."""
    if not is_scarce(mentor.as_candidate(), work.people.candidates(Kind.MENTOR)):
        return
    unmet = _unmet(work, peer, at)
    if not may_be_told(mentor.id, unmet):
        raise UnmetOffersError(program=work.border.name_of(peer), count=len(unmet))


def _unmet(work: UnitOfWork, peer: NodeId, at: datetime) -> frozenset[PersonId]:
    """Rare mentors of ours that a program was offered lately, and whom nobody of its people met."""
    mentors = {one.id: one for one in work.people.candidates(Kind.MENTOR)}
    return frozenset(
        request.person
        for request in _direct(work, peer, End.HOST, at - LATELY)
        if request.person in mentors and is_scarce(mentors[request.person], mentors.values())
        if work.mentorships.on(request.id) is None
    )


def _direct(work: UnitOfWork, peer: NodeId, end: End, since: datetime) -> Sequence[Request]:
    """Requests with a program in which we are this end, but for those that answered an offer of ours."""
    answers = {question.thread for question in work.cards.questions()}
    return [one for one in work.requests.with_peer(peer, since) if one.end is end and one.id not in answers]
