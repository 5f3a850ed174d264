"""People, who may do what, seats, traces and occupations."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.adapters.occupations.table import OccupationTable
from node.domain.errors import (
    NotAMenteeError,
    NotAMentorError,
    PauseOverError,
    PersonLeftError,
    UnreadableSlotError,
)
from node.domain.occupation import Nearness, nearness
from node.domain.person import Contact, Kind, OccupationCode, PersonState, can_meet, parse_slots
from node.domain.program import Tongue
from node.domain.seat import SeatClaim, SeatId, Seats, SeatState
from node.domain.traces import identity_traces, search_traces, traces
from protocol.vocabulary import Mode
from tests.support.clock import NOON
from tests.support.node import a_person


def test_a_mentor_is_not_taken_for_a_mentee_nor_the_other_way_round() -> None:
    mentor, mentee = a_person(Kind.MENTOR), a_person()

    assert mentor.as_mentor() is mentor
    assert mentee.as_mentee() is mentee
    with pytest.raises(NotAMenteeError):
        mentor.as_mentee()
    with pytest.raises(NotAMentorError):
        mentee.as_mentor()


def test_who_is_paused_takes_no_part() -> None:
    assert a_person().as_candidate().taking_part
    assert not replace(a_person(), state=PersonState.PAUSED).as_candidate().taking_part


def test_either_meets_everybody_and_opposites_never_meet() -> None:
    assert can_meet(Mode.EITHER, Mode.ONLINE)
    assert can_meet(Mode.ONLINE, Mode.ONLINE)
    assert not can_meet(Mode.ONLINE, Mode.IN_PERSON)


def test_weekly_hours_are_read_once_each() -> None:
    assert parse_slots("Mon-Evening; sat-morning, mon-evening") == ("mon-evening", "sat-morning")
    with pytest.raises(UnreadableSlotError):
        parse_slots("sometimes")


def test_a_held_seat_counts_until_its_moment_and_a_used_one_always() -> None:
    held = SeatClaim(
        id=SeatId("seat"),
        mentor=a_person(Kind.MENTOR).id,
        claimant="thread",
        state=SeatState.HELD,
        held_until=NOON + timedelta(days=14),
    )

    assert held.counts(NOON)
    assert not held.counts(NOON + timedelta(days=14))
    assert not replace(held, held_until=None).counts(NOON)
    assert replace(held, state=SeatState.USED).counts(NOON + timedelta(days=99))


def test_free_seats_are_never_fewer_than_none() -> None:
    assert Seats(3, 1, 1).free == 1
    assert Seats(1, 1, 1).free == 0


def test_a_person_is_found_by_the_beginning_of_any_word_of_her_name_without_accents() -> None:
    found = traces(Contact(name="Zoé Brûlé-Okafor", email="Zoe@Example.org", phone="+1 403 555-0100"))

    assert search_traces("bru") <= found
    assert search_traces("OKAFOR zoe") <= found
    assert search_traces("zoe@example.ORG") <= found
    assert search_traces("(403) 555 0100") <= found
    assert not search_traces("kafor") <= found
    assert search_traces("") == frozenset()


def test_two_entries_are_one_person_by_e_mail_else_phone_else_whole_name() -> None:
    same_mail = Contact(name="A", email="a@example.org", phone="4035550100")

    assert identity_traces(same_mail) == identity_traces(Contact(name="B", email="A@example.org"))
    assert identity_traces(Contact(name="A", phone="1 403 555 0100")) == {"phone:4035550100"}
    assert identity_traces(Contact(name="Amara  OKAFOR")) == identity_traces(Contact(name="amara okafor"))


def test_nearness_follows_the_digits_of_the_code() -> None:
    civil = OccupationCode("21300")

    assert nearness(civil, civil) is Nearness.SAME
    assert nearness(civil, OccupationCode("21301")) is Nearness.MINOR
    assert nearness(civil, OccupationCode("21320")) is Nearness.SUB_MAJOR
    assert nearness(civil, OccupationCode("31102")) is Nearness.APART


def test_an_occupation_has_a_title_in_both_languages() -> None:
    group = OccupationTable().get(OccupationCode("21300"))

    assert group.title(Tongue.ENGLISH) == "Civil engineers"
    assert group.title(Tongue.FRENCH) == "Ingénieurs civils/ingénieures civiles"


def test_a_pause_ends_on_a_day_to_come_or_by_hand() -> None:
    person, today = a_person(), NOON.date()

    paused = person.pause(today + timedelta(days=1), today)

    assert (paused.state, paused.paused_until) == (PersonState.PAUSED, today + timedelta(days=1))
    assert person.pause(None, today).resume() == paused.resume() == person
    with pytest.raises(PauseOverError):
        person.pause(today, today)


def test_who_left_neither_rests_nor_comes_back_by_a_word() -> None:
    gone = replace(a_person(), state=PersonState.LEFT)

    with pytest.raises(PersonLeftError):
        gone.pause(None, NOON.date())
    with pytest.raises(PersonLeftError):
        gone.resume()
