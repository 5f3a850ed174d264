"""What stands on the first page, and what does not."""

import re
import shlex
from dataclasses import replace
from datetime import date, timedelta

import pytest
import typer
from starlette.routing import Match
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from node.domain.actor import SYSTEM
from node.domain.letter import IN_VAIN, LetterState
from node.domain.mentorship import QUIET, SILENT, Agreement, Goal
from node.domain.person import Person
from node.domain.request import Stage
from node.main import app as commands
from node.services.checks import Finding, Severity
from node.services.ports.border import Waiting
from node.services.today import Concern, Matter, TodayView
from node.web.leads import lead
from node.words import LANGUAGES, Words, catalogue
from protocol.ids import ThreadId
from protocol.vocabulary import Outcome, Question
from tests.support.crossing import CLERK, settle
from tests.support.node import a_mentor, new_id
from tests.support.web import HOST, WebNode, browser

WEEK = timedelta(days=7)


def look(web_node: WebNode) -> TodayView:
    return web_node.services.today(CLERK)


def concerns(web_node: WebNode) -> list[Concern]:
    return [matter.concern for matter in look(web_node).matters]


def the_one(web_node: WebNode) -> Matter:
    (matter,) = look(web_node).matters
    return matter


def asks(web_node: WebNode, mentee: Person) -> ThreadId:
    thread = web_node.program.open(CLERK, mentee.id, web_node.other.node).id
    settle(web_node.program, web_node.other)
    return thread


def is_asked(web_node: WebNode, occupation: str = "21300") -> ThreadId:
    mentee = web_node.other.mentee(occupation=occupation)
    thread = web_node.other.open(CLERK, mentee.id, web_node.program.node).id
    settle(web_node.program, web_node.other)
    return thread


def is_offered(web_node: WebNode, thread: ThreadId) -> None:
    mentor = web_node.other.mentor()
    web_node.other.says_yes(thread, mentor.id)
    web_node.other.offer(CLERK, thread, mentor.id)
    settle(web_node.program, web_node.other)


def test_on_a_quiet_day_nothing_stands_there(web_node: WebNode) -> None:
    web_node.program.mentee()
    web_node.program.mentor()

    assert look(web_node) == TodayView(at=web_node.clock.now(), findings=(), matters=(), more_unanswered=0)


@pytest.mark.anyio
async def test_on_the_first_day_the_page_says_what_to_do_first(web_node: WebNode) -> None:
    async with browser(web_node.app()) as robin:
        await robin.sign_in()
        first = (await robin.see("/")).text
        for path in set(re.findall(r'href="(/[^"?]+)', first.partition('<ol class="first">')[2].partition("</ol>")[0])):
            assert (await robin.see(path)).status_code == 200
        web_node.program.mentee()
        second = (await robin.see("/")).text

    assert "What to do first" in first
    assert "Nothing waits for you" not in first
    assert "What to do first" not in second
    assert "Nothing waits for you" in second
    assert '<a href="/matching">See who waits for a mentor</a>' in second


def test_a_request_names_the_mentors_who_could_be_asked(web_node: WebNode) -> None:
    mentor = web_node.program.mentor()
    thread = is_asked(web_node)

    matter = the_one(web_node)

    assert (matter.concern, matter.subject, matter.title_en) == (Concern.MENTOR_TO_ASK, thread, "Civil engineers")
    assert [person.name for person in matter.people] == [mentor.contact.name]
    assert matter.until == web_node.clock.now() + timedelta(days=14)


def test_a_request_that_no_mentor_fits_is_shown_all_the_same(web_node: WebNode) -> None:
    web_node.program.mentor(occupation="31102")
    is_asked(web_node)

    assert the_one(web_node).concern is Concern.REQUEST_WAITS


def test_a_question_wants_an_answer(web_node: WebNode) -> None:
    thread = asks(web_node, web_node.program.mentee())
    mentor = web_node.other.mentor()
    web_node.other.says_yes(thread, mentor.id)
    web_node.other.ask(CLERK, thread, mentor.id, Question.START)
    settle(web_node.program, web_node.other)

    assert the_one(web_node).concern is Concern.QUESTION_TO_ANSWER


def test_an_offer_wants_the_mentees_yes_and_then_ours(web_node: WebNode) -> None:
    mentee = web_node.program.mentee()
    thread = asks(web_node, mentee)
    assert look(web_node).matters == ()
    is_offered(web_node, thread)

    asked = the_one(web_node)
    web_node.program.says_yes(thread)
    agreed = the_one(web_node)
    web_node.program.accept(CLERK, thread)
    settle(web_node.program, web_node.other)

    assert asked.concern is Concern.CONSENT_TO_COLLECT
    assert asked.until == web_node.program.request(thread).offer.hold_until  # type: ignore[union-attr] # it was offered
    assert [person.id for person in asked.people] == [mentee.id]
    assert agreed.concern is Concern.OFFER_TO_ACCEPT
    assert web_node.program.request(thread).stage is Stage.INTRODUCED
    assert look(web_node).matters == ()


def test_an_erased_mentee_leaves_no_name_behind(web_node: WebNode) -> None:
    thread = asks(web_node, web_node.program.mentee())
    is_offered(web_node, thread)
    with web_node.program.work() as work:
        work.requests.replace(replace(work.requests.get(thread), person=None))

    assert the_one(web_node).people == ()


def test_our_offer_is_shown_when_its_end_is_near(web_node: WebNode) -> None:
    thread = is_asked(web_node)
    mentor = web_node.program.mentor()
    web_node.program.says_yes(thread, mentor.id)
    web_node.program.offer(CLERK, thread, mentor.id)
    settle(web_node.program, web_node.other)

    assert look(web_node).matters == ()
    web_node.clock.advance(timedelta(days=11))
    assert concerns(web_node) == [Concern.OFFER_LAPSES]


def test_a_program_that_does_not_answer_for_a_week_is_to_be_phoned(web_node: WebNode) -> None:
    asks(web_node, web_node.program.mentee())
    web_node.clock.advance(WEEK - timedelta(seconds=1))
    assert look(web_node).matters == ()
    web_node.clock.advance(timedelta(seconds=1))

    assert concerns(web_node) == [Concern.PROGRAM_SILENT]


def test_a_mentee_waits_a_week_at_most_without_a_word(web_node: WebNode) -> None:
    mentee = web_node.program.mentee()
    web_node.clock.advance(WEEK)

    matter = the_one(web_node)

    assert matter.concern is Concern.PERSON_UNANSWERED
    assert matter.since.date() == date(2027, 1, 4)
    assert [person.name for person in matter.people] == [mentee.contact.name]


def test_an_agreement_is_looked_at_again_two_weeks_ahead(web_node: WebNode) -> None:
    mentee, mentor = web_node.program.mentee(), web_node.program.add(a_mentor())
    pair = web_node.program.approve(CLERK, mentee.id, mentor.id)
    review = (web_node.clock.now() + timedelta(days=15)).date()
    goal = Goal(words="Pass the exam", due_on=review)
    web_node.program.agree(CLERK, pair.id, Agreement(words="Twice a month", review_on=review, goals=(goal,)))

    assert Concern.AGREEMENT_ENDS not in concerns(web_node)
    web_node.clock.advance(timedelta(days=1))
    assert concerns(web_node) == [Concern.AGREEMENT_ENDS]


def test_a_pair_nobody_heard_of_for_a_month_is_asked_about_until_a_sign_of_life(web_node: WebNode) -> None:
    mentee, mentor = web_node.program.mentee(), web_node.program.add(a_mentor())
    pair = web_node.program.approve(CLERK, mentee.id, mentor.id)

    web_node.clock.advance(QUIET - timedelta(days=1))
    assert Concern.PAIR_QUIET not in concerns(web_node)
    web_node.clock.advance(timedelta(days=1))
    assert Concern.PAIR_QUIET in concerns(web_node)
    web_node.services.mentorships.meet(CLERK, pair.id, 45)
    assert Concern.PAIR_QUIET not in concerns(web_node)


def test_a_pair_that_gave_no_sign_for_a_year_has_ended_and_its_seat_is_free(web_node: WebNode) -> None:
    mentee, mentor = web_node.program.mentee(), web_node.program.add(a_mentor())
    web_node.program.approve(CLERK, mentee.id, mentor.id)
    web_node.clock.advance(SILENT - timedelta(days=1))
    assert web_node.services.mentorships.close.when_silent(SYSTEM) == ()

    web_node.clock.advance(timedelta(days=1))

    (ended,) = web_node.services.mentorships.close.when_silent(SYSTEM)
    assert ended.outcome is Outcome.NO_CONTACT
    with web_node.program.work() as work:
        assert work.seats.of(mentor.id, web_node.clock.now()).free == 1


@pytest.mark.parametrize(
    ("state", "concern"),
    [
        (LetterState.DRAFTED, Concern.LETTER_TO_SEND),
        (LetterState.REFUSED, Concern.LETTER_REFUSED),
        (LetterState.UNCLEAR, Concern.LETTER_UNCLEAR),
    ],
)
def test_a_letter_that_does_not_leave_by_itself_is_shown(
    web_node: WebNode, state: LetterState, concern: Concern
) -> None:
    web_node.program.approve(CLERK, web_node.program.mentee().id, web_node.program.add(a_mentor()).id)
    with web_node.program.work() as work:
        first, _ = work.letters.all()
        work.letters.replace(first.end(state, web_node.clock.now()))

    matter = the_one(web_node)

    assert (matter.concern, matter.subject) == (concern, first.id)


def test_a_letter_the_mail_server_does_not_take_is_shown_after_an_hour_or_so(web_node: WebNode) -> None:
    web_node.program.approve(CLERK, web_node.program.mentee().id, web_node.program.add(a_mentor()).id)
    for attempts, shown in ((IN_VAIN - 1, []), (IN_VAIN, [Concern.LETTER_WAITS])):
        with web_node.program.work() as work:
            first = work.letters.all()[0]
            work.letters.replace(replace(first, attempts=attempts))
        assert concerns(web_node) == shown


def test_a_message_that_was_refused_is_shown_and_one_on_its_way_is_not(web_node: WebNode) -> None:
    for number, needs_a_person in enumerate((False, True)):
        web_node.program.carrier.waiting.append(
            Waiting(
                id=str(number),
                program=HOST,
                move="request.open",
                state="waiting",
                needs_a_person=needs_a_person,
                written_at=web_node.clock.now(),
                attempts=1,
                due_at=None,
                reason="",
            )
        )

    assert (the_one(web_node).concern, the_one(web_node).subject) == (Concern.MESSAGE_STUCK, "1")


def test_the_oldest_comes_first(web_node: WebNode) -> None:
    web_node.program.mentee()
    web_node.clock.advance(WEEK)
    is_asked(web_node)
    web_node.clock.advance(timedelta(hours=1))
    web_node.program.approve(CLERK, web_node.program.mentee().id, web_node.program.add(a_mentor()).id)
    with web_node.program.work() as work:
        work.letters.replace(work.letters.all()[0].end(LetterState.DRAFTED, web_node.clock.now()))

    matters = look(web_node).matters

    assert [matter.since for matter in matters] == sorted(matter.since for matter in matters)
    assert len({matter.concern for matter in matters}) == 3


def test_only_trouble_is_shown_of_the_node_itself(web_node: WebNode) -> None:
    fine, old = Finding("backup-recent", Severity.FINE, {"days": 1}), Finding("backup-none", Severity.PROBLEM)

    assert look(web_node.with_checks(lambda: fine, lambda: old)).findings == (old,)


@pytest.mark.parametrize("concern", Concern)
def test_every_concern_leads_to_a_page_with_words_for_it(web_node: WebNode, concern: Concern) -> None:
    matter = Matter(concern=concern, subject=f"{'a' * 64} {new_id()}", since=web_node.clock.now())
    path = lead(matter).partition("#")[0]

    assert {f"today.{concern}.go"} <= set(catalogue())
    routes = web_node.app().router.routes
    assert any(route.matches({"type": "http", "method": "GET", "path": path})[0] is Match.FULL for route in routes)


@pytest.mark.parametrize("concern", Concern)
def test_every_concern_says_what_it_is_and_what_to_do_with_a_command_that_is_there(concern: Concern) -> None:
    for language in LANGUAGES:
        say = Words(language)
        said = [
            say(f"today.{concern}{end}", people="Amara", program="ERIEC", occupation="Nurses") for end in ("", ".do")
        ]
        assert all(said)
    command: object = get_command(commands)
    options = 0
    for word in shlex.split(Words("en")(f"today.{concern}.command", id="ID")):
        if isinstance(command, TyperGroup):
            _, command, _ = command.resolve_command(typer.Context(command), [word])
        options += word.startswith("--")
    assert isinstance(command, TyperCommand)
    assert catalogue()[f"today.{concern}.command"][0] == catalogue()[f"today.{concern}.command"][1]
    assert options <= 1


@pytest.mark.anyio
@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_page_words_every_matter_and_leads_to_where_it_is_seen_to(web_node: WebNode, language: str) -> None:
    mentee = web_node.program.mentee()
    web_node.clock.advance(WEEK)
    trouble = Finding("backup-old", Severity.WARNING, {"days": 9})
    async with browser(web_node.with_checks(lambda: trouble).app(), language=language) as robin:
        await robin.sign_in()
        text = (await robin.see("/")).text

    items = re.findall(r'<li class="matter.*?</li>', text, re.DOTALL)
    assert len(items) == 2
    assert Words(language)("check.backup-old", days=9) in items[0]
    assert mentee.contact.name in items[1]
    assert f'href="/matching/{mentee.id}"' in items[1]
    assert 'href="/others/node#backup"' in items[0]
    assert "mentorweave " not in items[0] + items[1]
