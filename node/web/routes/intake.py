"""What the program asks who wants to take part: order, questions left out, words."""

from fastapi import APIRouter
from starlette.responses import Response

from node.domain.intake.application import Answer
from node.domain.intake.question import (
    Ask,
    Change,
    Moved,
    QuestionTooLongError,
    QuestionUnwordedError,
    Shown,
    Texts,
    Worded,
    WordingFixedError,
)
from node.domain.person import Kind
from node.web.asking import Asked, Choices
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.forms import FieldError, Typed, TypedHere
from node.words import LANGUAGES, Words

router = APIRouter(prefix="/settings/intake")


@router.get("", name="intake")
def mentees(desk: AtDesk) -> Response:
    """What mentees are asked."""
    return _list(desk, Kind.MENTEE)


@router.get("/{kind}", name="intake_kind")
def questions(desk: AtDesk, kind: Kind) -> Response:
    """What one kind of people is asked."""
    return _list(desk, kind)


@router.post("/{kind}/{ask}/move")
def move(desk: OwnDesk, kind: Kind, ask: Ask, typed: TypedHere) -> Response:
    """One place up or down."""
    return _change(desk, kind, Moved(ask, up=typed("way") == "up"), typed)


@router.post("/{kind}/{ask}/show")
def show(desk: OwnDesk, kind: Kind, ask: Ask, typed: TypedHere) -> Response:
    """Ask it from now on, or no longer."""
    try:
        return _change(desk, kind, Shown(ask, shown=typed("shown") == "yes"), typed)
    except QuestionUnwordedError as refusal:
        return _words(desk, kind, ask, None, *desk.refused("title_en", refusal))


@router.get("/{kind}/{ask}")
def words(desk: AtDesk, kind: Kind, ask: Ask) -> Response:
    """The words of one question, and how its page looks."""
    return _words(desk, kind, ask, None)


@router.post("/{kind}/{ask}")
def word(desk: OwnDesk, kind: Kind, ask: Ask, typed: TypedHere) -> Response:
    """Other words."""
    title, more = (Texts(typed(f"{part}_en"), typed(f"{part}_fr")) for part in ("title", "more"))
    try:
        return _change(desk, kind, Worded(ask, title, more), typed)
    except (QuestionTooLongError, WordingFixedError, QuestionUnwordedError) as refusal:
        return _words(desk, kind, ask, typed, *desk.refused("title_en", refusal))


def _change(desk: Desk, kind: Kind, change: Change, typed: Typed) -> Response:
    desk.services.intake.change(desk.actor, kind, change, typed.number("version") or 0)
    return desk.go("intake_kind", done="intake", kind=kind)


def _list(desk: Desk, kind: Kind) -> Response:
    intake = desk.services.intake
    form = intake.form(desk.actor, kind)
    return desk.page(
        "intake/questions.html",
        path="/settings/intake",
        kind=kind,
        form=form,
        asked=[Asked(desk.say, kind, question) for question in form.questions],
        history=intake.history(desk.actor, kind),
    )


def _words(desk: Desk, kind: Kind, ask: Ask, typed: Typed | None, *errors: FieldError) -> Response:
    form = desk.services.intake.form(desk.actor, kind)
    question = form.question(ask)
    kept = {
        f"{part}_{language}": texts(language)
        for part, texts in (("title", question.title), ("more", question.more))
        for language in LANGUAGES
    }
    return desk.page(
        "intake/words.html",
        kind=kind,
        form=form,
        asked=Asked(desk.say, kind, question),
        usual={language: Asked(Words(language), kind, question).usual for language in LANGUAGES},
        kept={name: typed(name) if typed else text for name, text in kept.items()},
        choices=Choices(desk.say, desk.services.people.counted()),
        empty=Answer(ask, ()),
        towns=[(town, town) for town in desk.services.program(desk.actor).communities],
        zone=desk.services.intake.zone,
        errors=errors,
    )
