"""Making a draft: posed, solved exactly, compared with taking mentees one by one, explained for whoever is left."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from node.domain.actor import Action, Actor
from node.domain.assignment import Assignment, greedy
from node.domain.audit import Act
from node.domain.drafts import AskedDraft, Draft, DraftId, DraftPair, Figures, Unmatched
from node.domain.matching.points import TIERS
from node.domain.matching.rules import Rules
from node.domain.person import Kind, PersonId
from node.services.drafting.explaining import explain
from node.services.drafting.freshness import is_outdated, stamp_of
from node.services.drafting.posing import Posed, person_of, pose
from node.services.drafting.views import DraftView, draft_view
from node.services.matching.bench import Benches
from node.services.ports import Clock, Ids, OpenWork, UnitOfWork
from node.services.ports.assigner import Assigner
from node.services.remember import remember

AT_ONCE = 1_000_000
"""So many pairs of a mentee and a mentor are weighed within a second or two: nobody needs to come back for them."""
LEASE = timedelta(minutes=5)
"""Many times what the largest draft takes; then another process may begin anew."""

_Stands = TypeVar("_Stands", DraftPair, Unmatched)


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeDraft:
    """Stage a draft for everybody who waits; it concerns nobody before it is published."""

    work: OpenWork
    reading: OpenWork
    clock: Clock
    ids: Ids
    benches: Benches
    assigner: Assigner
    at_once: int = AT_ONCE

    def __call__(self, actor: Actor) -> DraftView:
        """The draft, compared with greedy and with the last draft. Raises: the refusals of the rules."""
        actor.may(Action.MATCH)
        asked = AskedDraft(id=DraftId(self.ids.new()), by=actor.id, at=self.clock.now())
        drawn = self._drawn(asked)
        with self.work() as work:
            _forget_failed(work, asked.at)
            drawn.keep(work)
            remember(work, actor, Act.DRAFT_MADE, asked.id, asked.at)
            return draft_view(work, drawn.draft, self.benches.rules.read())

    def ask(self, actor: Actor) -> DraftId | None:
        """A draft of a few people at once; of many it is asked for and made soon, and the answer is None.

        Where one is being made, no other is. Raises: the refusals of the rules.
        """
        actor.may(Action.MATCH)
        with self.reading() as work:
            weighed = work.desk.count_waiting() * len(self.benches.of(work).pool.mentors)
        if weighed <= self.at_once:
            return self(actor).id
        with self.work() as work:
            now = self.clock.now()
            _forget_failed(work, now)
            if work.drafts.asked() is None:
                asked = AskedDraft(id=DraftId(self.ids.new()), by=actor.id, at=now)
                work.drafts.ask(asked)
                remember(work, actor, Act.DRAFT_MADE, asked.id, asked.at)
        return None

    def make_asked(self, actor: Actor) -> DraftId | None:
        """Make the draft somebody asked for, if any; a process that dies over it leaves it to the next, for a while."""
        actor.may(Action.MATCH)
        with self.reading() as work:
            if work.drafts.asked() is None:
                return None
        now = self.clock.now()
        with self.work() as work:
            asked = work.drafts.claim(now, now + LEASE)
        if asked is None:
            return None
        drawn = self._drawn(asked)
        with self.work() as work:
            if work.drafts.fulfil(asked.id):
                drawn.keep(work)
        return asked.id

    def _drawn(self, asked: AskedDraft) -> "_Drawn":
        """Outside of any transaction that others would wait for."""
        now = self.clock.now()
        with self.reading() as work:
            bench = self.benches.of(work)
            rules = bench.scale.rules
            keep = rules.drafts.local_seats_percent
            stamp = stamp_of(work, rules)
            posed = pose(work, bench, now, keep_percent=keep)
            freely = pose(work, bench, now).problem if keep else posed.problem
        found = self.assigner(posed.problem)
        simple = greedy(posed.problem)
        lost = self.assigner(freely).matched - found.matched if keep else 0
        figures = _figures(posed, found, simple, lost)
        simply = {pair.mentee: pair.fit for pair in (*posed.pinned, *_pairs(posed, simple))}
        return _Drawn(
            rules=rules,
            draft=Draft(id=asked.id, made_at=now, made_by=asked.by, edited_by=asked.by, figures=figures, made_of=stamp),
            pairs=tuple(_beside(pair, simply) for pair in (*posed.pinned, *_pairs(posed, found))),
            left=tuple(_beside(one, simply) for one in explain(posed.problem, found, posed.pinned)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """A draft that is not kept yet."""

    rules: Rules
    draft: Draft
    pairs: tuple[DraftPair, ...]
    left: tuple[Unmatched, ...]

    def keep(self, work: UnitOfWork) -> None:
        """Keep it, without those who were erased or began to rest while it was made."""
        pairs, left = self.pairs, self.left
        if is_outdated(work, self.draft, self.rules):
            here = {person.id for kind in Kind for person in work.people.candidates(kind)}
            pairs = tuple(pair for pair in pairs if {pair.mentee, pair.mentor} <= here)
            left = tuple(one for one in left if one.mentee in here)
        work.drafts.add(self.draft, pairs, left)


def _forget_failed(work: UnitOfWork, now: datetime) -> None:
    """One that nobody tries to make any more is told of until somebody makes, or asks for, another."""
    asked = work.drafts.asked()
    if asked is not None and asked.has_failed(now):
        work.drafts.fulfil(asked.id)


def _pairs(posed: Posed, found: Assignment) -> Iterator[DraftPair]:
    wanted = set(found.pairs)
    for mentee, offering, fit in posed.problem.pairs:
        if (mentee, offering) in wanted:
            person = PersonId(mentee)
            yield DraftPair(mentee=person, mentor=person_of(offering), tier=posed.tiers[person], fit=fit)


def _beside(standing: _Stands, simply: Mapping[PersonId, int]) -> _Stands:
    """How a mentee stands, beside what taking one after another would have given her."""
    return replace(standing, one_by_one=simply.get(standing.mentee, 0))


def _figures(posed: Posed, found: Assignment, simple: Assignment, lost: int) -> Figures:
    pinned = [sum(pair.tier == tier for pair in posed.pinned) for tier in range(TIERS)]
    pinned_fit = sum(pair.fit for pair in posed.pinned)

    def tiers(answer: Assignment) -> tuple[int, ...]:
        return tuple(
            by_hand + (answer.by_tier[tier] if tier < len(answer.by_tier) else 0) for tier, by_hand in enumerate(pinned)
        )

    return Figures(
        mentees=len(posed.tiers),
        seats=sum(mentor.seats for mentor in posed.problem.mentors) + len(posed.pinned),
        matched=found.matched + len(posed.pinned),
        fit=found.fit + pinned_fit,
        by_tier=tiers(found),
        greedy_matched=simple.matched + len(posed.pinned),
        greedy_fit=simple.fit + pinned_fit,
        greedy_by_tier=tiers(simple),
        for_locals=lost,
        circle_seats=posed.circle_seats,
    )
