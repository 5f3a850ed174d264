"""What can be done about one request: each deed first says what leaves the building, and is done on a second page."""

from collections.abc import Callable
from datetime import UTC, datetime, time

from fastapi import APIRouter
from starlette.responses import Response

from federation.ground.refusal import Refusal
from node.domain.consent import Given
from node.domain.errors import NoFreeSeatError
from node.domain.person import PersonId
from node.domain.request import (
    ConsentMissingError,
    HoldPeriodError,
    NotListedError,
    NotSuitableError,
    WrongMoveError,
)
from node.services.agreeing import MentorNeededError, Yes
from node.services.request.answering import EmailNeededError
from node.services.request.story import ENDINGS, Deed, StoryView, SuitedView
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.forms import AskedHere, FieldError, Typed, TypedHere
from node.web.telling import WAYS, Telling, moment_of
from protocol.ids import ThreadId
from protocol.vocabulary import ANSWERS, Answer, Question

router = APIRouter(prefix="/others")
_REFUSALS: tuple[type[Refusal], ...] = (
    ConsentMissingError,
    EmailNeededError,
    HoldPeriodError,
    MentorNeededError,
    NoFreeSeatError,
    NotListedError,
    NotSuitableError,
    WrongMoveError,
)
_FIELDS: dict[type[Refusal], str] = {HoldPeriodError: "until"}


@router.get("/requests/{thread}/{deed}", name="request_deed")
def ask(desk: AtDesk, asked: AskedHere, thread: str, deed: Deed) -> Response:
    """What would leave the building, and what has to be known first."""
    return _page(desk, ThreadId(thread), deed, asked)


@router.post("/requests/{thread}/{deed}")
def act(desk: OwnDesk, typed: TypedHere, thread: str, deed: Deed) -> Response:
    """Do it."""
    errors = tuple(_mistakes(desk, deed, typed))
    if not errors:
        try:
            _ACTS.get(deed, _end)(desk, ThreadId(thread), deed, typed)
        except _REFUSALS as refusal:
            errors = desk.refused(_FIELDS.get(type(refusal), "deed"), refusal)
    if errors:
        return _page(desk, ThreadId(thread), deed, typed, errors)
    return desk.go("request_show", done=f"request.{deed}", thread=thread)


def _page(desk: Desk, thread: ThreadId, deed: Deed, typed: Typed, errors: tuple[FieldError, ...] = ()) -> Response:
    story = desk.services.requests.story(desk.actor, thread)
    mentor = _mentor(story, typed("mentor"))
    told = None
    if deed is Deed.OFFER and mentor is not None:
        told = desk.services.requests.preview(desk.actor, thread, mentor.mentor)
    return desk.page(
        "others/deed.html",
        story=story,
        deed=deed,
        typed=typed,
        mentor=mentor,
        told=told,
        ways=WAYS,
        questions=tuple(Question),
        answers=_answers(story.asked),
        tell=Telling(desk.say),
        errors=errors,
    )


def _mentor(story: StoryView, chosen: str) -> SuitedView | None:
    return next((one for one in story.mentors if one.mentor == chosen), None)


def _answers(asked: Question | None) -> tuple[tuple[Question, Answer], ...]:
    """What can be answered; everything where a restore lost which question it was."""
    questions = tuple(Question) if asked is None else (asked,)
    return tuple((question, answer) for question in questions for answer in Answer if answer in ANSWERS[question])


_NEEDED = {
    Deed.ANSWER: ("answer",),
    Deed.AGREE: ("given", "day"),
    Deed.ASK: ("question",),
}


def _mistakes(desk: Desk, deed: Deed, typed: Typed) -> "list[FieldError]":
    say, today = desk.say, desk.services.adapters.clock.now().date()
    found = [FieldError(name, say(f"across.{name}.blank")) for name in _NEEDED.get(deed, ()) if not typed(name)]
    found += [FieldError(name, say("across.day.unreadable")) for name in ("day", "until") if typed.no_day(name)]
    day = typed.day("day")
    if day is not None and day > today:
        found.append(FieldError("day", say("across.day.ahead")))
    return found


def _answer(desk: Desk, thread: ThreadId, _deed: Deed, typed: Typed) -> None:
    known = {f"{question}/{answer}": (question, answer) for question, answer in _answers(None)}
    question, answer = known[typed.one_of("answer", known)]
    desk.services.requests.answer(desk.actor, thread, question, answer)


def _agree(desk: Desk, thread: ThreadId, _deed: Deed, typed: Typed) -> None:
    day = typed.day("day")
    yes = Yes(
        thread=thread,
        given=typed.one_of("given", Given),
        mentor=PersonId(typed("mentor")) if typed("mentor") else None,
        in_principle_only=bool(typed("in_principle")),
        said_at=None if day is None else moment_of(day, desk.services.adapters.clock.now()),
    )
    desk.services.requests.agree(desk.actor, yes)


def _accept(desk: Desk, thread: ThreadId, _deed: Deed, _typed: Typed) -> None:
    desk.services.requests.accept(desk.actor, thread)


def _offer(desk: Desk, thread: ThreadId, _deed: Deed, typed: Typed) -> None:
    day = typed.day("until")
    until = None if day is None else datetime.combine(day, time(23, 59), UTC)
    desk.services.requests.offer(desk.actor, thread, PersonId(typed("mentor")), until)


def _ask(desk: Desk, thread: ThreadId, _deed: Deed, typed: Typed) -> None:
    desk.services.requests.ask(desk.actor, thread, PersonId(typed("mentor")), typed.one_of("question", Question))


def _end(desk: Desk, thread: ThreadId, deed: Deed, _typed: Typed) -> None:
    desk.services.requests.end(desk.actor, thread, ENDINGS[deed])


_ACTS: dict[Deed, Callable[[Desk, ThreadId, Deed, Typed], None]] = {
    Deed.ANSWER: _answer,
    Deed.AGREE: _agree,
    Deed.ACCEPT: _accept,
    Deed.OFFER: _offer,
    Deed.ASK: _ask,
}
