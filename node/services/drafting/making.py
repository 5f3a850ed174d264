"""Making a draft: posed, solved exactly, compared with taking mentees one by one, explained for whoever is left."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from node.domain.actor import Action, Actor
from node.domain.assignment import Assignment, greedy
from node.domain.audit import Act
from node.domain.drafts import Draft, DraftId, DraftPair, Figures, Unmatched
from node.domain.matching.points import TIERS
from node.domain.person import PersonId
from node.services.drafting.explaining import explain
from node.services.drafting.posing import Posed, person_of, pose
from node.services.drafting.views import DraftView, draft_view
from node.services.matching.bench import Benches
from node.services.ports import Clock, Ids, OpenWork
from node.services.ports.assigner import Assigner
from node.services.remember import remember

_Stands = TypeVar("_Stands", DraftPair, Unmatched)


@dataclass(frozen=True, slots=True)
class MakeDraft:
    """Stage a draft for everybody who waits; it concerns nobody before it is published."""

    work: OpenWork
    clock: Clock
    ids: Ids
    benches: Benches
    assigner: Assigner

    def __call__(self, actor: Actor) -> DraftView:
        """The draft, compared with greedy and with the last draft. Raises: the refusals of the rules."""
        actor.may(Action.MATCH)
        now = self.clock.now()
        with self.work() as work:
            bench = self.benches.of(work)
            keep = bench.scale.rules.drafts.local_seats_percent
            posed = pose(work, bench, now, keep_percent=keep)
            found = self.assigner(posed.problem)
            simple = greedy(posed.problem)
            lost = self.assigner(pose(work, bench, now).problem).matched - found.matched if keep else 0
            draft = Draft(
                id=DraftId(self.ids.new()),
                made_at=now,
                made_by=actor.id,
                edited_by=actor.id,
                figures=_figures(posed, found, simple, lost),
            )
            simply = {pair.mentee: pair.fit for pair in (*posed.pinned, *_pairs(posed, simple))}
            pairs = [_beside(pair, simply) for pair in (*posed.pinned, *_pairs(posed, found))]
            left = [_beside(one, simply) for one in explain(posed.problem, found, posed.pinned)]
            work.drafts.add(draft, pairs, left)
            remember(work, actor, Act.DRAFT_MADE, draft.id, now)
            return draft_view(work, draft)


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
