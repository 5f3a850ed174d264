"""Whether the people of a program are still those of whom a draft was made."""

from node.domain.drafts import Draft, DraftState
from node.domain.person import Kind
from node.services.ports import UnitOfWork

_IN_HAND = frozenset({DraftState.STAGED, DraftState.SIGNED})


def stamp_of(work: UnitOfWork) -> str:
    """What changes whenever somebody comes, changes or goes."""
    return " ".join("/".join(map(str, work.people.stamp(kind))) for kind in Kind)


def is_outdated(work: UnitOfWork, draft: Draft) -> bool:
    """Whether anybody came, changed or went since, so that what a draft in hand says may not hold any more."""
    return draft.state in _IN_HAND and bool(draft.made_of) and draft.made_of != stamp_of(work)
