"""What follows here from what another program said, in the transaction that received it."""

from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.actor import SYSTEM
from node.domain.audit import Act
from node.domain.consent import GrantId, Purpose
from node.domain.mentorship import MentorshipState
from node.domain.person import PersonState
from node.domain.request import (
    Accepted,
    Closing,
    Confirmed,
    End,
    Move,
    Need,
    Offered,
    Plain,
    Reachable,
    Reported,
    Request,
    Revealed,
    UnknownRequestError,
    proving,
)
from node.domain.seat import SeatState
from node.services.ports import Ids, UnitOfWork
from node.services.ports.border import Heard
from node.services.remember import remember
from node.services.request.anonymous import redeem
from node.services.request.answering import own_person
from node.services.request.budget import is_spent
from node.services.request.introducing import Introduction, introduce, proposal, reachable
from node.services.request.moves import say, settled


@dataclass(frozen=True, slots=True)
class Hear:
    """Take in one thing another program said; no person acts here, so nothing is decided that was not agreed before."""

    ids: Ids

    def __call__(self, work: UnitOfWork, heard: Heard) -> None:
        """Let it take effect. Raises: UnknownRequestError."""
        # The round's own moment: what is answered now is due in this very round.
        now = heard.received_at
        if isinstance(heard.said, Need):
            _take_up(work, heard, heard.said, now)
        else:
            self._take_in(work, heard, now)
        remember(work, SYSTEM, Act.REQUEST_HEARD, heard.thread, now)

    def _take_in(self, work: UnitOfWork, heard: Heard, now: datetime) -> None:
        try:
            request = work.requests.get(heard.thread).moved(heard.stage)
        except UnknownRequestError:
            # An erasure may overtake the very request it is about: there is nothing here to forget yet.
            if isinstance(heard.said, Plain):
                return
            raise
        if request.stage.is_open and not heard.overtaken:
            request = self._follow(work, request, heard, now)
        work.requests.replace(settled(work, request, now))

    def _follow(self, work: UnitOfWork, request: Request, heard: Heard, now: datetime) -> Request:
        match heard.said:
            case Offered() as offer:
                return replace(request, offer=offer)
            case Accepted():
                return self.confirm_or_recall(work, request, now)
            case Revealed(contact):
                return self.reveal_or_introduce(work, request, contact, heard.at, now)
            case Reported(progress, meetings):
                mentorship = work.mentorships.on(request.id)
                if mentorship is not None:
                    work.mentorships.replace(mentorship.told(progress, meetings, heard.at))
            case Closing() as closing:
                return self.agree_to_close(work, request, closing, now)
            case _:
                pass
        return request

    def reveal_or_introduce(
        self, work: UnitOfWork, request: Request, contact: Reachable, said_at: datetime, now: datetime
    ) -> Request:
        """Home reveals its mentee in return, if both her yeses still stand; then each end writes to its own person."""
        own = own_person(work, request)
        if request.end is End.HOME:
            grants = work.consents.of(own.id)
            needed = (Purpose.ACCEPT, Purpose.CONTACT)
            if not all(proving(grants, purpose, request.peer, request.id, now) for purpose in needed):
                return say(work, request, Plain(Move.WITHDRAW_CONSENT), now)
            request = say(work, request, Revealed(reachable(own.contact)), now)
            said_at = now
        meeting = proposal(request.id, said_at, request.need.time_zone)
        introduction = Introduction(to=own, other=contact, about=request.id, proposal=meeting)
        introduce(work, self.ids, request, introduction, now)
        return request

    def confirm_or_recall(self, work: UnitOfWork, request: Request, now: datetime) -> Request:
        """The host confirms what was accepted and reveals its mentor, or recalls what no longer stands."""
        consent = _may_confirm(work, request, now)
        if consent is None:
            return say(work, request, Plain(Move.RECALL), now)
        say(work, request, Confirmed(consent), now)
        return say(work, request, Revealed(reachable(own_person(work, request).contact)), now)

    def agree_to_close(self, work: UnitOfWork, request: Request, closing: Closing, now: datetime) -> Request:
        """What the other end closed is closed here, too."""
        mentorship = work.mentorships.on(request.id)
        if mentorship is not None:
            going = mentorship.state is not MentorshipState.CLOSED
            closed = mentorship.close(closing.outcome, now) if going else replace(mentorship, outcome=closing.outcome)
            work.mentorships.replace(closed)
        return say(work, request, Plain(Move.AGREE_CLOSE), now)


def _take_up(work: UnitOfWork, heard: Heard, need: Need, now: datetime) -> None:
    """Keep a new request. One over budget is met with silence: nobody here sees it, and it lapses as others do."""
    if need.claim is None and is_spent(work, heard.peer, need.occupation, now):
        return
    request = Request(id=heard.thread, peer=heard.peer, end=End.HOST, stage=heard.stage, need=need, opened_at=heard.at)
    work.requests.add(request)
    if need.claim is not None:
        work.requests.replace(redeem(work, request, need.claim, now))


def _may_confirm(work: UnitOfWork, request: Request, now: datetime) -> GrantId | None:
    """The mentor's consent, once her held seat is taken for good; None where hold, seat or consent no longer stand."""
    if request.person is None or request.seat is None:
        return None
    seats, claim = work.seats.of(request.person, now), work.seats.get(request.seat)
    mentor = work.people.get(request.person)
    grant = work.consents.get(request.consent) if request.consent else None
    # A hold that lapsed while the clock of another process ran ahead may have gone to somebody else already.
    if not claim.counts(now) or seats.held + seats.used > seats.total:
        return None
    if grant is None or not grant.covers(Purpose.CONTACT, request.peer, now) or mentor.state is not PersonState.ACTIVE:
        return None
    work.seats.replace(replace(claim, state=SeatState.USED, held_until=None))
    return grant.id
