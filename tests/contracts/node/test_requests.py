"""The ports `Requests`, `Mentorships` and `Releases` on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from node.adapters.sql.tables import agreements
from node.domain.consent import GrantId
from node.domain.errors import ChangedMeanwhileError
from node.domain.language import parse_languages
from node.domain.mentorship import (
    Agreement,
    Goal,
    GoalState,
    Meeting,
    Mentorship,
    MentorshipId,
    Place,
    UnknownMentorshipError,
)
from node.domain.person import Kind, OccupationCode
from node.domain.release import Release, ReleaseId
from node.domain.request import Capability, End, Need, Offered, Request, Stage, UnknownRequestError
from node.domain.seat import SeatId
from protocol.ids import NodeId, ThreadId
from protocol.vocabulary import Mode, Outcome, Topic
from tests.support.clock import NOON
from tests.support.node import OpenSqlWork, a_person, new_id

PEER = NodeId("a" * 16)
NEED = Need(
    occupation=OccupationCode("21300"),
    languages=parse_languages("en:7; fr:4"),
    topics=(Topic.LICENSING,),
    mode=Mode.ONLINE,
    hours=4,
    time_zone="America/Edmonton",
)
OFFER = Offered(
    Capability(
        occupation=OccupationCode("21300"),
        languages=("en",),
        topics=(Topic.RESUME,),
        mode=Mode.EITHER,
        hours=3,
        years_of_experience=12,
        time_zone="America/Edmonton",
    ),
    NOON + timedelta(days=14),
)


def a_request() -> Request:
    return Request(id=ThreadId(new_id()), peer=PEER, end=End.HOME, stage=Stage.ASKED, need=NEED, opened_at=NOON)


def test_requests_are_turned_page_by_page_newest_first(work: OpenSqlWork) -> None:
    newest = replace(a_request(), opened_at=NOON + timedelta(days=1))
    early, late, over = a_request(), a_request(), replace(a_request(), stage=Stage.REFUSED)
    with work() as unit:
        for request in (newest, early, late, over):
            unit.requests.add(request)

        assert unit.requests.page(list(Stage), None, 2) == (newest, over)
        assert unit.requests.page(list(Stage), over.id, 9) == (late, early)
        assert unit.requests.page([Stage.ASKED], newest.id, 1) == (late,)
        assert unit.requests.page(list(Stage), ThreadId(new_id()), 9) == ()


def test_a_request_comes_back_as_it_was_kept(work: OpenSqlWork) -> None:
    person, request = a_person(), a_request()
    with work() as unit:
        unit.people.add([person])
        unit.requests.add(request)
        changed = replace(
            request,
            stage=Stage.OFFERED,
            person=person.id,
            seat=SeatId(new_id()),
            offer=OFFER,
            consent=GrantId(new_id()),
        )
        unit.requests.replace(changed)

    with work() as unit:
        assert unit.requests.get(request.id) == replace(changed, version=2)
        assert unit.requests.of(person.id) == unit.requests.all() == (replace(changed, version=2),)


def test_an_unknown_or_stale_request_is_refused(work: OpenSqlWork) -> None:
    request = a_request()
    with work() as unit:
        unit.requests.add(request)
        unit.requests.replace(request)

    with work() as unit:
        with pytest.raises(UnknownRequestError):
            unit.requests.get(ThreadId("nothing"))
        with pytest.raises(ChangedMeanwhileError):
            unit.requests.replace(request)


def test_a_request_outlives_the_person_it_was_about(work: OpenSqlWork) -> None:
    person, request = a_person(), a_request()
    with work() as unit:
        unit.people.add([person])
        unit.requests.add(replace(request, person=person.id))
        unit.people.erase(person.id)

    with work() as unit:
        assert unit.requests.get(request.id).person is None


def a_mentorship(*, thread: ThreadId | None = None) -> tuple[Mentorship, Mentorship]:
    goals = (
        Goal(words="Pass the exam", due_on=date(2027, 6, 1)),
        Goal(words="Meet two engineers", due_on=date(2027, 7, 1)),
    )
    began = Mentorship(
        id=MentorshipId(new_id()), place=Place.LOCAL, opened_at=NOON, mentor=None, members=(), thread=thread
    )
    grown = replace(
        began,
        agreement=Agreement(words="Every second Monday", review_on=date(2027, 4, 1), goals=goals),
        meetings=(Meeting(held_on=date(2027, 3, 1), minutes=45), Meeting(held_on=date(2027, 3, 1), minutes=45)),
    )
    return began, grown


def test_a_mentorship_comes_back_with_its_goals_and_meetings(work: OpenSqlWork) -> None:
    mentee, mentor = a_person(), a_person(Kind.MENTOR)
    _, grown = a_mentorship(thread=ThreadId(new_id()))
    grown = replace(grown, mentor=mentor.id, members=(mentee.id,), peer=PEER, seat=SeatId(new_id()))
    with work() as unit:
        unit.people.add([mentee, mentor])
        unit.mentorships.add(grown)
        settled = grown.settle(1, GoalState.REACHED).close(Outcome.FOUND_WORK, NOON)
        unit.mentorships.replace(settled)

    with work() as unit:
        assert unit.mentorships.get(grown.id) == replace(settled, version=2)
        assert unit.mentorships.all() == (replace(settled, version=2),)
        assert grown.thread is not None
        assert unit.mentorships.on(grown.thread) == replace(settled, version=2)
        assert unit.mentorships.on(ThreadId("another")) is None
        with pytest.raises(UnknownMentorshipError):
            unit.mentorships.get(MentorshipId("nothing"))


def test_the_pairs_own_words_are_sealed_and_go_with_the_mentee(work: OpenSqlWork) -> None:
    mentee = a_person()
    _, grown = a_mentorship()
    with work() as unit:
        unit.people.add([mentee])
        unit.mentorships.add(replace(grown, members=(mentee.id,)))
        stored = unit.connection.execute(select(agreements.c.words)).scalar_one()
        unit.people.erase(mentee.id)

    assert b"Monday" not in bytes(stored)
    with work() as unit:
        (left,) = unit.mentorships.all()
    assert (left.members, left.agreement, left.held) == ((), None, 2)


def test_a_group_outlives_its_mentor(work: OpenSqlWork) -> None:
    mentor, mentee = a_person(Kind.MENTOR), a_person()
    began, _ = a_mentorship()
    with work() as unit:
        unit.people.add([mentor, mentee])
        unit.mentorships.add(replace(began, mentor=mentor.id, members=(mentee.id,)))
        unit.people.erase(mentor.id)

    with work() as unit:
        (left,) = unit.mentorships.all()
    assert (left.mentor, left.members) == (None, (mentee.id,))


def test_releases_come_back_newest_first_and_forget_who_was_erased(work: OpenSqlWork) -> None:
    mentor = a_person(Kind.MENTOR)
    first = Release(
        id=ReleaseId(new_id()),
        at=NOON,
        digest="1" * 64,
        size="under_25",
        listed=1,
        people=((mentor.id, "a" * 16),),
        receivers=2,
    )
    second = replace(first, id=ReleaseId(new_id()), at=NOON + timedelta(days=7), people=(), listed=0)
    with work() as unit:
        unit.people.add([mentor])
        unit.releases.add(first)
        unit.releases.add(second)
        assert unit.releases.all() == (second, first)
        unit.people.erase(mentor.id)

    with work() as unit:
        assert unit.releases.all() == (second, replace(first, people=()))
