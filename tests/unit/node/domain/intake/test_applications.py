"""Answers of somebody who wants to take part: what she is asked, when they can be sent, and what becomes of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.domain.intake.application import (
    LONGEST_REASON,
    MOST_ATTEMPTS,
    MOST_MAILS,
    QUICKEST,
    Answer,
    AnswersMissingError,
    Application,
    ApplicationId,
    Mail,
    ReasonNeededError,
    Stage,
    TooQuickError,
    UnknownApplicationError,
)
from node.domain.intake.question import CONSENTS, NEEDED, Ask, usual_form
from node.domain.letter import Errand
from node.domain.person import Kind
from node.domain.program import Tongue
from node.domain.signin import digest
from tests.support.clock import NOON

LATER = NOON + QUICKEST
FORM = {kind: usual_form(kind) for kind in Kind}


def an_application(kind: Kind = Kind.MENTEE, **answers: tuple[tuple[str, str], ...]) -> Application:
    return Application(
        id=ApplicationId("a"),
        kind=kind,
        language=Tongue.FRENCH,
        link=digest("token"),
        begun_at=NOON,
        until=NOON + timedelta(days=30),
        answers=tuple(Answer(Ask(ask), fields) for ask, fields in answers.items()),
    )


def whole(kind: Kind = Kind.MENTEE) -> Application:
    application = an_application(kind)
    for question in FORM[kind].asked:
        application = application.with_answer(Answer(question.ask, (("said", "no"),)))
    return application


def asked(application: Application, towns: int = 2) -> set[Ask]:
    return {question.ask for question in application.questions(FORM[application.kind], towns)}


@pytest.mark.parametrize(("level", "more"), [("0", set()), ("2", {Ask.STANDING}), ("3", {Ask.STANDING, Ask.LISTING})])
def test_a_mentor_is_asked_only_what_follows_from_her_choice(level: str, more: set[Ask]) -> None:
    mentor = an_application(Kind.MENTOR, visibility=(("visibility", level),))

    assert asked(mentor) & {Ask.STANDING, Ask.LISTING} == more


def test_where_there_is_one_community_nobody_is_asked_for_it() -> None:
    assert Ask.COMMUNITY not in asked(an_application(), towns=1)
    assert Ask.COMMUNITY in asked(an_application())


def test_an_answer_takes_the_place_of_the_one_before() -> None:
    application = an_application(name=(("name", "Olena"),)).with_answer(Answer(Ask.NAME, (("name", "Olha"),)))

    assert [answer("name") for answer in application.answers] == ["Olha"]
    assert (application.answer(Ask.NAME)("other"), application.answer(Ask.MODE)("mode")) == ("", "")
    assert application.has(Ask.NAME)
    assert not application.has(Ask.MODE)


def test_it_is_sent_once_whole_and_not_in_a_rush() -> None:
    with pytest.raises(AnswersMissingError):
        an_application().send(FORM[Kind.MENTEE], 2, LATER)
    with pytest.raises(TooQuickError):
        whole().send(FORM[Kind.MENTEE], 2, NOON)

    sent = whole().send(FORM[Kind.MENTEE], 2, LATER)

    assert (sent.stage, sent.sent_at) == (Stage.SENT, LATER)
    assert sent.send(FORM[Kind.MENTEE], 2, LATER + QUICKEST) is sent


def test_who_answers_few_questions_or_lives_through_a_change_of_the_clock_is_no_machine() -> None:
    needed = [answer for answer in whole().answers if answer.ask in NEEDED | {Ask.COMMUNITY}]
    short, few = replace(whole(), answers=tuple(needed)), timedelta(seconds=len(needed))

    assert few < QUICKEST
    for application, took in ((short, few), (whole(), timedelta(hours=-1))):
        assert application.send(FORM[Kind.MENTEE], 2, NOON + took).stage is Stage.SENT
    with pytest.raises(TooQuickError):
        short.send(FORM[Kind.MENTEE], 2, NOON + few - timedelta(milliseconds=1))


def test_its_link_works_until_it_runs_out_or_is_decided() -> None:
    application = whole()
    sent = application.send(FORM[Kind.MENTEE], 2, LATER)
    late = NOON + timedelta(days=31)

    assert application.is_open(LATER)
    assert not application.is_open(late)
    assert sent.is_open(late)
    assert not sent.turn_down("lives too far", late, write=False).is_open(late)


def test_somebody_is_turned_down_once_for_a_reason() -> None:
    sent = whole().send(FORM[Kind.MENTEE], 2, LATER)
    for reason in (" ", "x" * (LONGEST_REASON + 1)):
        with pytest.raises(ReasonNeededError):
            sent.turn_down(reason, LATER, write=False)

    refused = sent.turn_down(" lives too far ", LATER, write=True)

    assert (refused.stage, refused.reason, refused.decided_at) == (Stage.TURNED_DOWN, "lives too far", LATER)
    assert refused.mail == Mail(errand=Errand.TURNED_DOWN, due_at=LATER)
    with pytest.raises(UnknownApplicationError):
        refused.turn_down("again", LATER, write=False)


def test_a_link_is_sent_a_few_times_and_tried_a_few_times() -> None:
    application = an_application()
    for _ in range(MOST_MAILS + 1):
        application = application.mailed("token", NOON)
    assert application.mails == MOST_MAILS
    assert application.mail == Mail(errand=Errand.RESUME, due_at=NOON, token="token")

    for _ in range(MOST_ATTEMPTS):
        application = application.try_again(LATER)
        assert application.mail is not None
    assert application.try_again(LATER).mail is None


def test_only_a_yes_is_a_yes_and_it_keeps_its_words() -> None:
    application = an_application(
        outside=(("said", "yes"), ("wording", "I agree.")), contact=(("said", "no"), ("wording", "I agree."))
    )

    assert application.consents == ((Ask.OUTSIDE, "I agree."),)
    assert set(CONSENTS) >= {Ask.OUTSIDE, Ask.CONTACT}
