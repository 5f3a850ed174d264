"""A draft in people's hands: read, changed pair by pair, signed off, thrown away."""

from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.drafts import (
    Draft,
    DraftId,
    DraftPair,
    DraftState,
    NotInDraftError,
    UnknownDraftError,
    Unmatched,
    Why,
)
from node.domain.errors import DomainError
from node.domain.matching.finding import Obstacle
from node.domain.matching.points import waiting_tier
from node.domain.person import PersonId
from node.services.drafting.views import DraftView, draft_view
from node.services.matching.bench import Benches, situation
from node.services.matching.views import SuggestionView, suggestion_view
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.remember import remember


class ForbiddenPairError(DomainError):
    """A hard rule keeps the two apart."""

    code = "forbidden-pair"


@dataclass(frozen=True, slots=True)
class ShowDraft:
    """One draft, or the newest."""

    reading: OpenWork

    def __call__(self, actor: Actor, draft: DraftId | None = None) -> DraftView:
        """The draft. Raises: UnknownDraftError."""
        actor.may(Action.MATCH)
        with self.reading() as work:
            return draft_view(work, chosen(work, draft))


def chosen(work: UnitOfWork, draft: DraftId | None) -> Draft:
    """This draft, or the newest. Raises: UnknownDraftError."""
    found = work.drafts.last(*DraftState) if draft is None else work.drafts.get(draft)
    if found is None:
        raise UnknownDraftError(draft="")
    return found


@dataclass(frozen=True, slots=True)
class ChangeDraft:
    """Put a mentee of a draft with a mentor, or with nobody."""

    work: OpenWork
    clock: Clock
    benches: Benches

    def __call__(
        self, actor: Actor, draft: DraftId | None, mentee: PersonId, mentor: PersonId | None
    ) -> SuggestionView | None:
        """What speaks for and against the new pair; None where the mentee is left without a mentor.

        Raises: UnknownDraftError, DraftClosedError, NotInDraftError, ForbiddenPairError, and those of `ExplainPair`.
        """
        actor.may(Action.MATCH)
        with self.work() as work:
            found = chosen(work, draft)
            work.drafts.replace(found.edit(actor.id))
            remember(work, actor, Act.DRAFT_EDITED, found.id, self.clock.now())
            said = {pair.mentee: pair for pair in work.drafts.pairs(found.id)}
            if mentee not in {*said, *(one.mentee for one in work.drafts.unmatched(found.id))}:
                raise NotInDraftError(draft=found.id, mentee=mentee)
            person = work.people.get(mentee).as_mentee()
            tier = waiting_tier(person.profile.waiting_since, self.clock.now().date())
            if mentor is None:
                work.drafts.take_out(found.id, Unmatched(mentee=mentee, tier=tier, why=Why.SEAT_FREE))
                return None
            standing = situation(work, self.benches.of(work), person.as_candidate(), self.benches.clock)
            other = work.people.get(mentor).as_mentor()
            view = suggestion_view(
                standing, person, other, self.benches.occupations, pinned=(mentee, mentor) in work.pins.all()
            )
            promised = sum(pair.mentor == mentor and pair.mentee != mentee for pair in said.values())
            if view.obstacles or promised >= view.free_seats:
                raise ForbiddenPairError(
                    mentee=mentee, mentor=mentor, obstacle=next(iter(view.obstacles), Obstacle.SEAT)
                )
            pair = DraftPair(mentee=mentee, mentor=mentor, tier=tier, fit=view.fit, by_hand=True)
            work.drafts.put(found.id, pair)
            return view


@dataclass(frozen=True, slots=True)
class SignDraft:
    """Sign a draft off: somebody else than who made or last changed it."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, draft: DraftId | None = None) -> DraftView:
        """The draft. Raises: UnknownDraftError, DraftClosedError, SecondPersonNeededError."""
        actor.may(Action.MATCH)
        with self.work() as work:
            found = chosen(work, draft)
            work.drafts.replace(found.sign(actor.id))
            remember(work, actor, Act.DRAFT_SIGNED, found.id, self.clock.now())
            return draft_view(work, work.drafts.get(found.id))


@dataclass(frozen=True, slots=True)
class DiscardDraft:
    """Throw a draft away."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, draft: DraftId | None = None) -> DraftView:
        """The draft. Raises: UnknownDraftError, DraftClosedError."""
        actor.may(Action.MATCH)
        with self.work() as work:
            found = chosen(work, draft)
            work.drafts.replace(found.discard())
            remember(work, actor, Act.DRAFT_DISCARDED, found.id, self.clock.now())
            return draft_view(work, work.drafts.get(found.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNotView:
    """What the newest draft says of one mentee."""

    mentee: PersonId
    draft: DraftId
    why: Why | None
    cutoff: int | None
    own: int | None
    mentor: PersonId | None
    fit: int | None


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a mentee has no mentor in the newest draft, in one of four sentences."""

    reading: OpenWork

    def __call__(self, actor: Actor, mentee: PersonId) -> WhyNotView:
        """The reason, or the mentor she has there. Raises: UnknownDraftError, NotInDraftError."""
        actor.may(Action.MATCH)
        with self.reading() as work:
            work.people.get(mentee).as_mentee()
            draft = chosen(work, None)
            for one in work.drafts.unmatched(draft.id):
                if one.mentee == mentee:
                    return WhyNotView(
                        mentee=mentee,
                        draft=draft.id,
                        why=one.why,
                        cutoff=one.cutoff,
                        own=one.own,
                        mentor=None,
                        fit=None,
                    )
            for pair in work.drafts.pairs(draft.id):
                if pair.mentee == mentee:
                    return WhyNotView(
                        mentee=mentee,
                        draft=draft.id,
                        why=None,
                        cutoff=None,
                        own=None,
                        mentor=pair.mentor,
                        fit=pair.fit,
                    )
            raise NotInDraftError(draft=draft.id, mentee=mentee)
