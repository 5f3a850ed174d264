"""How programs dealt with each other in a year: who asks, who is offered somebody, and what comes of it.

Offers that came to nothing are counted on both sides, because whoever asks again and again and meets nobody may be
looking for something else. Nothing of it is sent; a steward who is told can pause a program (`suspend`).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from node.domain.request import End, Request
from node.domain.scarce import MOST_UNMET
from node.services.checks import Finding, Severity
from node.services.ports import Clock, OpenWork, UnitOfWork
from protocol.ids import NodeId, ThreadId

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class SideView:
    """One direction: requests, offers that followed, of these how many led to a meeting, and how many to nothing."""

    asked: int
    offered: int
    met: int
    lapsed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DealingView:
    """One program: what it asked of us, and what we asked of it."""

    program: NodeId
    program_name: str
    theirs: SideView
    ours: SideView


@dataclass(frozen=True, slots=True, kw_only=True)
class AnonymousView:
    """Anonymous requests: ours that were shown; offers of ours for those of others, taken up and come to nothing."""

    posted: int
    offered: int
    taken: int
    lapsed: int


def dealings(work: UnitOfWork, now: datetime) -> tuple[DealingView, ...]:
    """Every program with which there was a request in the last year, by name."""
    lately = [request for request in work.requests.all() if request.opened_at >= now - YEAR]
    peers = {request.peer for request in lately}
    names, met = work.border.names_of(peers), work.mentorships.threads()
    found = [
        DealingView(
            program=peer,
            program_name=names[peer],
            theirs=_side((one for one in lately if one.peer == peer and one.end is End.HOST), met),
            ours=_side((one for one in lately if one.peer == peer and one.end is End.HOME), met),
        )
        for peer in peers
    ]
    return tuple(sorted(found, key=lambda view: (view.program_name, view.program)))


def anonymous(work: UnitOfWork, now: datetime) -> AnonymousView:
    """The last year of anonymous requests."""
    # A ticket outlives its offer: that is let go of as soon as the card is closed.
    made = [one for one in work.cards.questions() if one.ticket and one.asked_at >= now - YEAR]
    over = [one for one in made if one.thread is None and (one.offer is None or one.offer.hold_until <= now)]
    return AnonymousView(
        posted=work.cards.posted(now - YEAR, now),
        offered=len(made),
        taken=sum(one.thread is not None for one in made),
        lapsed=len(over),
    )


def _side(requests: Iterable[Request], met: Collection[ThreadId]) -> SideView:
    asked = list(requests)
    offered = [request for request in asked if request.offer is not None]
    meetings = [request for request in offered if request.id in met]
    return SideView(
        asked=len(asked),
        offered=len(offered),
        met=len(meetings),
        lapsed=sum(not request.stage.is_open for request in offered if request not in meetings),
    )


@dataclass(frozen=True, slots=True)
class CheckDealings:
    """A program that was offered mentor after mentor and met none of them should be talked to, or paused."""

    reading: OpenWork
    clock: Clock

    def __call__(self) -> Finding:
        """How many such programs there are."""
        now = self.clock.now()
        with self.reading() as work:
            found = [view.theirs for view in dealings(work, now)]
        count = sum(side.lapsed >= MOST_UNMET and not side.met for side in found)
        return (
            Finding("offers-in-vain", Severity.WARNING, {"count": count})
            if count
            else Finding("offers-met", Severity.FINE)
        )
