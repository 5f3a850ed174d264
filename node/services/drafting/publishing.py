"""Publishing a draft: now seats are taken and letters written, pair by pair, in one transaction.

What will be sent to whom is said before, by the same reckoning.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.drafts import Draft, DraftId, DraftPair, DraftState
from node.domain.letter import language_for
from node.domain.person import Person, PersonId
from node.domain.program import Tongue
from node.services.drafting.counting import Counts
from node.services.drafting.editing import chosen
from node.services.matching.bench import Bench, Benches, free_seats
from node.services.mentorship.approving import begin_pair
from node.services.ports import Clock, Ids, OpenWork, UnitOfWork
from node.services.remember import remember, remember_read
from node.services.request.introducing import proposal

PLANNED = 25


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
    """What publishing a draft would do: pairs that would begin, from `start` on, and the first that would not.

    `next_start` is where the next part of those that begin starts; `circles`: some of them are places in circles.
    """

    draft: DraftId
    state: DraftState
    version: int
    needs_signature: bool
    circles: bool
    begins: tuple[PlannedView, ...]
    begins_in_all: int
    start: int
    next_start: int | None
    skipped: tuple[PlannedView, ...]
    skipped_in_all: int


@dataclass(frozen=True, slots=True)
class PreviewPublishing:
    """Say what is sent to whom before it happens, part by part; that somebody read of them is remembered."""

    work: OpenWork
    clock: Clock
    benches: Benches
    counts: Counts
    time_zone: str

    def __call__(self, actor: Actor, draft: DraftId, start: int = 0) -> PublishingView:
        """What would happen. Raises: UnknownDraftError."""
        actor.may(Action.REVIEW)
        now = self.clock.now()
        with self.work() as work:
            found = chosen(work, draft)
            usual = work.programs.get().language
            bench = self.benches.of(work)
            cases = _cases(work, bench, self.counts, found, now)
            begins = [case for case in cases if case.skip is None]
            skipped = [case for case in cases if case.skip is not None]
            shown = begins[start : start + PLANNED]
            people = _people(work, (*shown, *skipped[:PLANNED]))
            remember_read(work, actor, people, now)
        second = self.benches.rules.read().drafts.second_person
        circles = {bench.pool.mentors[place].id for place in bench.pool.circles}

        def planned(case: _Case) -> PlannedView:
            mentee, mentor = people[case.mentee], people[case.mentor]
            zone = mentee.profile.time_zone or self.time_zone
            return PlannedView(
                mentee=_recipient(mentee, usual),
                mentor=_recipient(mentor, usual),
                meeting_at=proposal("", now, zone).starts_at,
                circle=mentor.profile.carries_circle,
                skip=case.skip,
            )

        return PublishingView(
            draft=found.id,
            state=found.state,
            version=found.version,
            needs_signature=second and found.signed_by is None,
            circles=any(case.mentor in circles for case in begins),
            begins=tuple(map(planned, shown)),
            begins_in_all=len(begins),
            start=start,
            next_start=start + PLANNED if len(begins) > start + PLANNED else None,
            skipped=tuple(map(planned, skipped[:PLANNED])),
            skipped_in_all=len(skipped),
        )


@dataclass(frozen=True, slots=True)
class PublishDraft:
    """Put every pair of a draft together."""

    work: OpenWork
    clock: Clock
    ids: Ids
    benches: Benches
    counts: Counts
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
            bench = self.benches.of(work)
            cases = _cases(work, bench, self.counts, found, now)
            begins = [case for case in cases if case.skip is None]
            skipped = {case.mentee for case in cases if case.skip is not None}
            people = _people(work, begins)
            for pair in begins:
                begun = begin_pair(work, self.ids, (people[pair.mentee], people[pair.mentor]), now, self.time_zone)
                remember(work, actor, Act.MENTORSHIP_BEGUN, begun.id, now)
            left = tuple(pair for pair in work.drafts.pairs(found.id) if pair.mentee in skipped) if skipped else ()
        return PublishedView(
            draft=found.id,
            begun=len(begins),
            in_circles=sum(people[pair.mentor].profile.carries_circle for pair in begins),
            skipped=left,
        )


class _Case(NamedTuple):
    """One pair of a draft, and what stands in its way now."""

    mentee: PersonId
    mentor: PersonId
    skip: Skip | None


def _cases(work: UnitOfWork, bench: Bench, counts: Counts, draft: Draft, now: datetime) -> list[_Case]:
    """Every pair in turn: both still take part, nothing keeps them apart, a seat is free still; nobody is opened."""
    busy, away, apart = work.mentorships.busy(), work.drafts.boards.away(draft.id), work.exclusions.all()
    barred, free = counts.barred(work, bench, draft), dict(zip(bench.places, free_seats(work, bench, now), strict=True))
    cases = list[_Case]()
    for mentee, mentor in work.drafts.boards.couples(draft.id):
        skip = None
        if mentee in busy:
            skip = Skip.MEETS
        elif mentee in away:
            skip = Skip.AWAY
        elif (mentee, mentor) in apart:
            skip = Skip.APART
        elif mentee in barred:
            skip = Skip.RULE
        elif free[mentor] == 0:
            skip = Skip.SEAT
        else:
            free[mentor] -= 1
        cases.append(_Case(mentee, mentor, skip))
    return cases


def _people(work: UnitOfWork, cases: Iterable[_Case]) -> Mapping[PersonId, Person]:
    return work.people.several({person for case in cases for person in (case.mentee, case.mentor)})


def _recipient(person: Person, usual: Tongue) -> RecipientView:
    return RecipientView(
        person=person.id,
        name=person.contact.name,
        email=person.contact.email,
        language=language_for(person.profile.languages, usual),
    )
