"""Bringing in a spreadsheet: choose it, correct what its columns mean, see what would happen, bring it in."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, File, UploadFile
from starlette.responses import Response

from node.domain.actor import Action
from node.domain.errors import MacrosError, SheetTooLargeError, TooManyRowsError, UnreadableFileError
from node.domain.person import Kind
from node.domain.upload import MOST_UPLOAD_BYTES, UploadId, UploadTooLargeError
from node.services.intake.columns import Column
from node.services.intake.people import Choices, ImportReport
from node.services.intake.problems import Problem, ProblemCode
from node.web.desk import AtDesk, Desk, OwnDesk
from node.web.downloads import attachment
from node.web.forms import FieldError, Typed, TypedHere
from node.web.routes.people.titles import meanings, unknown_titles
from node.words import Words

router = APIRouter(prefix="/people/import")
_SHOWN = 50
_HERE = frozenset({ProblemCode.HERE_ALREADY, ProblemCode.KIND_UNCLEAR, ProblemCode.COMMUNITY})
"""Problems that are mended on these pages otherwise than with a command."""


@router.get("", name="people_import")
def ask(desk: AtDesk) -> Response:
    """Which file."""
    desk.actor.may(Action.EDIT_PEOPLE)
    return _ask(desk)


@router.post("")
def take(desk: OwnDesk, file: Annotated[UploadFile | None, File()] = None) -> Response:
    """Keep the file, sealed, for the next steps."""
    content = file.file.read(MOST_UPLOAD_BYTES + 1) if file is not None else b""
    if file is None or not file.filename:
        return _ask(desk, (FieldError("file", desk.say("folk.import.file.blank")),))
    try:
        upload = desk.services.people.uploads.keep(desk.actor, content)
    except (UnreadableFileError, SheetTooLargeError, MacrosError, TooManyRowsError, UploadTooLargeError) as refusal:
        return _ask(desk, desk.refused("file", refusal))
    return desk.go("people_sketch", upload=upload)


@router.get("/{upload}", name="people_sketch")
def sketch(desk: AtDesk, upload: UploadId) -> Response:
    """What each column means, as guessed from its header."""
    view = desk.services.people.uploads.sketch(desk.actor, upload)
    guesses = ((f"column-{one.position}", one.guess.value) for one in view.columns if one.guess)
    return _sketch(desk, upload, Typed((*guesses, ("partly", "yes"))))


@router.post("/{upload}")
def preview(desk: OwnDesk, upload: UploadId, typed: TypedHere) -> Response:
    """What would happen, and every row that has to be mended."""
    choices = _choices(typed)
    if typed("back") or not choices.columns:
        errors = () if typed("back") else (FieldError("columns", desk.say("folk.import.columns.blank")),)
        return _sketch(desk, upload, typed, errors)
    return _report(
        desk, upload, typed, desk.services.people.uploads.bring_in(desk.actor, upload, choices, dry_run=True)
    )


@router.post("/{upload}/problems")
def problems(desk: OwnDesk, upload: UploadId, typed: TypedHere) -> Response:
    """Everything that has to be mended, as a spreadsheet."""
    report = desk.services.people.uploads.bring_in(desk.actor, upload, _choices(typed), dry_run=True)
    header = [desk.say(f"folk.import.problem.{name}") for name in ("row", "column", "what", "fix")]
    body = desk.services.people.uploads.write_problems(desk.actor, header, _lines(desk.say, report.problems))
    return attachment(body, "to-mend.csv", "text/csv; charset=utf-8")


@router.post("/{upload}/bring")
def bring(desk: OwnDesk, upload: UploadId, typed: TypedHere) -> Response:
    """Bring them in."""
    report = desk.services.people.uploads.bring_in(desk.actor, upload, _choices(typed), dry_run=False)
    if not report.imported and not report.changed:
        return _report(desk, upload, typed, report)
    return desk.page("people/brought.html", report=report)


def _ask(desk: Desk, errors: tuple[FieldError, ...] = ()) -> Response:
    return desk.page("people/import.html", most=MOST_UPLOAD_BYTES // 1024 // 1024, errors=errors)


def _sketch(desk: Desk, upload: UploadId, typed: Typed, errors: tuple[FieldError, ...] = ()) -> Response:
    return desk.page(
        "people/columns.html",
        view=desk.services.people.uploads.sketch(desk.actor, upload),
        typed=typed,
        columns=[(column.value, desk.say(f"column.{column}")) for column in Column],
        errors=errors,
    )


def _report(desk: Desk, upload: UploadId, typed: Typed, report: ImportReport) -> Response:
    unknown = unknown_titles(report.problems, desk.title)
    rest = [one for one in report.problems if not any(title.holds(one.typed) for title in unknown)]
    fields = [pair for pair in typed.fields if not pair[0].startswith(("title-", "means-", "words-", "token", "once"))]
    known = [(title, meant) for title, meant in meanings(typed) if not any(one.holds(title) for one in unknown)]
    for number, (title, meant) in enumerate(known, len(unknown)):
        fields += [(f"title-{number}", title), (f"means-{number}", meant)]
    lines = list(_lines(desk.say, rest[:_SHOWN]))
    return desk.page(
        "people/preview.html",
        upload=upload,
        report=report,
        lines=lines,
        more=len(rest) - len(lines),
        unknown=unknown,
        fields=fields,
        possible=bool((report.mentees + report.mentors + report.changed) and (typed("partly") or not report.problems)),
    )


def _choices(typed: Typed) -> Choices:
    chosen = ((name.removeprefix("column-"), text) for name, text in typed.fields if name.startswith("column-"))
    columns = ((int(place), Column(text)) for place, text in chosen if place.isdecimal() and text in list(Column))
    return Choices(
        kind=typed.one_of("kind", Kind) if typed("kind") else None,
        columns=tuple(columns),
        partly=bool(typed("partly")),
        update=bool(typed("update")),
        titles=meanings(typed),
    )


def _lines(say: Words, found: Sequence[Problem]) -> Iterator[tuple[str, str, str, str]]:
    """Each problem: row, column, what it is, what to do."""
    for problem in found:
        column = say(f"column.{problem.column}") if problem.column else "-"
        what = say(f"import.{problem.code}", row=problem.other_row)
        code = f"folk.import.next.{problem.code}" if problem.code in _HERE else f"import.{problem.code}.next"
        fix = say(code, known=", ".join(problem.known), row=problem.other_row)
        yield str(problem.row), column, what, fix
