"""`mentorweave people`: bringing people in, reading, taking out, erasing."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from federation.ground.cli import REFUSED
from federation.ground.files import write_atomically
from node.cli import access, community, consent, disclosures, forgetting, visibility
from node.cli.session import Session, session
from node.domain.person import Kind, PersonId, PersonState
from node.services.intake.columns import Cell, Column, known_column
from node.services.intake.people import Choices, ImportReport
from node.services.intake.problems import Problem
from node.services.intake.single import PauseView, TakenView
from node.services.people import PersonLine, PersonView
from node.services.ports import PeopleFilter
from node.services.ports.sheets import Row, SheetFormat
from node.words import Words

app = typer.Typer(name="people", help="Mentees and mentors.", no_args_is_help=True)
app.add_typer(consent.app)
app.add_typer(community.app)
app.command()(disclosures.disclosures)
app.command()(visibility.visibility)
app.command()(forgetting.erase)
app.command()(forgetting.erasures)
app.command()(forgetting.retention)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedView:
    """Where the people were written, and how many."""

    file: str
    people: int


_NOT_HERE = frozenset({Column.KIND, Column.GIVEN_NAME, Column.FAMILY_NAME})
"""Columns of spreadsheets that one person's cells do without: her kind is said, her name is one."""

CellsArgument = Annotated[list[str], typer.Argument(help="column=text ..., or - to type one a line.")]
PersonArgument = Annotated[str, typer.Argument(help="The person's id.")]
KindOption = Annotated[str | None, typer.Option("--kind", help="mentors or mentees; everybody if left out.")]


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV or XLSX file.")],
    kind: KindOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")] = False,
) -> None:
    """Bring people in from a spreadsheet: every row, or none and a list of what to mend."""
    with session() as node:

        def progress(rows: Sequence[Row]) -> Iterable[Row]:
            return node.reporter.progress(rows, node.say("import.reading"))

        bring_in = node.services.people.bring_in
        choices = Choices(kind=chosen_kind(kind))
        report = bring_in(node.actor, file.read_bytes(), choices, dry_run=dry_run, progress=progress)
        node.reporter.answer(report, _report_lines(node, report))
        if report.problems:
            raise typer.Exit(REFUSED)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="Where to write; .csv, .xlsx, or .zip for one person.")],
    kind: KindOption = None,
    person: Annotated[str, typer.Option("--person", help="Everything about this one person, for herself.")] = "",
) -> None:
    """Write everybody into a spreadsheet that `people import` can read, or everything about one person into a ZIP."""
    if person:
        _export_one(file, PersonId(person))
        return
    form = SheetFormat.XLSX if file.suffix.lower() == ".xlsx" else SheetFormat.CSV
    with session() as node:
        exported = node.services.people.export(node.actor, chosen_kind(kind), form)
        write_atomically(file, exported.content)
        view = ExportedView(file=str(file), people=exported.people)
        node.reporter.answer(view, [node.say("people.exported", count=view.people, file=view.file)])


def _export_one(file: Path, person: PersonId) -> None:
    if file.suffix.lower() != ".zip":
        raise typer.BadParameter("its name must end in .zip.", param_hint="FILE")
    with session() as node:
        view = node.services.people.access(node.actor, person)
        hers = replace(node, say=Words(view.language.value))
        write_atomically(file, access.bundle(hers, view, _lines(hers, view.person)))
        written = ExportedView(file=str(file), people=1)
        node.reporter.answer(written, [node.say("access.written", person=person, file=written.file)])


@app.command(name="list")
def list_(  # noqa: PLR0913, PLR0917 - options of a command
    kind: KindOption = None,
    text: Annotated[str, typer.Option("--search", help="The beginning of a name, an e-mail or a phone number.")] = "",
    occupation: Annotated[str, typer.Option(help="Five digits of a unit group.")] = "",
    language: Annotated[str, typer.Option(help="A language somebody speaks, such as fr.")] = "",
    in_: Annotated[str, typer.Option("--community", help="The name of a community.")] = "",
    waiting: Annotated[
        datetime | None, typer.Option("--waiting-since", formats=["%Y-%m-%d"], help="Who waits since this day.")
    ] = None,
    state: Annotated[PersonState | None, typer.Option(help="Whether they take part.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many.")] = None,
    after: Annotated[str | None, typer.Option(help="Continue after this person's id.")] = None,
) -> None:
    """List people."""
    wanted = PeopleFilter(
        kind=chosen_kind(kind),
        state=state,
        text=text,
        occupation=occupation,
        language=language,
        community=in_,
        waiting_since=waiting.date() if waiting else None,
        limit=limit,
        after=PersonId(after) if after else None,
    )
    with session() as node:
        views = node.services.people.list(node.actor, wanted).people
        node.reporter.answer(views, [_line(node, view) for view in views] or [node.say("people.none")])


@app.command()
def show(person: PersonArgument) -> None:
    """Show everything the program holds on one person."""
    with session() as node:
        view = node.services.people.show(node.actor, PersonId(person))
        node.reporter.answer(view, _lines(node, view))


@app.command()
def add(
    kind: Annotated[str, typer.Argument(help="mentor or mentee.")],
    cells: CellsArgument,
) -> None:
    """Take one person in, with the words of a spreadsheet's columns: name="..." occupation=... languages=..."""
    wanted = chosen_kind(kind) or Kind.MENTEE
    with session() as node:
        _taken(node, node.services.people.add(node.actor, wanted, _cells(cells)))


@app.command()
def edit(
    person: PersonArgument,
    cells: CellsArgument,
    version: Annotated[int | None, typer.Option(help="The version you read; refused if it is no longer that.")] = None,
) -> None:
    """Change what is written of a person; whatever is not named stays as it is."""
    with session() as node:
        _taken(node, node.services.people.edit(node.actor, PersonId(person), _cells(cells), version))


@app.command()
def pause(
    person: PersonArgument,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day she is back.")] = None,
) -> None:
    """Let a person rest: nobody is suggested to her, and she to nobody."""
    with session() as node:
        view = node.services.people.pause(node.actor, PersonId(person), until.date() if until else None)
        _paused(node, view)


@app.command()
def resume(person: PersonArgument) -> None:
    """Let a person take part again."""
    with session() as node:
        _paused(node, node.services.people.resume(node.actor, PersonId(person)))


@app.command()
def link(person: PersonArgument) -> None:
    """Send her a letter with a link to her own page."""
    with session() as node:
        view = node.services.participants.send_link(node.actor, PersonId(person))
        node.reporter.answer(view, [node.say("people.link", day=f"{view.until:%Y-%m-%d}")])


def _cells(typed: list[str]) -> tuple[Cell, ...]:
    """`column=text` as typed, or one a line from standard input where `-` is typed; usage error otherwise."""
    lines = [line for text in typed for line in (sys.stdin.read().splitlines() if text == "-" else [text])]
    return tuple(_cell(line) for line in lines if line.strip())


def _cell(text: str) -> Cell:
    name, _, value = text.partition("=")
    column = known_column(name)
    if column is None or "=" not in text or column in _NOT_HERE:
        raise typer.BadParameter(
            f"{name.strip()}: write column=text, with a column that spreadsheets have.", param_hint="CELLS"
        )
    return Cell(column, value.strip())


def _taken(node: Session, view: TakenView) -> None:
    lines = [line for problem in view.problems for line in _problem_lines(node, problem, "people.problem")]
    node.reporter.answer(view, lines or [node.say("people.kept", person=view.person)])
    if view.problems:
        raise typer.Exit(REFUSED)


def _paused(node: Session, view: PauseView) -> None:
    until = node.say("people.paused_until", day=view.paused_until) if view.paused_until else ""
    node.reporter.answer(view, [f"{view.person}  {node.say(f'state.{view.state}')}  {until}".rstrip()])


def chosen_kind(typed: str | None) -> Kind | None:
    """`mentors`, `mentees` or one of either; usage error otherwise."""
    if typed is None:
        return None
    try:
        return Kind(typed.removesuffix("s"))
    except ValueError as error:
        raise typer.BadParameter("write mentors or mentees.") from error


def _report_lines(node: Session, report: ImportReport) -> list[str]:
    lines = []
    for problem in report.problems:
        lines += _problem_lines(node, problem, "import.problem")
    if report.ignored_columns:
        lines.append(node.say("import.ignored", columns=", ".join(report.ignored_columns)))
    verdict = "refused" if report.problems else "possible" if report.dry_run else "done"
    counts = {"mentees": report.mentees, "mentors": report.mentors, "problems": len(report.problems)}
    return [*lines, node.say(f"import.{verdict}", **counts)]


def _problem_lines(node: Session, problem: Problem, frame: str) -> list[str]:
    what = node.say(f"import.{problem.code}", row=problem.other_row)
    column = node.say(f"column.{problem.column}") if problem.column else "-"
    fix = node.say(f"import.{problem.code}.next", known=", ".join(problem.known), row=problem.other_row)
    return [node.say(frame, row=problem.row, column=column, what=what), f"    {fix}"]


def _line(node: Session, view: PersonLine | PersonView) -> str:
    title = view.title_fr if node.say.language == "fr" else view.title_en
    return f"{view.id}  {node.say(f'kind.{view.kind}')}  {view.name}  {view.community}  {view.occupation} {title}"


def _lines(node: Session, view: PersonView) -> list[str]:
    shown: dict[str, object] = {
        "email": view.email,
        "phone": view.phone,
        "birth_date": view.birth_date,
        "languages": "; ".join(f"{spoken.code}:{spoken.level}" for spoken in view.languages),
        "mode": node.say(f"mode.{view.mode}"),
        "topics": ", ".join(node.say(f"topic.{topic}") for topic in view.topics),
        "availability": view.availability,
        "slots": "; ".join(view.slots),
        "time_zone": view.time_zone,
        "seats": view.seats if view.kind is Kind.MENTOR else None,
        "visibility": node.say(f"visibility.{view.visibility.value}") if view.kind is Kind.MENTOR else None,
        "years_experience": view.years_experience,
        "arrived_on": view.arrived_on,
        "waiting_since": view.waiting_since,
        "state": node.say(f"state.{view.state}"),
        "paused_until": view.paused_until,
        "specialisation": view.specialisation,
        "preferences": ", ".join(node.say(f"wish.{wish}") for wish in view.wishes),
        "notes": view.notes,
    }
    facts = [f"  {node.say(f'column.{name}')}: {value}" for name, value in shown.items() if value not in {None, ""}]
    return [_line(node, view), *facts]
