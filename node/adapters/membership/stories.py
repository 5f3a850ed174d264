"""A thread of letters as the program reads it: whose move, until when, what may be said, and what was."""

from federation.membership.views import ThreadView, TimelineEntry
from node.adapters.membership.translation import from_body
from node.domain.request import End, Move, Stage
from node.services.ports.border import Standing, Step
from protocol.thread.table import allowed


def standing_of(view: ThreadView) -> Standing:
    """Where a request stands."""
    return Standing(
        stage=Stage(view.state.value),
        owner=None if view.owner is None else End(view.owner.value),
        nudge_at=view.nudge_at,
        deadline_at=view.deadline_at,
        timeline=tuple(_step(entry) for entry in view.timeline),
        moves=frozenset(Move(kind.value) for kind in allowed(view.state, view.side)),
    )


def _step(entry: TimelineEntry) -> Step:
    return Step(
        at=entry.at,
        by=End(entry.side.value),
        move=Move(entry.kind.value),
        overtaken=entry.overtaken or entry.void,
        receipted_at=entry.delivered_at,
        said=None if entry.body is None else from_body(entry.kind, entry.body),
    )
