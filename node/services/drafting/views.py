"""What people read of a draft."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import UserId
from node.domain.drafts import Draft, DraftId, DraftPair, DraftState, Figures, Unmatched, Why
from node.domain.matching.rules import Rules
from node.domain.person import Kind, PersonId
from node.services.drafting.freshness import is_outdated
from node.services.ports import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPairView:
    """One pair of a draft, named; with a mentor who carries a `circle`, the mentee has a place in it."""

    mentee: PersonId
    mentee_name: str
    mentor: PersonId
    mentor_name: str
    tier: int
    fit: int
    by_hand: bool
    circle: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftView:
    """A mentee whom the draft leaves without a mentor, and why."""

    mentee: PersonId
    name: str
    tier: int
    why: Why
    cutoff: int | None
    own: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """What the draft changes for a mentee against the last one: points before and now, 0 without a mentor."""

    mentee: PersonId
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """One draft: its figures as it was made, its pairs as they are now, and what differs from the last one.

    `outdated`: people or rules changed since, so that reasons and points may not hold any more.
    """

    id: DraftId
    state: DraftState
    made_at: datetime
    made_by: UserId
    edited_by: UserId
    signed_by: UserId | None
    figures: Figures
    matched: int
    fit: int
    pairs: tuple[DraftPairView, ...]
    unmatched: tuple[LeftView, ...]
    gains: tuple[ChangeView, ...]
    losses: tuple[ChangeView, ...]
    outdated: bool
    version: int


def draft_view(work: UnitOfWork, draft: Draft, rules: Rules) -> DraftView:
    """The view of a draft, people named, beside the newest draft that was published or staged before it."""
    pairs, left = work.drafts.pairs(draft.id), work.drafts.unmatched(draft.id)
    last = work.drafts.before(draft)
    changes = _changes(pairs, work.drafts.pairs(last.id), left) if last else ()
    people = {person for pair in pairs for person in (pair.mentee, pair.mentor)} | {one.mentee for one in left}
    named = work.desk.names(people)
    circles = {mentor.id for mentor in work.people.candidates(Kind.MENTOR) if mentor.profile.carries_circle}
    return DraftView(
        id=draft.id,
        state=draft.state,
        made_at=draft.made_at,
        made_by=draft.made_by,
        edited_by=draft.edited_by,
        signed_by=draft.signed_by,
        figures=draft.figures,
        matched=len(pairs),
        fit=sum(pair.fit for pair in pairs),
        pairs=tuple(
            DraftPairView(
                mentee=pair.mentee,
                mentee_name=named[pair.mentee],
                mentor=pair.mentor,
                mentor_name=named[pair.mentor],
                tier=pair.tier,
                fit=pair.fit,
                by_hand=pair.by_hand,
                circle=pair.mentor in circles,
            )
            for pair in pairs
        ),
        unmatched=tuple(left_view(one, named[one.mentee]) for one in left),
        gains=tuple(change for change in changes if change.after > change.before),
        losses=tuple(change for change in changes if change.after < change.before),
        outdated=is_outdated(work, draft, rules),
        version=draft.version,
    )


def left_view(one: Unmatched, name: str) -> LeftView:
    """Somebody left out, named."""
    return LeftView(mentee=one.mentee, name=name, tier=one.tier, why=one.why, cutoff=one.cutoff, own=one.own)


def _changes(
    now: Iterable[DraftPair], before: Iterable[DraftPair], left: Iterable[Unmatched]
) -> tuple[ChangeView, ...]:
    """Mentees of this draft for whom the points differ; who is in only one of the two drafts did not gain or lose."""
    old = {pair.mentee: pair.fit for pair in before}
    new = {pair.mentee: pair.fit for pair in now} | {one.mentee: 0 for one in left}
    return tuple(
        ChangeView(mentee=mentee, before=old.get(mentee, 0), after=fit)
        for mentee, fit in new.items()
        if old.get(mentee, 0) != fit
    )
