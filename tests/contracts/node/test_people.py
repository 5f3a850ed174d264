"""The ports `People` and `Exclusions` on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from federation.ground.sealed import UnsealError
from node.adapters.sql import tables
from node.domain.errors import AlreadyExcludedError, ChangedMeanwhileError, NotExcludedError, UnknownPersonError
from node.domain.language import parse_languages
from node.domain.person import Contact, Kind, OccupationCode, PersonId, PersonState, Profile, Visibility
from node.domain.traces import email_trace
from node.services.ports import PeopleFilter
from protocol.vocabulary import Mode, Topic
from tests.support.clock import NOON
from tests.support.node import HAT, OpenSqlWork, a_mentor, a_person

FULL = a_person(
    Kind.MENTOR,
    contact=Contact(
        name="Zoé Brûlé",
        email="zoe@example.org",
        phone="403 555 0100",
        birth_date=date(1961, 5, 3),
        availability="after supper",
        notes="knows irrigation",
    ),
    profile=Profile(
        community=HAT.id,
        occupation=OccupationCode("00010"),
        languages=parse_languages("en:12; fr:9"),
        mode=Mode.ONLINE,
        topics=(Topic.RESUME, Topic.FARMING_PRACTICE),
        slots=("mon-evening",),
        time_zone="America/Edmonton",
        seats=2,
        visibility=Visibility.LISTED,
        years_experience=30,
        arrived_on=date(1990, 1, 1),
        waiting_since=date(2027, 1, 1),
    ),
)


def test_a_person_comes_back_as_she_was_kept(work: OpenSqlWork) -> None:
    with work() as unit:
        unit.people.add([FULL])

    with work() as unit:
        assert unit.people.get(FULL.id) == FULL
        assert unit.people.count() == 1


def test_what_names_her_is_sealed_and_bound_to_her(work: OpenSqlWork) -> None:
    other = a_person()
    with work() as unit:
        unit.people.add([FULL, other])
        contact = tables.people.c.contact
        stored = unit.connection.execute(select(contact).where(tables.people.c.id == FULL.id)).scalar_one()

        assert b"irrigation" not in bytes(stored)
        with pytest.raises(UnsealError):
            unit.seals.open(contact, other.id, stored)


def test_people_are_found_by_name_e_mail_and_phone_and_by_nothing_less(work: OpenSqlWork) -> None:
    with work() as unit:
        unit.people.add([FULL, a_person()])

        for text in ("bru", "ZOE", "zoe brule", "Zoe@example.org", "(403) 555-0100"):
            assert unit.people.find(PeopleFilter(text=text)) == (FULL,)
        for text in ("rulé", "zoe@example", "555 0100"):
            assert unit.people.find(PeopleFilter(text=text)) == ()


def test_people_are_filtered_and_turned_page_by_page(work: OpenSqlWork) -> None:
    mentees, mentor = [a_person() for _ in range(3)], a_mentor()
    paused = replace(a_person(), state=PersonState.PAUSED)
    with work() as unit:
        unit.people.add([*mentees, mentor, paused])

        assert unit.people.find(PeopleFilter(kind=Kind.MENTOR)) == (mentor,)
        assert unit.people.find(PeopleFilter(state=PersonState.PAUSED)) == (paused,)
        assert unit.people.find(PeopleFilter(limit=2)) == tuple(mentees[:2])
        assert unit.people.find(PeopleFilter(limit=1, after=mentees[1].id)) == (mentees[2],)
        assert unit.people.find(PeopleFilter(occupation="31102")) == ()
        assert unit.people.count(PeopleFilter(kind=Kind.MENTEE, limit=1, after=mentees[1].id)) == len(mentees) + 1


def test_people_are_filtered_by_language_community_and_how_long_they_wait(work: OpenSqlWork) -> None:
    speaks_french, waits_longer = FULL, a_person()
    long_ago = replace(waits_longer.profile, waiting_since=date(2026, 5, 1))
    waits_longer = replace(waits_longer, profile=long_ago)
    with work() as unit:
        unit.people.add([speaks_french, waits_longer])

        assert unit.people.find(PeopleFilter(language="fr")) == (speaks_french,)
        assert unit.people.find(PeopleFilter(language="en")) == (speaks_french, waits_longer)
        assert unit.people.find(PeopleFilter(language="n")) == unit.people.find(PeopleFilter(language="%")) == ()
        assert unit.people.find(PeopleFilter(community=HAT.name)) == (speaks_french, waits_longer)
        assert unit.people.find(PeopleFilter(community="Brooks")) == ()
        assert unit.people.find(PeopleFilter(waiting_since=date(2026, 5, 1))) == (waits_longer,)
        assert unit.people.count(PeopleFilter(waiting_since=date(2027, 1, 1))) == len((speaks_french, waits_longer))


def test_candidates_are_the_active_people_of_a_kind(work: OpenSqlWork) -> None:
    mentor, paused = a_mentor(), replace(a_mentor(), state=PersonState.PAUSED)
    with work() as unit:
        unit.people.add([mentor, paused, a_person()])

        assert unit.people.candidates(Kind.MENTOR) == (mentor.as_candidate(),)


def test_a_changed_person_is_found_under_her_new_name_only(work: OpenSqlWork) -> None:
    changed = replace(FULL, contact=replace(FULL.contact, name="Zoé Tremblay"))
    with work() as unit:
        unit.people.add([FULL])
        unit.people.replace(changed)

    with work() as unit:
        assert unit.people.find(PeopleFilter(text="bru")) == ()
        assert unit.people.find(PeopleFilter(text="trem")) == (replace(changed, version=2),)


def test_a_stale_person_is_refused(work: OpenSqlWork) -> None:
    with work() as unit:
        unit.people.add([FULL])
        unit.people.replace(FULL)

    with work() as unit, pytest.raises(ChangedMeanwhileError):
        unit.people.replace(FULL)


def test_erasing_destroys_the_data_key_and_every_row(work: OpenSqlWork) -> None:
    mentee = a_person()
    with work() as unit:
        unit.people.add([FULL, mentee])
        unit.exclusions.add(mentee.id, FULL.id, NOON)
        keys = unit.data_keys.count()
        unit.people.erase(FULL.id)

    with work() as unit:
        assert unit.data_keys.count() == keys - 1
        assert unit.exclusions.of(mentee.id) == frozenset()
        assert (
            unit.connection.execute(select(tables.search_tokens).where(tables.search_tokens.c.person == FULL.id)).all()
            == []
        )
        with pytest.raises(UnknownPersonError):
            unit.people.get(FULL.id)
        with pytest.raises(UnknownPersonError):
            unit.people.erase(FULL.id)


def test_known_traces_are_recognised(work: OpenSqlWork) -> None:
    here, gone = email_trace("zoe@example.org"), email_trace("nobody@example.org")
    with work() as unit:
        unit.people.add([FULL])

        assert unit.people.known([here, gone]) == {here}
        assert unit.people.known([]) == frozenset()


def test_an_error_rolls_everything_back(work: OpenSqlWork) -> None:
    def add_and_fail() -> None:
        with work() as unit:
            unit.people.add([FULL])
            unit.people.get(PersonId("nobody"))

    with pytest.raises(UnknownPersonError):
        add_and_fail()

    with work() as unit:
        assert unit.people.count() == 0


def test_a_pair_is_kept_apart_once_and_allowed_again_once(work: OpenSqlWork) -> None:
    mentee = a_person()
    with work() as unit:
        unit.people.add([FULL, mentee])
        unit.exclusions.add(mentee.id, FULL.id, NOON)
        assert unit.exclusions.of(mentee.id) == {FULL.id}
        with pytest.raises(AlreadyExcludedError):
            unit.exclusions.add(mentee.id, FULL.id, NOON)
        unit.exclusions.remove(mentee.id, FULL.id)
        with pytest.raises(NotExcludedError):
            unit.exclusions.remove(mentee.id, FULL.id)


def test_who_is_paused_until_a_day_is_due_back_on_it(work: OpenSqlWork) -> None:
    today = NOON.date()
    back, later, open_end = (a_person() for _ in range(3))
    with work() as unit:
        unit.people.add(
            [
                replace(back, state=PersonState.PAUSED, paused_until=today),
                replace(later, state=PersonState.PAUSED, paused_until=today + timedelta(days=1)),
                replace(open_end, state=PersonState.PAUSED),
            ]
        )

    with work() as unit:
        assert unit.people.due_back(today) == (back.id,)
