"""Where word of an erasure or a withdrawal stands: which programs signed that they have it, and which have not yet.

Saying it again until it is receipted, or until the other program has left, is the border's work.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from node.domain.actor import SYSTEM, Action, Actor
from node.domain.request import Move, Request, Stage
from node.services.checks import Finding, Severity
from node.services.ports import Clock, OpenWork, UnitOfWork
from protocol.ids import NodeId, ThreadId

FAREWELLS = frozenset({Move.ERASE, Move.WITHDRAW_CONSENT})
_LEFT = "left"
LONG = timedelta(days=14)
"""After so long without a receipt somebody should call the other program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FarewellView:
    """Word of one erasure or withdrawal to one program; `times` it was said, first at `said_at`.

    `status` is the program's in the federation. It is outstanding until receipted, or until the program has left.
    """

    request: ThreadId
    program: NodeId
    program_name: str
    status: str
    move: Move
    said_at: datetime
    times: int
    receipted_at: datetime | None
    outstanding: bool


@dataclass(frozen=True, slots=True)
class ListErasures:
    """What other programs were told to forget."""

    reading: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, *, outstanding_only: bool = False) -> tuple[FarewellView, ...]:
        """Everything that was told, oldest first."""
        actor.may(Action.READ_PROGRAM)
        now = self.clock.now()
        with self.reading() as work:
            told = [view for request in work.requests.all() for view in farewells(work, request, now)]
        return tuple(view for view in sorted(told, key=_when) if view.outstanding or not outstanding_only)


def _when(view: FarewellView) -> tuple[datetime, str]:
    return view.said_at, view.request


def farewells(work: UnitOfWork, request: Request, now: datetime) -> Iterator[FarewellView]:
    """What we told the other program of one request to forget."""
    if request.stage not in {Stage.ERASED, Stage.CONSENT_WITHDRAWN}:
        return
    ours = [step for step in work.border.standing(request.id).timeline if step.by is request.end]
    for move in sorted(FAREWELLS & {step.move for step in ours}):
        said = [step for step in ours if step.move is move]
        receipted = min((step.receipted_at for step in said if step.receipted_at), default=None)
        status = work.border.status_of(request.peer, now)
        yield FarewellView(
            request=request.id,
            program=request.peer,
            program_name=work.border.name_of(request.peer),
            status=status,
            move=move,
            said_at=said[0].at,
            times=len(said),
            receipted_at=receipted,
            outstanding=receipted is None and status != _LEFT,
        )


@dataclass(frozen=True, slots=True)
class CheckErasures:
    """A program that was told to forget somebody two weeks ago, and did not sign for it, should be called."""

    erasures: ListErasures

    def __call__(self) -> Finding:
        """How many such programs there are."""
        now = self.erasures.clock.now()
        late = [view for view in self.erasures(SYSTEM, outstanding_only=True) if view.said_at + LONG <= now]
        if late:
            return Finding("erasures-outstanding", Severity.WARNING, {"count": len({view.program for view in late})})
        return Finding("erasures-confirmed", Severity.FINE)
