"""What is kept of a person is shown to her whole (port `Records`), and kept no longer than its clock says."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import LargeBinary

from node.adapters.occupations.table import OccupationTable
from node.adapters.sql.records import LEFT_OUT, links
from node.adapters.sql.tables import METADATA, people
from node.domain.actor import SYSTEM
from node.domain.card import CardOffer, CardWords, OwnCard, QuestionId
from node.domain.letter import LetterState
from node.domain.mentorship import Agreement, Goal
from node.domain.person import Kind, OccupationCode, Person, PersonState, Visibility
from node.domain.request import Move, Offered, Stage
from node.domain.retention import DEFAULT_DAYS, Kept, Schedule
from node.services.access import AccessPerson, AccessView
from node.services.ports import PeopleFilter
from node.services.retention import KeepNoLonger
from protocol.ids import Digest
from protocol.vocabulary import Mode, Outcome
from tests.support.clock import NOON
from tests.support.crossing import CLERK, FakeProgram, Pair, asked, introduced, offered, settle
from tests.support.node import a_capability, a_person

SHOWN = {
    "people.contact": "person",
    "consents.wording": "consents",
    "agreements.words": "mentorships",
    "notes.words": "remarks",
    "pair_notes.words": "notes",
    "pair_plans.place": "plans",
    "letters.other": "letters",
}
KEPT_BACK = {
    "visibilities.salt": "chance, which makes the ledger's hash of a choice tell nothing once she is erased",
    "letters.link": "a link to sign in on its way to her, which works once",
    "own_cards.secret": "the one-time key of an anonymous request, which opens offers of others",
}
AGREED = Agreement(
    words="Every second Monday", review_on=date(2027, 4, 1), goals=(Goal(words="A job", due_on=date(2027, 3, 1)),)
)


def access(program: FakeProgram, person: Person) -> AccessView:
    return AccessPerson(program.work, program.clock, OccupationTable(), program.disclosures)(CLERK, person.id)


def keeping(program: FakeProgram, *, dry_run: bool = False) -> dict[Kept, int]:
    keep = KeepNoLonger(program.work, program.clock, Schedule(DEFAULT_DAYS), program.erase)
    return {view.kind: view.due for view in keep(SYSTEM, dry_run=dry_run) if view.due}


def whole(program: FakeProgram, kind: Kind) -> Person:
    with program.work() as work:
        return work.people.find(PeopleFilter(kind=kind))[0]


def test_every_sealed_value_about_a_person_is_shown_to_her_or_kept_back_with_a_reason() -> None:
    about = [table for table in METADATA.sorted_tables if table is people or links(table)]
    sealed = {
        f"{table.name}.{column.name}"
        for table in about
        if table not in LEFT_OUT
        for column in table.c
        if isinstance(column.type, LargeBinary)
    }

    assert sealed == SHOWN.keys() | KEPT_BACK.keys()
    assert set(SHOWN.values()) <= {field.name for field in fields(AccessView)}
    assert all(len(reason) > 20 for reason in (*KEPT_BACK.values(), *LEFT_OUT.values()))


def test_everything_about_a_person_is_taken_out_by_section_and_row_by_row(pair: Pair) -> None:
    thread = introduced(pair)
    with pair.host.work() as work:
        (mentorship,) = work.mentorships.all()
    pair.host.agree(CLERK, mentorship.id, AGREED)
    pair.host.meet(CLERK, mentorship.id, 45)
    mentor = whole(pair.host, Kind.MENTOR)
    pair.host.set_visibility(CLERK, mentor.id, Visibility.MAY_OFFER)
    other = pair.host.mentee()
    with pair.host.work() as work:
        work.exclusions.add(other.id, mentor.id, NOON)

    view = access(pair.host, mentor)

    assert view.person.email == mentor.contact.email
    assert {grant.concerns for grant in view.consents} == {thread}
    assert [request.id for request in view.requests] == [thread]
    assert [one.words for one in view.mentorships] == [AGREED.words]
    assert [one.other.email for one in view.letters if one.other] == ["amara@example.org"]
    tables = {record.table for record in view.records}
    assert {"people", "consents", "seats", "letters", "mentorships", "requests", "visibilities"} <= tables
    (apart,) = [record for record in view.records if record.table == "exclusions"]
    assert (apart.values["mentor"], apart.values["mentee"]) == (mentor.id, "*")
    assert view.acts
    assert access(pair.host, other).requests == ()


def test_a_request_that_came_to_nothing_is_forgotten_at_both_ends_after_a_year(pair: Pair) -> None:
    thread = offered(pair, pair.host.mentor())
    pair.home.end(CLERK, thread, Move.REFUSE)
    settle(pair.home, pair.host)
    pair.clock.advance(timedelta(days=364))
    assert keeping(pair.home) == {}
    pair.clock.advance(timedelta(days=2))

    assert keeping(pair.home, dry_run=True) == {Kept.REQUESTS: 1}
    assert keeping(pair.home) == {Kept.REQUESTS: 1}
    settle(pair.home, pair.host)

    assert pair.home.request(thread).person is None
    assert pair.home.request(thread).offer is None
    assert pair.host.request(thread).stage is Stage.ERASED
    assert keeping(pair.home) == {}


def test_an_open_request_is_never_due(pair: Pair) -> None:
    asked(pair)
    pair.clock.advance(timedelta(days=2000))

    assert keeping(pair.home, dry_run=True) == {}


def test_words_go_a_year_after_a_pair_stopped_meeting_and_letters_after_ninety_days(pair: Pair) -> None:
    mentee, mentor = pair.host.mentee(), pair.host.mentor()
    mentorship = pair.host.approve(CLERK, mentee.id, mentor.id)
    pair.host.agree(CLERK, mentorship.id, AGREED)
    with pair.host.work() as work:
        letter, other = work.letters.all()
        work.letters.replace(letter.end(LetterState.SENT, NOON))
        work.letters.replace(other.end(LetterState.DRAFTED, NOON))
    pair.clock.advance(timedelta(days=500))
    assert keeping(pair.host) == {Kept.LETTERS: 1}, "a draft still waits for a person, a pair still meets"
    pair.host.close(CLERK, mentorship.id, Outcome.COMPLETED)
    pair.clock.advance(timedelta(days=366))

    assert keeping(pair.host) == {Kept.WORDS: 1}
    with pair.host.work() as work:
        assert work.mentorships.get(mentorship.id).agreement is None
        assert [kept.id for kept in work.letters.all()] == [other.id]


@pytest.mark.parametrize("going", [True, False])
def test_offers_go_a_year_after_their_anonymous_request_ended_unless_something_is_open_and_it_is_told_all_the_same(
    pair: Pair, *, going: bool
) -> None:
    thread = asked(pair)
    mentee = pair.home.request(thread).person
    assert mentee is not None
    words = CardWords(occupation=OccupationCode("31103"), language=None, tier=1, mode=Mode.ONLINE)
    own = OwnCard(id=Digest("a" * 64), person=mentee, words=words, secret="", posted_at=NOON, ended_at=NOON)
    offer = CardOffer(
        id=QuestionId("o"),
        card=own.id,
        host=pair.host.node,
        offer=Offered(a_capability(), NOON),
        ticket="t",
        heard_at=NOON,
    )
    with pair.home.work() as work:
        work.postings.add(own)
        work.postings.add(replace(own, id=Digest("b" * 64), ended_at=None))
        work.postings.hear(replace(offer, thread=thread) if going else offer)
    pair.clock.advance(timedelta(days=364))
    assert keeping(pair.home) == {}
    pair.clock.advance(timedelta(days=2))

    assert keeping(pair.home) == ({} if going else {Kept.OFFERS: 1})
    assert keeping(pair.home) == {}
    with pair.home.work() as work:
        assert len(work.postings.offers(own.id)) == going
    assert len(pair.home.disclosures(CLERK, mentee).anonymous) == 2


@pytest.mark.parametrize("meets", [True, False])
def test_who_left_is_erased_two_years_after_anybody_dealt_with_her_unless_she_meets_somebody(
    pair: Pair, *, meets: bool
) -> None:
    mentor = pair.host.mentor()
    if meets:
        pair.host.approve(CLERK, pair.host.mentee().id, mentor.id)
    with pair.host.work() as work:
        work.people.replace(replace(work.people.get(mentor.id), state=PersonState.LEFT))
    pair.clock.advance(timedelta(days=400))
    pair.host.disclosures(CLERK, mentor.id)
    pair.clock.advance(timedelta(days=729))
    assert Kept.PEOPLE not in keeping(pair.host)
    pair.clock.advance(timedelta(days=2))

    assert (Kept.PEOPLE in keeping(pair.host)) is not meets
    with pair.host.work() as work:
        assert (len(work.erasures.all()) == 1) is not meets


def test_attempts_go_after_a_day_and_acts_after_seven_years(pair: Pair) -> None:
    with pair.host.work() as work:
        work.attempts.add("1", "place", "", NOON)
    pair.host.disclosures(CLERK, pair.host.add(a_person()).id)
    pair.clock.advance(timedelta(days=2))
    assert keeping(pair.host) == {Kept.ATTEMPTS: 1}
    pair.clock.advance(timedelta(days=2600))

    assert keeping(pair.host)[Kept.AUDIT] >= 2
    with pair.host.work() as work:
        assert {entry.act for entry in work.audit.since(NOON)} == {"retention.kept_no_longer"}


def test_acts_are_kept_as_long_as_people_who_left() -> None:
    schedule = Schedule({**DEFAULT_DAYS, Kept.AUDIT: 10, Kept.PEOPLE: 20})

    assert schedule.before(Kept.AUDIT, NOON) == NOON - timedelta(days=20)
    assert schedule.before(Kept.LETTERS, NOON) == NOON - timedelta(days=90)
