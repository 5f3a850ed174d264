"""The port `SeatBook` on both databases: one seat is never promised twice."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from node.domain.errors import ChangedMeanwhileError, NoFreeSeatError, UnknownPersonError, UnknownSeatError
from node.domain.person import CIRCLE_MOST, Person, PersonId, Wish
from node.domain.seat import SeatClaim, SeatId, Seats, SeatState
from tests.support.clock import NOON
from tests.support.node import OpenSqlWork, a_mentor, a_person, new_id


def a_claim(mentor: Person, state: SeatState = SeatState.HELD) -> SeatClaim:
    until = NOON + timedelta(days=14) if state is SeatState.HELD else None
    return SeatClaim(id=SeatId(new_id()), mentor=mentor.id, claimant=new_id(), state=state, held_until=until)


def test_claims_take_seats_until_none_is_free(work: OpenSqlWork) -> None:
    mentor = a_mentor(seats=2)
    with work() as unit:
        unit.people.add([mentor, a_person()])
        unit.seats.claim(a_claim(mentor), NOON)
        unit.seats.claim(a_claim(mentor, SeatState.USED), NOON)

        assert unit.seats.of(mentor.id, NOON) == Seats(2, 1, 1)
        assert unit.seats.free(NOON) == unit.seats.free(NOON, [mentor.id]) == {mentor.id: Seats(2, 1, 1)}
        assert unit.seats.free(NOON, []) == {}
        with pytest.raises(NoFreeSeatError):
            unit.seats.claim(a_claim(mentor), NOON)


def test_a_circle_is_full_with_eight_however_many_seats_its_mentor_named(work: OpenSqlWork) -> None:
    mentor = a_mentor(seats=12)
    mentor = replace(mentor, profile=replace(mentor.profile, wishes=(Wish.CIRCLE,)))
    with work() as unit:
        unit.people.add([mentor])
        for _ in range(CIRCLE_MOST):
            unit.seats.claim(a_claim(mentor, SeatState.USED), NOON)

        assert unit.seats.of(mentor.id, NOON) == unit.seats.free(NOON)[mentor.id] == Seats(CIRCLE_MOST, 0, CIRCLE_MOST)
        with pytest.raises(NoFreeSeatError):
            unit.seats.claim(a_claim(mentor), NOON)


def test_a_lapsed_hold_gives_its_seat_back(work: OpenSqlWork) -> None:
    mentor = a_mentor()
    with work() as unit:
        unit.people.add([mentor])
        unit.seats.claim(a_claim(mentor), NOON)
        later = NOON + timedelta(days=15)
        assert unit.seats.free(later)[mentor.id].free == 1
        unit.seats.claim(a_claim(mentor), later)


def test_a_held_seat_becomes_used_and_is_given_back(work: OpenSqlWork) -> None:
    mentor = a_mentor()
    claim = a_claim(mentor)
    used = replace(claim, state=SeatState.USED, held_until=None)
    with work() as unit:
        unit.people.add([mentor])
        unit.seats.claim(claim, NOON)
        unit.seats.replace(used)
        assert unit.seats.get(claim.id) == replace(used, version=2)
        with pytest.raises(ChangedMeanwhileError):
            unit.seats.replace(used)
        unit.seats.release(claim.id)

        assert unit.seats.of(mentor.id, NOON).free == 1


def test_unknown_seats_and_mentors_are_refused(work: OpenSqlWork) -> None:
    with work() as unit:
        with pytest.raises(UnknownSeatError):
            unit.seats.get(SeatId("nothing"))
        with pytest.raises(UnknownSeatError):
            unit.seats.release(SeatId("nothing"))
        with pytest.raises(UnknownPersonError):
            unit.seats.of(PersonId("nobody"), NOON)


def test_of_many_who_want_the_last_seat_at_once_one_gets_it(work: OpenSqlWork) -> None:
    mentor = a_mentor()
    with work() as unit:
        unit.people.add([mentor])
    together = Barrier(4)
    outcomes: list[bool] = []

    def want() -> None:
        together.wait()
        try:
            with work() as unit:
                unit.seats.claim(a_claim(mentor), NOON)
        except NoFreeSeatError:
            outcomes.append(False)
        else:
            outcomes.append(True)

    threads = [Thread(target=want) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == [False, False, False, True]
