"""How requests and introductions end, on both databases: seats come back, and what must be forgotten is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.domain.consent import Given, GrantId, Purpose
from node.domain.letter import LetterState
from node.domain.mentorship import MentorshipState
from node.domain.person import Person, PersonState, Visibility
from node.domain.request import (
    Accepted,
    End,
    Move,
    NotListedError,
    NotSuitableError,
    Plain,
    Stage,
    UnknownRequestError,
)
from node.services.consent import AddConsent, NewConsent
from node.services.ports.border import Heard
from node.services.request.hearing import Hear
from protocol.ids import ThreadId
from tests.support.clock import NOON
from tests.support.crossing import CLERK, FakeProgram, Pair, asked, introduced, offered, settle


def seats(program: FakeProgram, mentor: Person) -> tuple[int, int, int]:
    with program.work() as work:
        found = work.seats.of(mentor.id, program.clock.now())
    return found.total, found.held, found.used


@pytest.mark.parametrize("move", [Move.REFUSE, Move.WITHDRAW])
def test_a_no_of_home_gives_the_seat_back(pair: Pair, move: Move) -> None:
    mentor = pair.host.mentor()
    thread = offered(pair, mentor)

    pair.home.end(CLERK, thread, move)
    settle(pair.home, pair.host)

    assert seats(pair.host, mentor) == (1, 0, 0)
    assert not pair.host.request(thread).stage.is_open


def test_a_recalled_offer_gives_the_seat_back(pair: Pair) -> None:
    mentor = pair.host.mentor()
    thread = offered(pair, mentor)

    pair.host.end(CLERK, thread, Move.RECALL)
    settle(pair.home, pair.host)

    assert seats(pair.host, mentor) == (1, 0, 0)
    assert pair.home.request(thread).stage is Stage.RECALLED


def test_an_acceptance_after_the_hold_is_answered_with_a_recall(pair: Pair) -> None:
    mentor = pair.host.mentor()
    thread = asked(pair)
    pair.host.says_yes(thread, mentor.id)
    pair.host.offer(CLERK, thread, mentor.id, NOON + timedelta(days=2))
    settle(pair.home, pair.host)
    pair.home.says_yes(thread)
    pair.clock.advance(timedelta(days=3))

    pair.home.accept(CLERK, thread)
    settle(pair.home, pair.host)

    assert pair.home.request(thread).stage is Stage.RECALLED
    assert seats(pair.host, mentor) == (1, 0, 0)


def test_a_mentor_who_takes_her_yes_back_is_never_revealed(pair: Pair) -> None:
    mentor = pair.host.mentor()
    thread = offered(pair, mentor)
    with pair.host.work() as work:
        contact = next(g for g in work.consents.of(mentor.id) if g.purpose is Purpose.CONTACT)
    pair.home.says_yes(thread)
    pair.host.withdraw_consent(CLERK, contact.id, Given.PHONE)
    settle(pair.home, pair.host)

    assert pair.home.request(thread).stage is Stage.CONSENT_WITHDRAWN
    assert seats(pair.host, mentor) == (1, 0, 0)


def test_only_a_request_a_listed_mentor_could_serve_is_declined(pair: Pair) -> None:
    thread = asked(pair)
    with pytest.raises(NotListedError):
        pair.host.end(CLERK, thread, Move.DECLINE)
    pair.host.mentor(visibility=Visibility.LISTED)

    assert pair.host.end(CLERK, thread, Move.DECLINE).stage is Stage.DECLINED


def test_what_nobody_moved_lapses_and_the_seat_is_free(pair: Pair) -> None:
    mentor = pair.host.mentor()
    thread = offered(pair, mentor)
    pair.clock.advance(timedelta(days=15))

    (lapsed,) = pair.home.lapse(CLERK)
    settle(pair.home, pair.host)

    assert (lapsed.request, lapsed.stage) == (thread, Stage.EXPIRED)
    assert pair.host.request(thread).stage is Stage.EXPIRED
    assert pair.home.lapse(CLERK) == ()


def test_an_introduction_that_is_taken_back_is_forgotten_at_both_ends(pair: Pair) -> None:
    thread = introduced(pair)
    mentee = pair.home.request(thread).person
    assert mentee is not None
    with pair.home.work() as work:
        contact = next(g for g in work.consents.of(mentee) if g.purpose is Purpose.CONTACT)

    pair.home.withdraw_consent(CLERK, contact.id, Given.EMAIL_REPLY)
    settle(pair.home, pair.host)

    for program in (pair.home, pair.host):
        with program.work() as work:
            (letter,), (mentorship,) = work.letters.all(), work.mentorships.all()
        assert letter.other is None
        assert letter.state is LetterState.DROPPED
        assert mentorship.state is MentorshipState.CLOSED


def test_an_erased_mentee_is_forgotten_by_the_other_program_too(pair: Pair) -> None:
    thread = introduced(pair)
    mentee = pair.home.request(thread).person
    assert mentee is not None

    pair.home.erase(CLERK, mentee)
    settle(pair.home, pair.host)

    assert pair.host.request(thread).stage is Stage.ERASED
    assert pair.home.request(thread).person is None
    with pair.host.work() as work:
        (letter,) = work.letters.all()
    assert letter.other is None
    assert pair.home.report(CLERK).people_served == 1


def test_a_yes_that_ended_before_the_reveal_reveals_nothing(pair: Pair) -> None:
    mentor = pair.host.mentor()
    thread = offered(pair, mentor)
    mentee = pair.home.request(thread).person
    assert mentee is not None
    for purpose in (Purpose.ACCEPT, Purpose.CONTACT):
        short = NewConsent(
            person=mentee,
            purpose=purpose,
            given=Given.PHONE,
            concerns=thread,
            expires_at=NOON + timedelta(hours=1),
        )
        AddConsent(pair.home.work, pair.clock, pair.home.ids)(CLERK, short)
    pair.home.accept(CLERK, thread)
    pair.clock.advance(timedelta(hours=2))
    settle(pair.home, pair.host)

    assert pair.host.request(thread).stage is Stage.CONSENT_WITHDRAWN
    assert seats(pair.host, mentor) == (1, 0, 0)
    with pair.home.work() as home, pair.host.work() as host:
        assert home.letters.all() == host.letters.all() == ()


def test_a_mentor_who_paused_is_not_introduced(pair: Pair) -> None:
    mentor = pair.host.mentor()
    thread = offered(pair, mentor)
    with pair.host.work() as work:
        work.people.replace(replace(work.people.get(mentor.id), state=PersonState.PAUSED))
    pair.home.says_yes(thread)
    pair.home.accept(CLERK, thread)
    settle(pair.home, pair.host)

    assert pair.home.request(thread).stage is Stage.RECALLED
    with pytest.raises(NotSuitableError):
        pair.host.approve(CLERK, pair.host.mentee().id, mentor.id)


def test_an_end_of_a_request_nobody_here_knows_changes_nothing(pair: Pair) -> None:
    ended = Heard(
        thread=ThreadId("01a00000-0000-7000-8000-0000000000ff"),
        peer=pair.home.node,
        end=End.HOST,
        said=Plain(Move.ERASE),
        stage=Stage.ERASED,
        overtaken=False,
        at=NOON,
        received_at=NOON,
    )
    hear = Hear(pair.host.ids)
    with pair.host.work() as work:
        hear(work, ended)
        assert work.requests.all() == ()
        with pytest.raises(UnknownRequestError):
            hear(work, replace(ended, said=Accepted(GrantId("x")), stage=Stage.ACCEPTED))


def test_what_is_heard_after_an_end_changes_nothing_any_more(pair: Pair) -> None:
    mentor = pair.host.mentor()
    thread = offered(pair, mentor)
    pair.host.end(CLERK, thread, Move.RECALL)
    late = Heard(
        thread=thread,
        peer=pair.home.node,
        end=End.HOST,
        said=Accepted(GrantId("x")),
        stage=Stage.RECALLED,
        overtaken=True,
        at=NOON,
        received_at=NOON,
    )
    with pair.host.work() as work:
        Hear(pair.host.ids)(work, late)

    assert pair.host.request(thread).stage is Stage.RECALLED
    assert seats(pair.host, mentor) == (1, 0, 0)


def test_a_yes_to_asking_outside_that_is_taken_back_ends_what_it_opened(pair: Pair) -> None:
    mentee = pair.home.mentee()
    thread = asked(pair, mentee)
    with pair.home.work() as work:
        outside = next(g for g in work.consents.of(mentee.id) if g.purpose is Purpose.OUTSIDE)

    pair.home.withdraw_consent(CLERK, outside.id, Given.PHONE)
    settle(pair.home, pair.host)

    assert pair.host.request(thread).stage is Stage.CONSENT_WITHDRAWN
