"""`mentorweave people`: bringing people in, reading, taking out, erasing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from federation.ground.cli import REFUSED
from federation.ground.files import write_atomically
from node.cli.session import Session, session
from node.domain.person import Kind, PersonId, PersonState
from node.services.intake.people import ImportReport
from node.services.people import PersonView
from node.services.ports import PeopleFilter
from node.services.ports.sheets import Row, SheetFormat

app = typer.Typer(name="people", help="Mentees and mentors.", no_args_is_help=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedView:
    """Where the people were written, and how many."""

    file: str
    people: int


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
        report = bring_in(node.actor, file.read_bytes(), chosen_kind(kind), dry_run=dry_run, progress=progress)
        node.reporter.answer(report, _report_lines(node, report))
        if report.problems:
            raise typer.Exit(REFUSED)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="Where to write; .csv or .xlsx.")],
    kind: KindOption = None,
) -> None:
    """Write everybody into a spreadsheet that `people import` can read."""
    form = SheetFormat.XLSX if file.suffix.lower() == ".xlsx" else SheetFormat.CSV
    with session() as node:
        exported = node.services.people.export(node.actor, chosen_kind(kind), form)
        write_atomically(file, exported.content)
        view = ExportedView(file=str(file), people=exported.people)
        node.reporter.answer(view, [node.say("people.exported", count=view.people, file=view.file)])


@app.command(name="list")
def list_(  # noqa: PLR0917 - options of a command
    kind: KindOption = None,
    text: Annotated[str, typer.Option("--search", help="The beginning of a name, an e-mail or a phone number.")] = "",
    occupation: Annotated[str, typer.Option(help="Five digits of a unit group.")] = "",
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
        limit=limit,
        after=PersonId(after) if after else None,
    )
    with session() as node:
        views = node.services.people.list(node.actor, wanted)
        node.reporter.answer(views, [_line(node, view) for view in views] or [node.say("people.none")])


@app.command()
def show(person: PersonArgument) -> None:
    """Show everything the program holds on one person."""
    with session() as node:
        view = node.services.people.show(node.actor, PersonId(person))
        node.reporter.answer(view, _lines(node, view))


@app.command()
def erase(
    person: PersonArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """Destroy everything the program holds on one person. It cannot be undone."""
    with session() as node:
        if not yes:
            typer.confirm(node.say("people.erase.sure"), abort=True, err=True)
        view = node.services.people.erase(node.actor, PersonId(person))
        node.reporter.answer(view, [node.say("people.erased", person=view.person)])


def chosen_kind(typed: str | None) -> Kind | None:
    """`mentors`, `mentees` or one of either; usage error otherwise."""
    if typed is None:
        return None
    try:
        return Kind(typed.removesuffix("s"))
    except ValueError as error:
        raise typer.BadParameter("mentors, mentees") from error


def _report_lines(node: Session, report: ImportReport) -> list[str]:
    lines = []
    for problem in report.problems:
        known = ", ".join(problem.known)
        what = node.say(f"import.{problem.code}", row=problem.other_row)
        column = node.say(f"column.{problem.column}") if problem.column else "-"
        fix = node.say(f"import.{problem.code}.next", known=known, row=problem.other_row)
        lines += [node.say("import.problem", row=problem.row, column=column, what=what), f"    {fix}"]
    if report.ignored_columns:
        lines.append(node.say("import.ignored", columns=", ".join(report.ignored_columns)))
    verdict = "refused" if report.problems else "possible" if report.dry_run else "done"
    counts = {"mentees": report.mentees, "mentors": report.mentors, "problems": len(report.problems)}
    return [*lines, node.say(f"import.{verdict}", **counts)]


def _line(node: Session, view: PersonView) -> str:
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
        "notes": view.notes,
    }
    facts = [f"  {node.say(f'column.{name}')}: {value}" for name, value in shown.items() if value not in {None, ""}]
    return [_line(node, view), *facts]
