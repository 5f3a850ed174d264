"""Why a draft leaves somebody without a mentor, from the answer itself: each sentence is true of who sits where."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from node.domain.assignment import Assignment, Problem
from node.domain.drafts import DraftPair, Unmatched, Why
from node.domain.person import PersonId
from node.services.drafting.posing import kept_of, person_of


@dataclass(frozen=True, slots=True)
class _Holder:
    """Somebody in a seat: how long she waits, and how well she fits there."""

    tier: int
    fit: int

    def comes_after(self, tier: int, fit: int) -> bool:
        """Whether another of this wait and this fit would have come first."""
        return (self.tier, -self.fit) > (tier, -fit)


@dataclass(frozen=True, slots=True)
class _Seats:
    """Who holds the seats of each offering, and how many are free; `wanted` hold a seat since they are pinned."""

    held: Mapping[str, list[_Holder]]
    free: Mapping[str, int]
    wanted: Mapping[PersonId, list[_Holder]]

    def kept(self, offerings: Iterable[str]) -> Iterator[str]:
        """Seats of the same mentors that are kept for others."""
        mine = set(offerings)
        return (kept for kept in map(kept_of, mine) if kept in self.held and kept not in mine)


def explain(problem: Problem, found: Assignment, pinned: Iterable[DraftPair] = ()) -> Iterator[Unmatched]:
    """Why each mentee without a seat has none.

    A seat that a mentee could have is held by somebody of a longer wait, or of her own with at least her fit: else
    giving her the seat would be a better answer. Only seats that a program keeps for locals, and pairs that somebody
    pinned, may come before her; then that is what is said. Pairs that were changed since are no best answer any more:
    where none of these holds, that is what is said.
    """
    fits = {(mentee, offering): fit for mentee, offering, fit in problem.pairs}
    tiers = {mentee.id: mentee.tier for mentee in problem.mentees}
    seated = {mentee for mentee, _ in found.pairs}
    seats = _seats(problem, found, fits, tiers, pinned)
    possible: dict[str, list[str]] = {mentee: [] for mentee in tiers if mentee not in seated}
    for mentee, offering, _ in problem.pairs:
        if mentee in possible:
            possible[mentee].append(offering)
    for mentee, offerings in possible.items():
        mine = {offering: fits[mentee, offering] for offering in offerings}
        yield _explained(Unmatched(mentee=PersonId(mentee), tier=tiers[mentee], why=Why.NOBODY), mine, seats)


def _seats(
    problem: Problem,
    found: Assignment,
    fits: Mapping[tuple[str, str], int],
    tiers: Mapping[str, int],
    pinned: Iterable[DraftPair],
) -> _Seats:
    held: dict[str, list[_Holder]] = {offering.id: [] for offering in problem.mentors}
    for mentee, offering in found.pairs:
        held[offering].append(_Holder(tiers[mentee], fits[mentee, offering]))
    wanted: dict[PersonId, list[_Holder]] = {}
    for pair in pinned:
        wanted.setdefault(pair.mentor, []).append(_Holder(pair.tier, pair.fit))
    return _Seats(held, {one.id: one.seats - len(held[one.id]) for one in problem.mentors}, wanted)


def _explained(one: Unmatched, mine: Mapping[str, int], seats: _Seats) -> Unmatched:
    """`mine` are the offerings she could have, and her fit there; `one` says that there is none."""
    if not mine:
        return one
    if any(seats.free[offering] > 0 for offering in mine):
        return _because(one, Why.SEAT_FREE)
    of_mentor = {person_of(offering): fit for offering, fit in mine.items()}
    kept = [(holder, of_mentor[person_of(seat)]) for seat in seats.kept(mine) for holder in seats.held[seat]]
    if any(seats.free[seat] for seat in seats.kept(mine)) or _passes(one, kept):
        return _because(one, Why.KEPT)
    wanted = [(holder, fit) for mentor, fit in of_mentor.items() for holder in seats.wanted.get(mentor, ())]
    if _passes(one, wanted):
        return _because(one, Why.WANTED)
    open_to_her = [(holder, fit) for offering, fit in mine.items() for holder in seats.held[offering]]
    if _passes(one, open_to_her):
        return _because(one, Why.CHANGED)
    peers = [(holder.fit, fit) for holder, fit in (*open_to_her, *kept, *wanted) if holder.tier == one.tier]
    if not peers:
        return _because(one, Why.LONGER_WAIT)
    # The seat she came nearest to: where the least was missing.
    cutoff, own = min(peers, key=lambda found: (found[0] - found[1], found[0]))
    return Unmatched(mentee=one.mentee, tier=one.tier, why=Why.CLOSER_FIT, cutoff=cutoff, own=own)


def _passes(one: Unmatched, holders: Sequence[tuple[_Holder, int]]) -> bool:
    """Whether anybody who would come after her holds a seat, given her own fit there."""
    return any(holder.comes_after(one.tier, fit) for holder, fit in holders)


def _because(one: Unmatched, why: Why) -> Unmatched:
    return Unmatched(mentee=one.mentee, tier=one.tier, why=why)
