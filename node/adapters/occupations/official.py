"""Official files as published: the structure, the elements or the index of titles, main duties and ratings of OaSIS.

Sources: Statistics Canada, National Occupational Classification 2021; Employment and Social Development Canada, OaSIS
2023. A file is known by its columns, whatever its name. Leaves building an index to `shelf`.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from node.domain.errors import NoOccupationFilesError, UnknownOccupationFileError, UnreadableOccupationRowError
from node.domain.traces import fold

_CODE = re.compile(r"^(\d{1,5})(?:\.\d{1,2})?$")
_UNIT_GROUP = "5"
_DIGITS = 5
_LARGEST = 10 * 1024 * 1024
_FRENCH = "fr"
_RATED = {"reading comprehension": "skills", "accounting": "knowledge"}
"""A column that only this file has, and what the file rates."""


@dataclass(slots=True, kw_only=True)
class Official:
    """What the files say of each unit group."""

    titles: list[tuple[str, str, bool]] = field(default_factory=list)
    """Code, title, and whether it is French."""
    work: list[tuple[str, str]] = field(default_factory=list)
    """Code, and what is done."""
    ratings: dict[str, dict[str, list[tuple[float, ...]]]] = field(default_factory=dict)
    """`skills` and `knowledge`, by code: one row a profile."""
    files: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """One file: where things stand in it."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    codes: Mapping[str, str]

    def place(self, *beginnings: str) -> int | None:
        """The first column whose header begins so."""
        return next((at for at, column in enumerate(self.columns) if column.startswith(beginnings)), None)

    def filled(self) -> Iterator[tuple[int, Sequence[str]]]:
        """The rows that hold anything, with the number a spreadsheet shows."""
        for number, row in enumerate(self.rows, start=2):
            if any(cell.strip() for cell in row):
                if len(row) < len(self.columns):
                    raise UnreadableOccupationRowError(file=self.name, row=number, column=self.columns[len(row)])
                yield number, row

    def code(self, row: Sequence[str], number: int, at: int) -> str:
        """The unit group of a row; a spreadsheet may have eaten its leading zeros."""
        found = _CODE.match(row[at].strip())
        code = found.group(1).zfill(_DIGITS) if found else ""
        if code not in self.codes:
            raise UnreadableOccupationRowError(file=self.name, row=number, column=self.columns[at])
        return code

    def text(self, row: Sequence[str], number: int, at: int) -> str:
        """A cell that must not be empty."""
        if not row[at].strip():
            raise UnreadableOccupationRowError(file=self.name, row=number, column=self.columns[at])
        return row[at].strip()


def read_official(paths: Sequence[Path], codes: Mapping[str, str]) -> Official:
    """Read files, and in folders every file that is known by its columns; others there are passed over.

    `codes` are the unit groups by code. Raises: UnknownOccupationFileError, UnreadableOccupationRowError,
    NoOccupationFilesError.
    """
    official = Official()
    for path in paths:
        inside = sorted(path.rglob("*.csv")) if path.is_dir() else [path]
        for file in inside:
            sheet = _open(file, codes)
            if sheet is not None and _take(sheet, official):
                official.files.append(file.name)
            elif not path.is_dir():
                raise UnknownOccupationFileError(file=file.name)
    if not official.titles and not official.work:
        raise NoOccupationFilesError
    return official


def _open(file: Path, codes: Mapping[str, str]) -> _Sheet | None:
    try:
        if file.stat().st_size > _LARGEST:
            return None
        text = file.read_text("utf-8-sig")
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error):
        return None
    if not rows:
        return None
    return _Sheet(name=file.name, columns=tuple(fold(cell) for cell in rows[0]), rows=rows[1:], codes=codes)


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _take(sheet: _Sheet, official: Official) -> bool:
    """Whether the file is one of those known."""
    return any(take(sheet, official) for take in (_titles, _duties, _ratings, _elements, _structure))


def _titles(sheet: _Sheet, official: Official) -> bool:
    if set(sheet.columns) != {"noc", "lang", "title"}:
        return False
    code, language, title = (sheet.columns.index(name) for name in ("noc", "lang", "title"))
    for number, row in sheet.filled():
        if row[language].strip() not in {"en", _FRENCH}:
            raise UnreadableOccupationRowError(file=sheet.name, row=number, column="lang")
        found = sheet.code(row, number, code), sheet.text(row, number, title), row[language].strip() == _FRENCH
        official.titles.append(found)
    return True


def _duties(sheet: _Sheet, official: Official) -> bool:
    code, duty = sheet.place("oasis profile code", "code de profil"), sheet.place("main duties", "fonctions princ")
    if code is None or duty is None:
        return False
    official.work += [(sheet.code(row, number, code), sheet.text(row, number, duty)) for number, row in sheet.filled()]
    return True


def _ratings(sheet: _Sheet, official: Official) -> bool:
    code, label = sheet.place("oasis code"), sheet.place("oasis label")
    about = next((name for mark, name in _RATED.items() if mark in sheet.columns), None)
    if code is None or label is None or about is None:
        return False
    rated = [at for at, column in enumerate(sheet.columns) if at not in {code, label} and column]
    profiles: dict[str, list[tuple[float, ...]]] = {}
    for number, row in sheet.filled():
        values = tuple(_rating(sheet, row, number, at) for at in rated)
        profiles.setdefault(sheet.code(row, number, code), []).append(values)
    official.ratings[about] = profiles
    return True


def _rating(sheet: _Sheet, row: Sequence[str], number: int, at: int) -> float:
    try:
        return float(row[at] or 0)
    except ValueError as error:
        raise UnreadableOccupationRowError(file=sheet.name, row=number, column=sheet.columns[at]) from error


def _elements(sheet: _Sheet, official: Official) -> bool:
    level, code = sheet.place("level", "niveau"), sheet.place("code - noc", "code - cnp")
    kind = sheet.place("element type", "etiquette")
    text = sheet.place(
        "element description", "description de l'element", "description des elements", "description d'element"
    )
    if level is None or code is None or kind is None or text is None:
        return False
    french = "cnp" in sheet.columns[code]
    for number, row in sheet.filled():
        if row[level].strip() != _UNIT_GROUP:
            continue
        group, label = sheet.code(row, number, code), fold(row[kind])
        if "exempl" in label or "example" in label:
            official.titles.append((group, sheet.text(row, number, text), french))
        elif "duties" in label or "fonctions" in label:
            official.work.append((group, sheet.text(row, number, text)))
    return True


def _structure(sheet: _Sheet, official: Official) -> bool:
    level, code = sheet.place("level", "niveau"), sheet.place("code - noc", "code - cnp")
    meaning = sheet.place("class definition", "definition")
    if level is None or code is None or meaning is None:
        return False
    official.work += [
        (sheet.code(row, number, code), sheet.text(row, number, meaning))
        for number, row in sheet.filled()
        if row[level].strip() == _UNIT_GROUP
    ]
    return True
