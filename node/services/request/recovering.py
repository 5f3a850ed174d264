"""What follows here from what a restore had lost: our own words come home beside those of the other program.

Most of it was answered long ago, and the answer is among it; only what nobody answered is answered now. Whom it was
about is known as far as the backup knew it. A letter that may have left is not written again: a person asks.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.actor import SYSTEM
from node.domain.audit import Act
from node.domain.letter import LetterState
from node.domain.mentorship import MentorshipState
from node.domain.request import (
    Accepted,
    Closing,
    End,
    Need,
    Offered,
    Reachable,
    Reported,
    Request,
    Revealed,
    Stage,
    UnknownRequestError,
)
from node.domain.seat import SeatState
from node.services.ports import UnitOfWork
from node.services.ports.border import Found
from node.services.remember import remember
from node.services.request.answering import own_person
from node.services.request.hearing import Hear
from node.services.request.introducing import Introduction, introduce, proposal
from node.services.request.moves import settled

_TAKEN = frozenset({Stage.CONFIRMED, Stage.HOST_REVEALED, Stage.INTRODUCED})


@dataclass(frozen=True, slots=True)
class Recover:
    """Take in what came home of one request."""

    hear: Hear

    def __call__(self, work: UnitOfWork, found: Found) -> None:
        """Let it take effect, once, and answer what waits for us."""
        now = found.received_at
        request = _request(work, found)
        if request is None:
            return
        request = request.moved(found.stage)
        for told in found.told:
            if isinstance(told.said, Offered):
                request = replace(request, offer=told.said)
        if request.stage is Stage.ERASED:
            request = replace(request, person=None, consent=None)
        if request.end is End.HOST and request.stage in _TAKEN and request.seat is not None:
            work.seats.replace(replace(work.seats.get(request.seat), state=SeatState.USED, held_until=None))
        work.requests.replace(settled(work, self._follow(work, request, found, now), now))
        remember(work, SYSTEM, Act.REQUEST_RECOVERED, found.thread, now)

    def _follow(self, work: UnitOfWork, request: Request, found: Found, now: datetime) -> Request:
        theirs = [told.said for told in found.told if not told.ours]
        contact = next((said.contact for said in theirs if isinstance(said, Revealed)), None)
        if (request.end, request.stage) == (End.HOST, Stage.ACCEPTED) and any(isinstance(s, Accepted) for s in theirs):
            return self.hear.confirm_or_recall(work, request, now)
        if (request.end, request.stage) == (End.HOME, Stage.HOST_REVEALED) and contact is not None:
            return self.hear.reveal_or_introduce(work, request, contact, now, now)
        if contact is not None and request.stage is Stage.INTRODUCED:
            self._introduced(work, request, contact, now)
        return _mentorship(self.hear, work, request, found, now)

    def _introduced(self, work: UnitOfWork, request: Request, contact: Reachable, now: datetime) -> None:
        if request.person is None or work.mentorships.on(request.id) is not None:
            return
        meeting = proposal(request.id, now, request.need.time_zone)
        introduction = Introduction(to=own_person(work, request), other=contact, about=request.id, proposal=meeting)
        introduce(work, self.hear.ids, request, introduction, now)
        for letter in work.letters.about(request.id):
            if letter.state is LetterState.QUEUED:
                work.letters.replace(letter.end(LetterState.UNCLEAR, now))


def _request(work: UnitOfWork, found: Found) -> Request | None:
    try:
        return work.requests.get(found.thread)
    except UnknownRequestError:
        opened = next((told for told in found.told if isinstance(told.said, Need)), None)
    if opened is None or not isinstance(opened.said, Need):
        return None
    request = Request(
        id=found.thread, peer=found.peer, end=found.end, stage=found.stage, need=opened.said, opened_at=opened.at
    )
    work.requests.add(request)
    return request


def _mentorship(hear: Hear, work: UnitOfWork, request: Request, found: Found, now: datetime) -> Request:
    mentorship = work.mentorships.on(request.id)
    closings = [told for told in found.told if isinstance(told.said, Closing)]
    for told in found.told:
        if mentorship is not None and isinstance(told.said, Reported) and not told.ours:
            mentorship = mentorship.told(told.said.progress, told.said.meetings, told.at)
    if mentorship is not None:
        for told in closings:
            if isinstance(told.said, Closing) and mentorship.state is not MentorshipState.CLOSED:
                mentorship = mentorship.close(told.said.outcome, now)
        work.mentorships.replace(mentorship)
    waits = {End.HOST: Stage.CLOSING_BY_HOME, End.HOME: Stage.CLOSING_BY_HOST}[request.end]
    if request.stage is waits and closings and isinstance(closings[-1].said, Closing):
        return hear.agree_to_close(work, request, closings[-1].said, now)
    return request
