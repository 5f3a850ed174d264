"""The import itself, in one transaction: every row or none, or those that can be read where part was asked for.

A dry run does all of it but keep anything.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.errors import TooManyRowsError
from node.domain.person import Kind
from node.domain.traces import fold, identity_traces
from node.services.intake.changing import Change, Changing, matched
from node.services.intake.columns import Column, Header, choose_header, column_of, find_header, header_problems
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
class Choices:
    """What a coordinator decided about a file.

    `columns` says which column stands where, instead of what the headers say. `partly` lets rows come in beside others
    that have to be mended. `update` changes people who are here already instead of refusing their rows. `titles` says
    what the titles of occupations mean that nobody knows: a code or other words for each.
    """

    kind: Kind | None = None
    columns: tuple[tuple[int, Column], ...] = ()
    partly: bool = False
    update: bool = False
    titles: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did or would do. With `problems` nothing was kept, unless part of the file was asked for."""

    dry_run: bool
    rows: int
    mentees: int
    mentors: int
    consents: int
    imported: int
    changed: int
    refused: int
    ignored_columns: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """Who would be taken in, who would be changed, and every problem."""

    fresh: Sequence[Entry] = ()
    changes: Sequence[Change] = ()
    problems: Sequence[Problem] = ()
    ignored: tuple[str, ...] = ()


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
        self, actor: Actor, content: bytes, choices: Choices, *, dry_run: bool, progress: Progress = iter
    ) -> ImportReport:
        """The report; every problem names its row and column.

        Raises: UnreadableFileError, SheetTooLargeError, MacrosError, TooManyRowsError.
        """
        actor.may(Action.EDIT_PEOPLE)
        rows = self.sheets.read(content, MOST_ROWS + _LEEWAY)
        found = choose_header(rows, choices.columns) if choices.columns else find_header(rows)
        if isinstance(found, Problem):
            return _report(_Plan(problems=(found,)), kept=False, dry_run=dry_run)
        header, before = found
        if len(rows) - before > MOST_ROWS:
            raise TooManyRowsError(most=MOST_ROWS)
        now = self.clock.now()
        with (self.reading if dry_run else self.work)() as work:
            plan = self._plan(work, header, rows[before:], choices, progress)
            keeping = not dry_run and bool(plan.fresh or plan.changes) and (choices.partly or not plan.problems)
            if keeping:
                keep(work, actor, self.ids, plan.fresh, now)
                for change in plan.changes:
                    work.people.replace(change.after)
                    remember(work, actor, Act.PERSON_EDITED, change.after.id, now)
                remember(work, actor, Act.PEOPLE_IMPORTED, self.ids.new(), now)
        return _report(plan, kept=keeping, dry_run=dry_run)

    def _plan(
        self, work: UnitOfWork, header: Header, rows: Sequence[Row], choices: Choices, progress: Progress
    ) -> _Plan:
        communities = known_communities(work)
        problems = list(header_problems(header, towns=len(communities)))
        if problems:
            return _Plan(problems=problems, ignored=header.ignored)
        setting = Setting(
            header=header,
            kind=choices.kind or _guess(header),
            communities=communities,
            occupations=self.occupations,
            order=order_of(header.cell(row, column) for row in rows for column in DATES),
            today=self.clock.now().date(),
            titles={fold(title): meant for title, meant in choices.titles},
        )
        entries = _read(setting, progress(rows), problems)
        problems += _twice(entries)
        here = matched(work, entries) if choices.update else {}
        changing = Changing(work, setting, rows)
        changes = changing.read([one for one in entries if one.row not in _rows(problems)], here)
        problems += [*changing.problems, *_here(work, [entry for entry in entries if entry.row not in here])]
        if not entries and not problems:
            problems.append(Problem(row=header.row, column="", code=ProblemCode.NO_PEOPLE))
        wrong = _rows(problems)
        return _Plan(
            fresh=[entry for entry in entries if entry.row not in wrong and entry.row not in here],
            changes=[change for change in changes if change.row not in wrong],
            problems=sorted(problems, key=lambda problem: problem.row),
            ignored=header.ignored,
        )


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


def _rows(problems: Iterable[Problem]) -> set[int]:
    return {problem.row for problem in problems}


def _twice(entries: Sequence[Entry]) -> list[Problem]:
    """People who stand in the file twice."""
    seen: dict[str, int] = {}
    problems = []
    for entry in entries:
        for trace in identity_traces(entry.contact):
            if trace in seen:
                problem = Problem(row=entry.row, column=column_of(trace), code=ProblemCode.TWICE_IN_FILE)
                problems.append(replace(problem, other_row=seen[trace]))
            seen.setdefault(trace, entry.row)
    return problems


def _here(work: UnitOfWork, entries: Sequence[Entry]) -> list[Problem]:
    """People who are here already."""
    rows: dict[str, int] = {}
    for entry in entries:
        for trace in identity_traces(entry.contact):
            rows.setdefault(trace, entry.row)
    known = work.people.known(rows)
    return [
        Problem(row=row, column=column_of(trace), code=ProblemCode.HERE_ALREADY)
        for trace, row in rows.items()
        if trace in known
    ]


def _report(plan: _Plan, *, kept: bool, dry_run: bool) -> ImportReport:
    refused = len(_rows(plan.problems))
    return ImportReport(
        dry_run=dry_run,
        rows=len(plan.fresh) + len(plan.changes) + refused,
        mentees=sum(entry.kind is Kind.MENTEE for entry in plan.fresh),
        mentors=sum(entry.kind is Kind.MENTOR for entry in plan.fresh),
        consents=sum(len(entry.consents) for entry in plan.fresh),
        imported=len(plan.fresh) if kept else 0,
        changed=len(plan.changes),
        refused=refused,
        ignored_columns=plan.ignored,
        problems=tuple(plan.problems),
    )
