"""Changing a draft by hand, and taking changes back. Leaves what a move would mean to `proposing`."""

from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.drafts import (
    Change,
    Draft,
    DraftId,
    DraftPair,
    DraftState,
    NothingToUndoError,
    Unmatched,
    Why,
    next_to_undo,
)
from node.domain.errors import DomainError
from node.domain.person import PersonId
from node.services.drafting.editing import chosen
from node.services.drafting.restating import restate
from node.services.drafting.standings import obstacle_of, pair_view, promised
from node.services.drafting.views import LeftView, left_view
from node.services.matching.bench import Benches
from node.services.matching.views import SuggestionView
from node.services.ports import Clock, OpenWork
from node.services.remember import remember


class ForbiddenPairError(DomainError):
    """A hard rule keeps the two apart."""

    code = "forbidden-pair"


@dataclass(frozen=True, slots=True)
class ChangeDraft:
    """Put a mentee of a draft with a mentor, or with nobody."""

    work: OpenWork
    clock: Clock
    benches: Benches

    def __call__(
        self,
        actor: Actor,
        draft: DraftId | None,
        mentee: PersonId,
        mentor: PersonId | None,
        version: int | None = None,
    ) -> SuggestionView | LeftView:
        """What speaks for and against the new pair, or why a mentee who is put with nobody has no mentor.

        Raises: UnknownDraftError, ChangedMeanwhileError, DraftClosedError, NotInDraftError, ForbiddenPairError, and
        those of `ExplainPair`.
        """
        actor.may(Action.MATCH)
        now = self.clock.now()
        with self.work() as work:
            found = chosen(work, draft, version)
            work.drafts.replace(found.edit(actor.id))
            remember(work, actor, Act.DRAFT_EDITED, found.id, now)
            before = work.drafts.boards.standing(found.id, mentee)
            person = work.people.get(mentee).as_mentee()
            number = len(work.drafts.changes(found.id)) + 1
            work.drafts.add_change(found.id, Change(number=number, before=before, by=actor.id, at=now))
            between = {one for one in (mentor, before.mentor if isinstance(before, DraftPair) else None) if one}
            if mentor is None:
                left = Unmatched(mentee=mentee, tier=before.tier, why=Why.CHANGED, one_by_one=before.one_by_one)
                work.drafts.take_out(found.id, left)
                restate(work, self.benches.of(work), found.id, mentee, between, now)
                now_left = work.drafts.boards.standing(found.id, mentee)
                return left_view(now_left if isinstance(now_left, Unmatched) else left, person.contact.name)
            view = pair_view(work, self.benches, person, mentor)
            obstacle = obstacle_of(view, promised(work, found.id, mentor, mentee))
            if obstacle is not None:
                raise ForbiddenPairError(mentee=mentee, mentor=mentor, obstacle=obstacle)
            work.drafts.put(
                found.id,
                DraftPair(
                    mentee=mentee,
                    mentor=mentor,
                    tier=before.tier,
                    fit=view.fit,
                    by_hand=True,
                    one_by_one=before.one_by_one,
                ),
            )
            restate(work, self.benches.of(work), found.id, mentee, between, now)
            return view


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoneView:
    """Whose change was taken back, and the mentor she has now, if any."""

    mentee: PersonId
    name: str
    mentor: PersonId | None


@dataclass(frozen=True, slots=True)
class UndoChange:
    """Take back the newest change by hand that was not taken back yet; the history keeps both."""

    work: OpenWork
    clock: Clock
    benches: Benches

    def __call__(self, actor: Actor, draft: DraftId | None, version: int | None = None) -> UndoneView:
        """Who stands as before.

        Raises: UnknownDraftError, ChangedMeanwhileError, DraftClosedError, NothingToUndoError.
        """
        actor.may(Action.MATCH)
        now = self.clock.now()
        with self.work() as work:
            found = chosen(work, draft, version)
            work.drafts.replace(found.edit(actor.id))
            remember(work, actor, Act.DRAFT_EDITED, found.id, now)
            changes = work.drafts.changes(found.id)
            undone = next_to_undo(changes)
            before, mentee = undone.before, undone.before.mentee
            now_stands = work.drafts.boards.standing(found.id, mentee)
            change = Change(number=len(changes) + 1, before=now_stands, by=actor.id, at=now, undoes=undone.number)
            work.drafts.add_change(found.id, change)
            between = {one.mentor for one in (now_stands, before) if isinstance(one, DraftPair)}
            if isinstance(before, DraftPair):
                work.drafts.put(found.id, before)
            else:
                work.drafts.take_out(found.id, before)
            restate(work, self.benches.of(work), found.id, mentee, between, now)
            name = work.desk.names([mentee])[mentee]
            return UndoneView(mentee=mentee, name=name, mentor=before.mentor if isinstance(before, DraftPair) else None)


def to_undo(draft: Draft, changes: tuple[Change, ...]) -> PersonId | None:
    """Whose change by hand is the next to be taken back."""
    if draft.state not in {DraftState.STAGED, DraftState.SIGNED}:
        return None
    try:
        return next_to_undo(changes).before.mentee
    except NothingToUndoError:
        return None
