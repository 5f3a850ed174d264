"""What two programs do for two people, on both databases: seats, consents, letters and reports stay right."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from node.domain.consent import Given, Purpose
from node.domain.letter import LetterState
from node.domain.mentorship import Agreement, Goal, GoalState
from node.domain.person import Person, Visibility
from node.domain.request import (
    ConsentMissingError,
    Move,
    NotSuitableError,
    Stage,
    WrongEndError,
)
from node.services.agreeing import MentorNeededError
from node.services.request.answering import EmailNeededError
from node.services.request.opening import LanguageNeededError, TooManyRequestsError
from protocol.ids import NodeId
from protocol.vocabulary import Answer, Outcome, Question
from tests.support.crossing import CLERK, FakeProgram, Pair, asked, introduced, offered, settle


def seats(program: FakeProgram, mentor: Person) -> tuple[int, int, int]:
    with program.work() as work:
        found = work.seats.of(mentor.id, program.clock.now())
    return found.total, found.held, found.used


def test_two_people_are_introduced_by_two_letters_after_both_agreed(pair: Pair) -> None:
    mentor, mentee = pair.host.mentor(), pair.home.mentee()
    thread = offered(pair, mentor, mentee)
    assert seats(pair.host, mentor) == (1, 1, 0)

    pair.home.says_yes(thread)
    pair.home.accept(CLERK, thread)
    settle(pair.home, pair.host)

    assert {pair.home.request(thread).stage, pair.host.request(thread).stage} == {Stage.INTRODUCED}
    assert seats(pair.host, mentor) == (1, 0, 1)
    with pair.home.work() as home, pair.host.work() as host:
        (to_mentee,), (to_mentor,) = home.letters.all(), host.letters.all()
        others = set(LetterState) - {to_mentee.state}
        assert home.letters.ids([to_mentee.state]) == (to_mentee.id,)
        assert home.letters.ids([to_mentee.state], to_mentee.written_at) == home.letters.ids(others) == ()
    assert (to_mentee.person, to_mentor.person) == (mentee.id, mentor.id)
    assert to_mentee.other is not None
    assert to_mentor.other is not None
    assert (to_mentee.other.email, to_mentor.other.email) == (mentor.contact.email, mentee.contact.email)
    assert to_mentee.proposal == to_mentor.proposal


def test_nobody_is_asked_elsewhere_without_the_mentees_yes(pair: Pair) -> None:
    mentee = pair.home.mentee()
    with pair.home.work() as work:
        (grant,) = work.consents.of(mentee.id)
    pair.home.withdraw_consent(CLERK, grant.id, Given.PHONE)

    with pytest.raises(ConsentMissingError):
        pair.home.open(CLERK, mentee.id, pair.host.node)


def test_at_most_five_programs_are_asked_at_once(pair: Pair) -> None:
    mentee = pair.home.mentee()
    for program in "cdefg":
        pair.home.open(CLERK, mentee.id, NodeId(program * 16))

    with pytest.raises(TooManyRequestsError):
        pair.home.open(CLERK, mentee.id, pair.host.node)


def test_an_offer_needs_both_yeses_of_the_mentor(pair: Pair) -> None:
    mentor, thread = pair.host.mentor(), asked(pair)
    with pytest.raises(ConsentMissingError):
        pair.host.offer(CLERK, thread, mentor.id)
    pair.host.agrees(mentor.id, Purpose.OFFER, thread)
    with pytest.raises(ConsentMissingError):
        pair.host.offer(CLERK, thread, mentor.id)
    pair.host.agrees(mentor.id, Purpose.CONTACT, thread)

    assert pair.host.offer(CLERK, thread, mentor.id).stage is Stage.OFFERED


def test_a_standing_yes_replaces_the_question_but_not_the_contact(pair: Pair) -> None:
    mentor, thread = pair.host.mentor(visibility=Visibility.MAY_OFFER), asked(pair)
    pair.host.agrees(mentor.id, Purpose.STANDING)
    with pytest.raises(ConsentMissingError):
        pair.host.offer(CLERK, thread, mentor.id)
    pair.host.agrees(mentor.id, Purpose.CONTACT, thread)

    assert pair.host.offer(CLERK, thread, mentor.id).stage is Stage.OFFERED


def test_a_mentor_of_only_here_is_never_offered(pair: Pair) -> None:
    mentor, thread = pair.host.mentor(visibility=Visibility.ONLY_HERE), asked(pair)
    pair.host.says_yes(thread, mentor.id)

    assert pair.host.request(thread).suggested == ()
    with pytest.raises(NotSuitableError):
        pair.host.offer(CLERK, thread, mentor.id)


def test_own_mentors_are_suggested_by_nearness(pair: Pair) -> None:
    near, same, far = (pair.host.mentor(occupation=code) for code in ("21301", "21300", "31102"))
    thread = asked(pair)

    assert pair.host.request(thread).suggested == (same.id, near.id)
    assert far.id not in pair.host.request(thread).suggested


def test_a_mentor_who_cannot_be_reached_by_mail_is_not_introduced(pair: Pair) -> None:
    mentee = pair.home.mentee(email="")
    thread = offered(pair, pair.host.mentor(), mentee)
    pair.home.says_yes(thread)

    with pytest.raises(EmailNeededError):
        pair.home.accept(CLERK, thread)


def test_only_the_host_offers_and_only_home_accepts(pair: Pair) -> None:
    thread = offered(pair, pair.host.mentor())

    with pytest.raises(WrongEndError):
        pair.host.accept(CLERK, thread)
    with pytest.raises(WrongEndError):
        pair.home.end(CLERK, thread, Move.RECALL)


def test_a_question_needs_the_mentors_yes_and_is_answered_from_a_list(pair: Pair) -> None:
    mentor, thread = pair.host.mentor(), asked(pair)
    with pytest.raises(ConsentMissingError):
        pair.host.ask(CLERK, thread, mentor.id, Question.START)
    pair.host.agrees(mentor.id, Purpose.OFFER, thread)
    pair.host.ask(CLERK, thread, mentor.id, Question.START)
    settle(pair.home, pair.host)

    pair.home.answer(CLERK, thread, Question.START, Answer.NOW)
    settle(pair.home, pair.host)

    assert pair.host.request(thread).stage is Stage.ASKED


def test_goals_meetings_and_an_outcome_add_up_in_both_reports(pair: Pair) -> None:
    thread = introduced(pair)
    with pair.home.work() as home, pair.host.work() as host:
        ours, theirs = home.mentorships.on(thread), host.mentorships.on(thread)
    assert ours is not None
    assert theirs is not None
    goals = (Goal(words="Pass the ethics exam", due_on=date(2027, 5, 1)),)
    pair.home.agree(CLERK, ours.id, Agreement(words="Every second Monday", review_on=date(2027, 4, 1), goals=goals))
    pair.home.settle(CLERK, ours.id, 1, GoalState.REACHED)
    pair.host.meet(CLERK, theirs.id, 50)
    settle(pair.home, pair.host)

    view = pair.home.close(CLERK, ours.id, Outcome.FOUND_WORK)
    settle(pair.home, pair.host)

    at_home, at_host = pair.home.report(CLERK), pair.host.report(CLERK)
    assert view.goals == (replace(goals[0], state=GoalState.REACHED),)
    assert at_home.closed == at_host.closed == {Outcome.FOUND_WORK: 1}
    assert (at_home.introductions_home, at_host.introductions_host) == (1, 1)
    assert at_home.meetings == at_host.meetings == 1
    assert (at_home.people_served, at_host.people_served) == (1, 0)
    assert (at_home.mentor_minutes, at_host.mentor_minutes) == (0, 50)
    assert at_host.seats.used == 0
    assert {pair.home.request(thread).stage, pair.host.request(thread).stage} == {Stage.CLOSED}


def test_the_host_may_close_too(pair: Pair) -> None:
    thread = introduced(pair)
    with pair.host.work() as host:
        theirs = host.mentorships.on(thread)
    assert theirs is not None

    pair.host.close(CLERK, theirs.id, Outcome.NO_CONTACT)
    settle(pair.home, pair.host)

    assert pair.home.report(CLERK).closed == {Outcome.NO_CONTACT: 1}
    assert pair.host.report(CLERK).seats.used == 0


def test_the_search_finds_listings_of_the_same_occupation_first(pair: Pair) -> None:
    for code in ("21301", "21300", "31102"):
        mentor = pair.host.mentor(occupation=code, visibility=Visibility.LISTED)
        pair.host.agrees(mentor.id, Purpose.LISTING)
    pair.host.mentor(visibility=Visibility.LISTED)  # chose it, but nobody wrote down a yes
    pair.host.agree_to_publish(CLERK)
    released = pair.host.publish(CLERK)

    found = pair.home.search(CLERK, pair.home.mentee().id)

    assert [lead.listing.occupation for lead in found.leads] == ["21300", "21301"]
    assert (released.listed, len(pair.host.preview(CLERK).listings)) == (3, 3)
    assert [release.id for release in pair.host.ledger(CLERK).releases] == [released.id]


def test_a_summary_is_published_again_after_a_week_and_not_before(pair: Pair) -> None:
    assert pair.host.publish.when_due(CLERK) is None
    pair.host.agree_to_publish(CLERK)
    pair.host.publish(CLERK)
    pair.clock.advance(timedelta(days=6))
    assert pair.host.publish.when_due(CLERK) is None
    pair.clock.advance(timedelta(days=1))

    assert pair.host.publish.when_due(CLERK) is not None


def test_somebody_without_a_language_is_not_asked_for(pair: Pair) -> None:
    mentee = pair.home.mentee()
    with pair.home.work() as work:
        silent = work.people.get(mentee.id)
        work.people.replace(replace(silent, profile=replace(silent.profile, languages=())))

    with pytest.raises(LanguageNeededError):
        pair.home.open(CLERK, mentee.id, pair.host.node)


def test_at_the_host_it_is_a_mentor_who_agrees(pair: Pair) -> None:
    with pytest.raises(MentorNeededError):
        pair.host.says_yes(asked(pair))
