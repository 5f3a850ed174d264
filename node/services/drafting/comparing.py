"""A draft beside another way to choose: who gains, who loses, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from node.domain.drafts import Draft, Why
from node.domain.person import PersonId
from node.services.ports import UnitOfWork
from node.services.ports.draft_boards import Difference, Differing, Tally

_TOLD = 10
"""Of those who gain and of those who lose, so many are named: the greatest differences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceView:
    """One mentee: her points there and here, 0 without a mentor; `mentor` is who she has here, `why` why nobody."""

    mentee: PersonId
    name: str
    before: int
    after: int
    mentor: PersonId | None
    mentor_name: str
    why: Why | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    """Everybody together there, and who gains and loses here; of many only the greatest differences are told."""

    matched: int
    fit: int
    gaining: int
    losing: int
    gains: tuple[DifferenceView, ...]
    losses: tuple[DifferenceView, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A draft beside another way to choose, before people are named."""

    matched: int
    fit: int
    differing: Differing

    def people(self) -> Iterator[PersonId]:
        """Everybody who is told of."""
        for one in (*self.differing.gains, *self.differing.losses):
            yield one.mentee
            if one.mentor is not None:
                yield one.mentor

    def named(self, names: Mapping[PersonId, str]) -> ComparisonView:
        """The same with names."""

        def name(one: Difference) -> DifferenceView:
            return DifferenceView(
                mentee=one.mentee,
                name=names[one.mentee],
                before=one.before,
                after=one.after,
                mentor=one.mentor,
                mentor_name="" if one.mentor is None else names[one.mentor],
                why=one.why,
            )

        return ComparisonView(
            matched=self.matched,
            fit=self.fit,
            gaining=self.differing.gaining,
            losing=self.differing.losing,
            gains=tuple(map(name, self.differing.gains)),
            losses=tuple(map(name, self.differing.losses)),
        )


def one_by_one(work: UnitOfWork, draft: Draft, tallies: Sequence[Tally]) -> Comparison | None:
    """Beside taking mentees in the order of their waiting; None for a draft that does not know."""
    if not tallies or any(one.simply < one.people for one in tallies):
        return None
    return Comparison(
        draft.figures.greedy_matched, draft.figures.greedy_fit, work.drafts.boards.beside(draft.id, None, _TOLD)
    )


def against(work: UnitOfWork, draft: Draft, last: Draft) -> Comparison:
    """Beside the draft before it; who is in only one of the two did not gain or lose."""
    matched, fit = work.drafts.boards.reached(last.id)
    return Comparison(matched, fit, work.drafts.boards.beside(draft.id, last.id, _TOLD))
