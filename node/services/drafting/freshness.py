"""Whether the people and the rules of a program are still those by which a draft was made."""

from hashlib import sha256

from node.domain.drafts import Draft, DraftState
from node.domain.matching.rules import Rules
from node.domain.person import Kind
from node.services.ports import UnitOfWork

_IN_HAND = frozenset({DraftState.STAGED, DraftState.SIGNED})


def stamp_of(work: UnitOfWork, rules: Rules) -> str:
    """What changes whenever somebody comes, changes or goes, or a rule does."""
    people = ";".join("/".join(map(str, work.people.stamp(kind))) for kind in Kind)
    return f"{people} {sha256(repr(rules).encode()).hexdigest()[:16]}"


def is_outdated(work: UnitOfWork, draft: Draft, rules: Rules) -> bool:
    """Whether anybody, or a rule, changed since, so that what a draft in hand says may not hold any more."""
    return draft.state in _IN_HAND and bool(draft.made_of) and draft.made_of != stamp_of(work, rules)
