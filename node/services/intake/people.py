"""The import itself: every row or none, in one transaction; a dry run does all of it but keep anything."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.errors import TooManyRowsError
from node.domain.person import Kind
from node.domain.traces import identity_traces
from node.services.intake.columns import Header, column_of, find_header, header_problems
from node.services.intake.dates import order_of
from node.services.intake.keeping import keep, known_communities
from node.services.intake.problems import Problem, ProblemCode
from node.services.intake.rows import DATES, Entry, RowReader, Setting
from node.services.ports import Clock, Ids, OpenWork, UnitOfWork
from node.services.ports.occupations import Occupations
from node.services.ports.sheets import Row, Sheets
from node.services.remember import remember

MOST_ROWS = 50_000
_LEEWAY = 50
"""Rows that may stand beside the people: titles and headers."""

Progress = Callable[[Sequence[Row]], Iterable[Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did or would do. With `problems` nothing was kept."""

    dry_run: bool
    rows: int
    mentees: int
    mentors: int
    consents: int
    imported: int
    ignored_columns: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ImportPeople:
    """Bring people in from a spreadsheet."""

    work: OpenWork
    reading: OpenWork
    clock: Clock
    ids: Ids
    sheets: Sheets
    occupations: Occupations

    def __call__(
        self, actor: Actor, content: bytes, kind: Kind | None, *, dry_run: bool, progress: Progress = iter
    ) -> ImportReport:
        """The report; every problem names its row and column.

        Raises: UnreadableFileError, TooManyRowsError.
        """
        actor.may(Action.EDIT_PEOPLE)
        rows = self.sheets.read(content, MOST_ROWS + _LEEWAY)
        found = find_header(rows)
        if isinstance(found, Problem):
            return _report((), (found,), (), dry_run=dry_run)
        header, before = found
        if len(rows) - before > MOST_ROWS:
            raise TooManyRowsError(most=MOST_ROWS)
        now = self.clock.now()
        with (self.reading if dry_run else self.work)() as work:
            communities = known_communities(work)
            problems = list(header_problems(header, towns=len(communities)))
            setting = Setting(
                header=header,
                kind=kind or _guess(header),
                communities=communities,
                occupations=self.occupations,
                order=order_of(header.cell(row, column) for row in rows[before:] for column in DATES),
                today=now.date(),
            )
            entries = [] if problems else _read(setting, progress(rows[before:]), problems)
            problems += _duplicates(work, entries)
            if not entries and not problems:
                problems.append(Problem(row=header.row, column="", code=ProblemCode.NO_PEOPLE))
            if not problems and not dry_run:
                keep(work, actor, self.ids, entries, now)
                remember(work, actor, Act.PEOPLE_IMPORTED, self.ids.new(), now)
        return _report(entries, tuple(problems), header.ignored, dry_run=dry_run)


def _guess(header: Header) -> Kind | None:
    if header.looks_like_mentors():
        return Kind.MENTOR
    return Kind.MENTEE if header.looks_like_mentees() else None


def _read(setting: Setting, rows: Iterable[Row], problems: list[Problem]) -> list[Entry]:
    entries = []
    for row in rows:
        reader = RowReader(setting, row)
        entry = reader.read()
        problems += reader.problems
        if entry is not None:
            entries.append(entry)
    return entries


def _duplicates(work: UnitOfWork, entries: Sequence[Entry]) -> list[Problem]:
    """People who stand in the file twice, or are here already."""
    seen: dict[str, int] = {}
    problems = []
    for entry in entries:
        for trace in identity_traces(entry.contact):
            if trace in seen:
                problem = Problem(row=entry.row, column=column_of(trace), code=ProblemCode.TWICE_IN_FILE)
                problems.append(replace(problem, other_row=seen[trace]))
            seen.setdefault(trace, entry.row)
    here = work.people.known(seen)
    problems += [
        Problem(row=seen[trace], column=column_of(trace), code=ProblemCode.HERE_ALREADY)
        for trace in seen
        if trace in here
    ]
    return sorted(problems, key=lambda problem: problem.row)


def _report(
    entries: Sequence[Entry], problems: tuple[Problem, ...], ignored: tuple[str, ...], *, dry_run: bool
) -> ImportReport:
    kept = 0 if problems or dry_run else len(entries)
    return ImportReport(
        dry_run=dry_run,
        rows=len(entries) + len({problem.row for problem in problems}),
        mentees=sum(entry.kind is Kind.MENTEE for entry in entries),
        mentors=sum(entry.kind is Kind.MENTOR for entry in entries),
        consents=sum(len(entry.consents) for entry in entries),
        imported=kept,
        ignored_columns=ignored,
        problems=problems,
    )
