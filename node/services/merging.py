"""Duplicates: who looks like one person twice, and making one of two, with everything that hung on either."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.merging import Merge, may_merge
from node.domain.person import PersonId
from node.domain.traces import traces
from node.services.intake.columns import Cell, Column, column_of
from node.services.intake.export import cells_of
from node.services.intake.single import TakenView, read_cells
from node.services.people import PersonView, person_view, places
from node.services.ports import Clock, OpenWork, UnitOfWork
from node.services.ports.occupations import Occupations
from node.services.remember import remember, remember_read, remember_visibility

MOST_PAIRS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeView:
    """Two entries that may be one person, and what they share."""

    one: PersonView
    other: PersonView
    shared: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class ListDuplicates:
    """Pairs that may be one person, in so many queries whatever the number of pairs; who was read is remembered."""

    work: OpenWork
    clock: Clock
    occupations: Occupations

    def __call__(self, actor: Actor) -> tuple[AlikeView, ...]:
        """The pairs, the earliest added first."""
        actor.may(Action.EDIT_PEOPLE)
        with self.work() as work:
            pairs = work.merges.alike(MOST_PAIRS)
            people, named = work.people.several({one for pair in pairs for one in pair}), places(work)
            remember_read(work, actor, people, self.clock.now())
        views = {one.id: person_view(one, named, self.occupations) for one in people.values()}
        whole = {one.id: traces(one.contact) for one in people.values()}
        return tuple(
            AlikeView(one=views[one], other=views[other], shared=_shared(whole[one] & whole[other]))
            for one, other in pairs
        )


def _shared(common: Collection[str]) -> tuple[Column, ...]:
    from_name = [trace for trace in common if not trace.startswith("name:")]
    return tuple(sorted({column_of(trace) for trace in from_name}))


@dataclass(frozen=True, slots=True)
class TellApart:
    """Remember that two who look alike are two people."""

    work: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, one: PersonId, other: PersonId) -> None:
        """Raises: UnknownPersonError."""
        actor.may(Action.EDIT_PEOPLE)
        with self.work() as work:
            work.people.get(one)
            work.people.get(other)
            work.merges.tell_apart(one, other)
            remember(work, actor, Act.PEOPLE_TOLD_APART, one, self.clock.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeChoice:
    """Who stays, who goes, which of her columns stand, and the versions the page showed."""

    kept: PersonId
    gone: PersonId
    from_gone: tuple[Column, ...]
    kept_version: int
    gone_version: int


@dataclass(frozen=True, slots=True)
class MergePeople:
    """Make one of two: requests, mentorships, consents, notes and letters of the one who goes become the other's."""

    work: OpenWork
    clock: Clock
    occupations: Occupations

    def __call__(self, actor: Actor, choice: MergeChoice) -> TakenView:
        """The one who stays, or every cell that has to be mended.

        Raises: UnknownPersonError, ChangedMeanwhileError, SamePersonError, KindsDifferError, BothAskedError.
        """
        actor.may(Action.EDIT_PEOPLE)
        now = self.clock.now()
        with self.work() as work:
            kept, gone = work.people.get(choice.kept), work.people.get(choice.gone)
            may_merge(kept, gone, both_asked=_is_asked(work, kept.id) and _is_asked(work, gone.id))
            read = read_cells(work, self.occupations, kept.kind, self._cells(work, choice), now)
            if isinstance(read, tuple):
                return TakenView(person=kept.id, version=kept.version, problems=read)
            # Written as it is: the version that was shown must be the one that goes.
            work.people.replace(replace(gone, version=choice.gone_version))
            after = replace(
                kept,
                contact=read.contact,
                profile=read.profile,
                state=read.state,
                paused_until=read.paused_until,
                version=choice.kept_version,
            )
            work.people.replace(after)
            work.merges.absorb(Merge(gone=gone.id, person=kept.id, at=now, by=actor.id))
            remember(work, actor, Act.PEOPLE_MERGED, kept.id, now)
            if after.profile.visibility is not kept.profile.visibility:
                remember_visibility(work, actor, [after], now)
        return TakenView(person=kept.id, version=after.version + 1)

    def _cells(self, work: UnitOfWork, choice: MergeChoice) -> Sequence[Cell]:
        named = places(work)
        kept, gone = (
            {cell.column: cell for cell in cells_of(person_view(work.people.get(one), named, self.occupations))}
            for one in (choice.kept, choice.gone)
        )
        return [gone[column] if column in choice.from_gone else cell for column, cell in kept.items()]


def _is_asked(work: UnitOfWork, person: PersonId) -> bool:
    """Whether a request about her is open in another program, or an anonymous one is posted."""
    requests = (request.stage.is_open for request in work.requests.of(person))
    return any(requests) or any(card.ended_at is None for card in work.postings.of(person))
