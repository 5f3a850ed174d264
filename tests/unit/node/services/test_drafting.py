"""Why a draft leaves somebody without a mentor: each sentence is true of the answer it explains."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from node.adapters.assignment import solve
from node.domain.assignment import Assignment, Offering, Pair, Problem, Waiting
from node.domain.drafts import DraftPair, Unmatched, Why
from node.domain.person import PersonId
from node.services.drafting.explaining import explain
from node.services.drafting.posing import kept_of, person_of


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of a mentor who fits somebody: who holds it and how well, and how well she would fit there herself."""

    open_to_her: bool
    pinned: bool
    tier: int | None
    fit: int
    own: int

    def beyond(self, tier: int) -> bool:
        """Whether it is free, or held by who would come after her."""
        return self.tier is None or self.tier > tier or (self.tier == tier and self.fit < self.own)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A problem with kept seats and pinned pairs, and its best answer."""

    problem: Problem
    found: Assignment
    pinned: tuple[DraftPair, ...]

    def seats(self, mentee: str) -> Iterator[Seat]:
        """Every seat of every mentor who fits her."""
        fits = {(e, o): fit for e, o, fit in self.problem.pairs}
        tiers = {one.id: one.tier for one in self.problem.mentees}
        owns = {person_of(o): fit for (e, o), fit in fits.items() if e == mentee}
        for offering in self.problem.mentors:
            mentor, may = person_of(offering.id), (mentee, offering.id) in fits
            holders = [e for e, o in self.found.pairs if o == offering.id]
            for holder in holders if mentor in owns else ():
                yield Seat(may, False, tiers[holder], fits[holder, offering.id], owns[mentor])
            if mentor in owns and len(holders) < offering.seats:
                yield Seat(may, False, None, 0, owns[mentor])
        for pair in self.pinned:
            if pair.mentor in owns:
                yield Seat(False, True, pair.tier, pair.fit, owns[pair.mentor])


def drafted(seed: int, *, decided: bool) -> Drafted:
    random = Random(seed)
    mentees = tuple(Waiting(f"e{n}", random.randint(0, 2)) for n in range(9))
    mentors, pairs, pinned = list[Offering](), list[Pair](), list[DraftPair]()
    for mentor in (PersonId(f"o{n}") for n in range(4)):
        mentors.append(Offering(mentor, random.randint(0 if decided else 1, 2)))
        fits = [(one.id, random.randint(0, 9)) for one in mentees if random.random() < 0.5]
        pairs += [(mentee, mentor, fit) for mentee, fit in fits]
        if decided and random.random() < 0.5:
            mentors.append(Offering(kept_of(mentor), 1))
            pairs += [(mentee, kept_of(mentor), fit) for mentee, fit in fits if random.random() < 0.3]
        if decided and random.random() < 0.5:
            wanted = PersonId(f"pinned with {mentor}")
            pinned.append(DraftPair(mentee=wanted, mentor=mentor, tier=random.randint(0, 2), fit=random.randint(0, 9)))
    problem = Problem(mentees=mentees, mentors=tuple(mentors), pairs=tuple(pairs))
    return Drafted(problem, solve(problem), tuple(pinned))


def is_true(one: Unmatched, seats: list[Seat]) -> bool:
    """Whether what is said of somebody holds, read from the seats she might have had."""
    unfair = [seat for seat in seats if seat.beyond(one.tier)]
    if one.why is Why.NOBODY:
        return not seats
    if one.why is Why.KEPT:
        return any(not seat.open_to_her and not seat.pinned for seat in unfair)
    if one.why is Why.SEAT_FREE:
        return any(seat.open_to_her and seat.tier is None for seat in seats)
    if one.why is Why.CHANGED:
        return any(seat.open_to_her for seat in unfair) and all(seat.tier is not None for seat in seats)
    if one.why is Why.WANTED:
        return any(seat.pinned for seat in unfair) and all(seat.tier is not None for seat in seats)
    equals = {(seat.fit, seat.own) for seat in seats if seat.tier == one.tier}
    if one.why is Why.CLOSER_FIT:
        return not unfair and (one.cutoff, one.own) in equals
    # With no seat at all, whoever fits her is full already.
    return not unfair and not equals


@given(st.integers(min_value=0, max_value=10**9), st.booleans())
@settings(max_examples=150, deadline=None)
def test_every_sentence_about_somebody_left_out_is_true(seed: int, decided: bool) -> None:  # noqa: FBT001 - drawn
    case = drafted(seed, decided=decided)

    said = {one.mentee: one for one in explain(case.problem, case.found, case.pinned)}

    assert set(said) == {one.id for one in case.problem.mentees} - {mentee for mentee, _ in case.found.pairs}
    for mentee, one in said.items():
        seats = list(case.seats(mentee))
        fits_nobody = not any(pair[0] == mentee for pair in case.problem.pairs)
        assert (one.why is Why.NOBODY) == fits_nobody
        assert is_true(one, seats), one
        assert all(not seat.beyond(one.tier) for seat in seats if seat.open_to_her), "a best answer leaves no such seat"
        assert decided or one.why in {Why.NOBODY, Why.LONGER_WAIT, Why.CLOSER_FIT}


@given(st.integers(min_value=0, max_value=10**9), st.booleans())
@settings(max_examples=100, deadline=None)
def test_every_sentence_stays_true_where_a_pair_was_changed_by_hand(
    seed: int,
    given_on: bool,  # noqa: FBT001 - drawn
) -> None:
    case, random = drafted(seed, decided=True), Random(seed)
    out, offering = random.choice(case.found.pairs or (("", ""),))
    kept = [pair for pair in case.found.pairs if pair[0] != out]
    problem, pinned = case.problem, case.pinned
    if given_on and out:
        taken = [Offering(o.id, o.seats - (o.id == offering)) for o in problem.mentors]
        problem = Problem(mentees=problem.mentees, mentors=tuple(taken), pairs=problem.pairs)
        moved, mentor = PersonId("moved here"), person_of(offering)
        pinned = (*pinned, DraftPair(mentee=moved, mentor=mentor, tier=random.randint(0, 2), fit=random.randint(0, 9)))
    changed = Drafted(problem, problem.assess(kept), pinned)

    for one in explain(changed.problem, changed.found, changed.pinned):
        assert is_true(one, list(changed.seats(one.mentee))), one


def test_a_seat_with_somebody_who_would_come_later_is_named_as_a_change() -> None:
    problem = Problem(
        mentees=(Waiting("a", 0), Waiting("b", 2)), mentors=(Offering("m", 1),), pairs=(("a", "m", 5), ("b", "m", 5))
    )

    assert [one.why for one in explain(problem, problem.assess([("b", "m")]))] == [Why.CHANGED]


def test_a_seat_that_an_answer_leaves_free_is_said_to_be_free() -> None:
    problem = Problem(mentees=(Waiting("a", 0),), mentors=(Offering("m", 1),), pairs=(("a", "m", 5),))

    assert [one.why for one in explain(problem, Assignment(pairs=(), by_tier=(0,), fit=0))] == [Why.SEAT_FREE]


def test_a_pin_and_a_kept_place_that_come_before_a_longer_wait_are_named() -> None:
    problem = Problem(mentees=(Waiting("a", 0),), mentors=(Offering("m", 0),), pairs=(("a", "m", 5),))
    kept = Problem(mentees=problem.mentees, mentors=(*problem.mentors, Offering("local:m", 1)), pairs=problem.pairs)
    later = DraftPair(mentee=PersonId("b"), mentor=PersonId("m"), tier=2, fit=9)
    earlier = DraftPair(mentee=PersonId("b"), mentor=PersonId("m"), tier=0, fit=9)
    nobody = Assignment(pairs=(), by_tier=(0,), fit=0)

    assert [one.why for one in explain(problem, nobody, [later])] == [Why.WANTED]
    assert [one.why for one in explain(problem, nobody, [earlier])] == [Why.CLOSER_FIT]
    assert [one.why for one in explain(kept, nobody)] == [Why.KEPT]
