"""People who wrote to the program, for coordinators to read, take in or turn down; and the same questions on paper."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from node.domain.intake.application import ApplicationId, ReasonNeededError, Stage
from node.domain.intake.question import Ask
from node.domain.person import Kind
from node.services.applying.taking import ArrivalView
from node.services.intake.columns import Column
from node.services.ports.sheets import SheetFormat
from node.web.asking import Asked, Choices, Reading
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.downloads import attachment
from node.web.forms import FieldError, TypedHere
from node.words import LANGUAGES, Words

router = APIRouter(prefix="/people")
MOST_HITS = 8
_TYPES = {
    SheetFormat.CSV: "text/csv; charset=utf-8",
    SheetFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get("/arrivals", name="arrivals")
def arrivals(desk: AtDesk, after: ApplicationId | None = None, refused_after: ApplicationId | None = None) -> Response:
    """Who waits for an answer, and who was turned down of late."""
    pages = desk.services.intake.arrivals
    return desk.page(
        "arrivals/list.html",
        waiting=pages(desk.actor, Stage.SENT, after),
        refused=pages(desk.actor, Stage.TURNED_DOWN, refused_after),
        after=after,
        refused_after=refused_after,
        days=desk.services.intake.days(),
    )


@router.get("/arrivals/{application}", name="arrival")
def arrival(desk: AtDesk, application: ApplicationId) -> Response:
    """Everything one person answered."""
    return _arrival(desk, application)


@router.post("/arrivals/{application}/take-in")
def take_in(desk: OwnDesk, application: ApplicationId, typed: TypedHere) -> Response:
    """Make her a person of the program."""
    occupation = typed("code") or typed("occupation")
    taken = desk.services.intake.take_in(desk.actor, application, occupation)
    if taken.person is None:
        errors = tuple(
            FieldError(
                "occupation" if one.column == Column.OCCUPATION else "take-in", _problem(desk, one.code, one.column)
            )
            for one in taken.problems
        )
        return _arrival(desk, application, *errors)
    return desk.go("arrivals", done="taken_in")


@router.post("/arrivals/{application}/turn-down")
def turn_down(desk: OwnDesk, application: ApplicationId, typed: TypedHere) -> Response:
    """Say no."""
    try:
        desk.services.intake.turn_down(desk.actor, application, typed("reason"), write=bool(typed("write")))
    except ReasonNeededError as refusal:
        return _arrival(desk, application, *desk.refused("reason", refusal))
    return desk.go("arrivals", done="turned_down")


@router.post("/arrivals/{application}/erase")
def erase(desk: OwnDesk, application: ApplicationId) -> Response:
    """Destroy what she answered, because she asks for it."""
    desk.services.intake.erase(desk.actor, application)
    return desk.go("arrivals", done="application_erased")


@router.get("/intake-sheet/{kind}", name="intake_sheet")
def sheet(desk: AtDesk, kind: Kind) -> Response:
    """The same questions on paper, in both languages."""
    form = desk.services.intake.form(desk.actor, kind)
    tongues = tuple(Words(language) for language in LANGUAGES)
    questions = [tuple(Asked(say, kind, question) for say in tongues) for question in form.asked]
    towns = desk.services.program(desk.actor).communities
    counted = desk.services.people.counted()
    zone = desk.services.intake.zone
    return desk.page(
        "arrivals/sheet.html",
        kind=kind,
        questions=questions,
        tongues=tongues,
        choices=tuple(Choices(say, counted) for say in tongues),
        towns=towns,
        zone=zone,
    )


@router.get("/intake-template/{kind}")
def template(desk: AtDesk, kind: Kind, form: Annotated[SheetFormat, Query()] = SheetFormat.XLSX) -> Response:
    """A spreadsheet with the columns that can be brought in."""
    body = desk.services.intake.template(desk.actor, kind, form)
    return attachment(body, f"{kind}s.{form}", _TYPES[form])


def _arrival(desk: Desk, application: ApplicationId, *errors: FieldError) -> Response:
    view = desk.services.intake.arrival(desk.actor, application)
    reading = Reading(desk.say, desk.title)
    lines = [
        (Asked(desk.say, view.application.kind, question), reading(view.application.answer(question.ask)))
        for question in view.form.questions
        if view.application.has(question.ask)
    ]
    return desk.page(
        "arrivals/show.html",
        view=view,
        one=view.application,
        name=view.application.answer(Ask.NAME)("name"),
        lines=lines,
        described=_described(view),
        hits=_hits(desk, view),
        mails=desk.services.intake.mails and bool(view.application.answer(Ask.REACH)("email")),
        errors=errors,
    )


def _described(view: ArrivalView) -> str:
    """Her work in her own words, where she found no line that fits."""
    found = view.application.answer(Ask.OCCUPATION)
    return "" if found("occupation") else found("words")


def _hits(desk: Desk, view: ArrivalView) -> list[tuple[str, str]]:
    words = _described(view)
    found = desk.services.occupations(words, MOST_HITS) if words else ()
    return [(hit.code, f"{desk.title(hit.code)} ({hit.code})") for hit in found]


def _problem(desk: Desk, code: str, column: str) -> str:
    return f"{desk.say(f'column.{column}')}: {desk.say(f'import.{code}')} {desk.say(f'import.{code}.next')}"
