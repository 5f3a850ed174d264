"""A draft beside another way to choose: who gains, who loses, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from node.domain.drafts import Draft, DraftPair, Unmatched, Why
from node.domain.person import PersonId

_TOLD = 20
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

    def people(self) -> Iterator[PersonId]:
        """Everybody who is told of."""
        for one in (*self.gains, *self.losses):
            yield one.mentee
            if one.mentor is not None:
                yield one.mentor

    def named(self, names: Mapping[PersonId, str]) -> "ComparisonView":
        """The same with names."""

        def name(one: DifferenceView) -> DifferenceView:
            mentor = "" if one.mentor is None else names[one.mentor]
            return replace(one, name=names[one.mentee], mentor_name=mentor)

        return replace(self, gains=tuple(map(name, self.gains)), losses=tuple(map(name, self.losses)))


def one_by_one(draft: Draft, pairs: Iterable[DraftPair], left: Iterable[Unmatched]) -> ComparisonView | None:
    """Beside taking mentees in the order of their waiting; None for a draft that does not know."""
    people: tuple[DraftPair | Unmatched, ...] = (*pairs, *left)
    if not people or any(one.one_by_one is None for one in people):
        return None
    there = {one.mentee: one.one_by_one or 0 for one in people}
    return _compare(there, people, draft.figures.greedy_matched, draft.figures.greedy_fit)


def against_last(before: Iterable[DraftPair], pairs: Iterable[DraftPair], left: Iterable[Unmatched]) -> ComparisonView:
    """Beside an earlier draft; who is in only one of the two did not gain or lose."""
    had = {pair.mentee: pair.fit for pair in before}
    people: tuple[DraftPair | Unmatched, ...] = (*pairs, *left)
    there = {one.mentee: had.get(one.mentee, 0) for one in people}
    return _compare(there, people, len(had), sum(had.values()))


def _compare(
    there: Mapping[PersonId, int], people: Iterable[DraftPair | Unmatched], matched: int, fit: int
) -> ComparisonView:
    found = [(_fit(one) - there[one.mentee], one) for one in people]
    gains = sorted((pair for pair in found if pair[0] > 0), key=lambda pair: -pair[0])
    losses = sorted((pair for pair in found if pair[0] < 0), key=lambda pair: pair[0])
    return ComparisonView(
        matched=matched,
        fit=fit,
        gaining=len(gains),
        losing=len(losses),
        gains=tuple(_difference(there[one.mentee], one) for _, one in gains[:_TOLD]),
        losses=tuple(_difference(there[one.mentee], one) for _, one in losses[:_TOLD]),
    )


def _fit(one: DraftPair | Unmatched) -> int:
    return one.fit if isinstance(one, DraftPair) else 0


def _difference(before: int, one: DraftPair | Unmatched) -> DifferenceView:
    here = one if isinstance(one, DraftPair) else None
    return DifferenceView(
        mentee=one.mentee,
        name="",
        before=before,
        after=_fit(one),
        mentor=here.mentor if here else None,
        mentor_name="",
        why=None if isinstance(one, DraftPair) else one.why,
    )
