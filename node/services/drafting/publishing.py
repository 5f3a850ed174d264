"""Publishing a draft: now seats are taken and letters written, pair by pair, in one transaction.

What will be sent to whom is said before, by the same reckoning.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.drafts import DraftId, DraftPair, DraftState
from node.domain.letter import language_for
from node.domain.person import Person, PersonId, PersonState
from node.domain.program import Tongue
from node.services.drafting.editing import chosen
from node.services.matching.bench import Benches
from node.services.mentorship.approving import begin_pair
from node.services.ports import Clock, Ids, OpenWork, UnitOfWork
from node.services.remember import remember
from node.services.request.introducing import proposal


class Skip(StrEnum):
    """Why a pair of a draft is not put together when the draft is published."""

    MEETS = "meets_somebody"
    AWAY = "not_taking_part"
    APART = "kept_apart"
    RULE = "breaks_a_rule"
    SEAT = "no_free_seat"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedView:
    """What publishing began, so many of them `in_circles`; `skipped` are pairs that could no longer be put together."""

    draft: DraftId
    begun: int
    in_circles: int
    skipped: tuple[DraftPair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientView:
    """Somebody to whom a letter goes, its language, and the address; without one it waits for somebody to hand over."""

    person: PersonId
    name: str
    email: str
    language: Tongue


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedView:
    """A pair that would begin, when its letters propose to meet; `skip` says why it would not begin.

    In a `circle` the mentee has a place among four to eight; people form the circle, and the letters say so.
    """

    mentee: RecipientView
    mentor: RecipientView
    meeting_at: datetime
    circle: bool
    skip: Skip | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishingView:
    """What publishing a draft would do."""

    draft: DraftId
    state: DraftState
    version: int
    needs_signature: bool
    begins: tuple[PlannedView, ...]
    skipped: tuple[PlannedView, ...]


@dataclass(frozen=True, slots=True)
class PreviewPublishing:
    """Say what is sent to whom before it happens."""

    reading: OpenWork
    clock: Clock
    benches: Benches
    time_zone: str

    def __call__(self, actor: Actor, draft: DraftId) -> PublishingView:
        """What would happen. Raises: UnknownDraftError."""
        actor.may(Action.REVIEW)
        now = self.clock.now()
        with self.reading() as work:
            found = chosen(work, draft)
            usual = work.programs.get().language
            plans = tuple(self._planned(case, usual, now) for case in _cases(work, self.benches, found.id, now))
        second = self.benches.rules.read().drafts.second_person
        return PublishingView(
            draft=found.id,
            state=found.state,
            version=found.version,
            needs_signature=second and found.signed_by is None,
            begins=tuple(plan for plan in plans if plan.skip is None),
            skipped=tuple(plan for plan in plans if plan.skip is not None),
        )

    def _planned(self, case: "_Case", usual: Tongue, now: datetime) -> PlannedView:
        zone = case.mentee.profile.time_zone or self.time_zone
        return PlannedView(
            mentee=_recipient(case.mentee, usual),
            mentor=_recipient(case.mentor, usual),
            meeting_at=proposal("", now, zone).starts_at,
            circle=case.mentor.profile.carries_circle,
            skip=case.skip,
        )


@dataclass(frozen=True, slots=True)
class PublishDraft:
    """Put every pair of a draft together."""

    work: OpenWork
    clock: Clock
    ids: Ids
    benches: Benches
    time_zone: str

    def __call__(self, actor: Actor, draft: DraftId | None = None, version: int | None = None) -> PublishedView:
        """What began. Raises: UnknownDraftError, ChangedMeanwhileError, DraftClosedError, SecondPersonNeededError."""
        actor.may(Action.MATCH)
        now = self.clock.now()
        with self.work() as work:
            found = chosen(work, draft, version)
            second = self.benches.rules.read().drafts.second_person
            work.drafts.replace(found.publish(second_person=second))
            remember(work, actor, Act.DRAFT_PUBLISHED, found.id, now)
            cases = tuple(_cases(work, self.benches, found.id, now))
            for case in cases:
                if case.skip is None:
                    begun = begin_pair(work, self.ids, (case.mentee, case.mentor), now, self.time_zone)
                    remember(work, actor, Act.MENTORSHIP_BEGUN, begun.id, now)
        begins = [case for case in cases if case.skip is None]
        return PublishedView(
            draft=found.id,
            begun=len(begins),
            in_circles=sum(case.mentor.profile.carries_circle for case in begins),
            skipped=tuple(case.pair for case in cases if case.skip is not None),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One pair of a draft, and what stands in its way now."""

    pair: DraftPair
    mentee: Person
    mentor: Person
    skip: Skip | None


def _cases(work: UnitOfWork, benches: Benches, draft: DraftId, now: datetime) -> Iterator[_Case]:
    """Every pair in turn: both still take part, nothing keeps them apart as they are now, a seat is free still."""
    scale = benches.of(work).scale
    pairs = work.drafts.pairs(draft)
    people = work.people.several({person for pair in pairs for person in (pair.mentee, pair.mentor)})
    busy = {meeting.mentee for meeting in work.mentorships.meetings() if meeting.active}
    apart = work.exclusions.all()
    free = {mentor: seats.free for mentor, seats in work.seats.free(now).items()}
    for pair in pairs:
        both = people[pair.mentee], people[pair.mentor]
        skip = None
        if pair.mentee in busy:
            skip = Skip.MEETS
        elif any(person.state is not PersonState.ACTIVE for person in both):
            skip = Skip.AWAY
        elif (pair.mentee, pair.mentor) in apart:
            skip = Skip.APART
        elif scale.obstacles(*(person.as_candidate() for person in both)):
            skip = Skip.RULE
        elif free[pair.mentor] == 0:
            skip = Skip.SEAT
        else:
            free[pair.mentor] -= 1
        yield _Case(pair=pair, mentee=both[0], mentor=both[1], skip=skip)


def _recipient(person: Person, usual: Tongue) -> RecipientView:
    return RecipientView(
        person=person.id,
        name=person.contact.name,
        email=person.contact.email,
        language=language_for(person.profile.languages, usual),
    )
