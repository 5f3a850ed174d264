"""A draft in people's hands: read, signed off, thrown away. Leaves changing its pairs to `moving`."""

from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.drafts import Draft, DraftId, DraftPair, DraftState, UnknownDraftError, Why
from node.domain.errors import ChangedMeanwhileError
from node.domain.person import PersonId
from node.services.drafting.views import DraftView, draft_view
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.ports.matching import RuleBook
from node.services.remember import remember


@dataclass(frozen=True, slots=True)
class ShowDraft:
    """One draft, or the newest."""

    reading: OpenWork
    rules: RuleBook

    def __call__(self, actor: Actor, draft: DraftId | None = None) -> DraftView:
        """The draft. Raises: UnknownDraftError."""
        actor.may(Action.REVIEW)
        with self.reading() as work:
            return draft_view(work, chosen(work, draft), self.rules.read())


def chosen(work: UnitOfWork, draft: DraftId | None, version: int | None = None) -> Draft:
    """This draft, or the newest; with `version` only if it is still as it was read.

    Raises: UnknownDraftError, ChangedMeanwhileError.
    """
    found = work.drafts.last(*DraftState) if draft is None else work.drafts.get(draft)
    if found is None:
        raise UnknownDraftError(draft="")
    if version is not None and found.version != version:
        raise ChangedMeanwhileError(table="drafts", row=found.id)
    return found


@dataclass(frozen=True, slots=True)
class SignDraft:
    """Sign a draft off: somebody else than who made or last changed it."""

    work: OpenWork
    clock: Clock
    rules: RuleBook

    def __call__(self, actor: Actor, draft: DraftId | None = None, version: int | None = None) -> DraftView:
        """The draft. Raises: UnknownDraftError, ChangedMeanwhileError, DraftClosedError, SecondPersonNeededError."""
        actor.may(Action.REVIEW)
        with self.work() as work:
            found = chosen(work, draft, version)
            work.drafts.replace(found.sign(actor.id))
            remember(work, actor, Act.DRAFT_SIGNED, found.id, self.clock.now())
            return draft_view(work, work.drafts.get(found.id), self.rules.read())


@dataclass(frozen=True, slots=True)
class DiscardDraft:
    """Throw a draft away."""

    work: OpenWork
    clock: Clock
    rules: RuleBook

    def __call__(self, actor: Actor, draft: DraftId | None = None, version: int | None = None) -> DraftView:
        """The draft. Raises: UnknownDraftError, ChangedMeanwhileError, DraftClosedError."""
        actor.may(Action.REVIEW)
        with self.work() as work:
            found = chosen(work, draft, version)
            work.drafts.replace(found.discard())
            remember(work, actor, Act.DRAFT_DISCARDED, found.id, self.clock.now())
            return draft_view(work, work.drafts.get(found.id), self.rules.read())


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
    """Why a mentee has no mentor in the newest draft, in one sentence."""

    reading: OpenWork

    def __call__(self, actor: Actor, mentee: PersonId) -> WhyNotView:
        """The reason, or the mentor she has there. Raises: UnknownDraftError, NotInDraftError."""
        actor.may(Action.REVIEW)
        with self.reading() as work:
            work.people.get(mentee).as_mentee()
            draft = chosen(work, None)
            found = work.drafts.boards.standing(draft.id, mentee)
        pair = found if isinstance(found, DraftPair) else None
        left = None if isinstance(found, DraftPair) else found
        return WhyNotView(
            mentee=mentee,
            draft=draft.id,
            why=left.why if left else None,
            cutoff=left.cutoff if left else None,
            own=left.own if left else None,
            mentor=pair.mentor if pair else None,
            fit=pair.fit if pair else None,
        )
