"""A spreadsheet brought in through a page: kept sealed for an hour, looked at, its columns corrected, then taken in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.upload import UPLOAD_TERM, Upload, UploadGoneError, UploadId
from node.services.intake.columns import Column, choose_header, find_header, known_column
from node.services.intake.people import MOST_ROWS, Choices, ImportPeople, ImportReport
from node.services.intake.problems import Problem
from node.services.ports import Clock, Ids, OpenWork
from node.services.ports.sheets import Row, SheetFormat, Sheets

_SHOWN = 5
_TITLES = 20
"""Rows that may stand above the people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SketchedColumn:
    """One column of a file: where it stands, its header, what it was taken for, and its first cells."""

    position: int
    header: str
    guess: Column | None
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SketchView:
    """What a file looks like before anybody is taken in; `rows` counts those below the header."""

    upload: UploadId
    columns: tuple[SketchedColumn, ...]
    rows: int
    found_header: bool


@dataclass(frozen=True, slots=True)
class KeepUpload:
    """Keep a file for the next steps; what cannot be read is not kept."""

    work: OpenWork
    clock: Clock
    ids: Ids
    sheets: Sheets

    def __call__(self, actor: Actor, content: bytes) -> UploadId:
        """Its id. Raises: UploadTooLargeError, and the refusals of reading it."""
        actor.may(Action.EDIT_PEOPLE)
        now = self.clock.now()
        upload = Upload(id=UploadId(self.ids.new()), user=actor.id, at=now, content=content)
        self.sheets.read(content, MOST_ROWS + _TITLES)
        with self.work() as work:
            work.uploads.tidy(now - UPLOAD_TERM)
            work.uploads.add(upload)
        return upload.id

    def forget_old(self, actor: Actor) -> None:
        """Forget every file whose hour is over."""
        actor.may(Action.EDIT_PEOPLE)
        with self.work() as work:
            work.uploads.tidy(self.clock.now() - UPLOAD_TERM)


@dataclass(frozen=True, slots=True)
class SketchUpload:
    """Show what a file looks like."""

    reading: OpenWork
    clock: Clock
    sheets: Sheets

    def __call__(self, actor: Actor, upload: UploadId) -> SketchView:
        """Its columns. Raises: UploadGoneError."""
        rows = self.sheets.read(self.content(actor, upload), MOST_ROWS + _TITLES)
        found = find_header(rows)
        header, before = choose_header(rows, ()) if isinstance(found, Problem) else found
        titles = next(row for row in rows if row.number == header.row)
        return SketchView(
            upload=upload,
            columns=tuple(_columns(titles, rows[before : before + _SHOWN])),
            rows=len(rows) - before,
            found_header=not isinstance(found, Problem),
        )

    def content(self, actor: Actor, upload: UploadId) -> bytes:
        """A file of hers that is not too old. Raises: UploadGoneError."""
        actor.may(Action.EDIT_PEOPLE)
        with self.reading() as work:
            found = work.uploads.get(upload)
        if found.user != actor.id or found.at + UPLOAD_TERM <= self.clock.now():
            raise UploadGoneError
        return found.content


def _columns(titles: Row, rows: tuple[Row, ...]) -> list[SketchedColumn]:
    width = max(len(row.cells) for row in (titles, *rows))
    taken: set[Column] = set()
    columns = []
    for position in range(width):
        header = titles.cells[position] if position < len(titles.cells) else ""
        guess = known_column(header)
        examples = tuple(row.cells[position] for row in rows if position < len(row.cells) and row.cells[position])
        if header or examples:
            fresh = guess if guess not in taken else None
            columns.append(SketchedColumn(position=position, header=header, guess=fresh, examples=examples))
            taken |= {guess} if guess else set()
    return columns


@dataclass(frozen=True, slots=True)
class BringInUpload:
    """What would come of a file, and bringing it in; then the file is forgotten."""

    work: OpenWork
    sketch: SketchUpload
    bring_in: ImportPeople

    def __call__(self, actor: Actor, upload: UploadId, choices: Choices, *, dry_run: bool) -> ImportReport:
        """The report. Raises: UploadGoneError."""
        report = self.bring_in(actor, self.sketch.content(actor, upload), choices, dry_run=dry_run)
        if report.imported or (report.changed and not dry_run):
            with self.work() as work:
                work.uploads.remove(upload)
        return report


@dataclass(frozen=True, slots=True)
class WriteProblems:
    """What has to be mended in a file, as a spreadsheet; whoever asks words it."""

    sheets: Sheets

    def __call__(self, actor: Actor, header: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
        """The file, in which no cell can run."""
        actor.may(Action.EDIT_PEOPLE)
        return self.sheets.write(header, lines, SheetFormat.CSV)
