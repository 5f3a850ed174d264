"""Reading what people save and writing what they can open. Leaves the meaning of columns to `services.intake`."""

import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from node.adapters.sheets.measuring import MOST_COLUMNS, measure
from node.domain.errors import SheetTooLargeError, TooManyRowsError, UnreadableFileError
from node.services.ports.sheets import Row, SheetFormat

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_FORMULA = re.compile(r"^[=+\-@\t\r]")
_NUMBER = re.compile(r"^[+-]?[\d .()-]*$")
_BLANK_RUN = 1000
"""Blank rows in a row after which a sheet is taken to have ended: some programs save a million of them."""

Cell = str | float | int | bool | date | datetime | time | timedelta


class SheetFiles:
    """CSV in the encodings and with the separators of office programs, and XLSX."""

    def read(self, content: bytes, most: int) -> tuple[Row, ...]:
        """Rows that are not blank, numbered as in the file. Raises: the refusals of the port."""
        if content.startswith(_OLD_EXCEL) or not content.removeprefix(BOM_UTF8).strip():
            raise UnreadableFileError
        raw = _book_rows(content) if content.startswith(_ZIP) else _csv_rows(_decode(content))
        rows: list[Row] = []
        for row in raw:
            if len(row.cells) > MOST_COLUMNS:
                raise SheetTooLargeError
            if any(row.cells):
                rows.append(row)
                if len(rows) > most:
                    raise TooManyRowsError(most=most)
            elif rows and row.number - rows[-1].number > _BLANK_RUN:
                break
        return tuple(rows)

    def write(self, header: Sequence[str], rows: Iterable[Sequence[str]], kind: SheetFormat) -> bytes:
        """A file in which no cell can run as a formula."""
        table = ([defuse(cell) for cell in row] for row in (header, *rows))
        return _write_csv(table) if kind is SheetFormat.CSV else _write_xlsx(table)


def defuse(cell: str) -> str:
    """The text with an apostrophe before what an office program would run; phone numbers and dates stay as they are."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.match(cell) else cell


def _decode(content: bytes) -> str:
    """Text in UTF-8 or UTF-16 with or without a mark, else Windows-1252. Raises: UnreadableFileError."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif content[:200].count(b"\0") > len(content[:200]) // 8:
        encodings = ["utf-16-le" if content[1:2] == b"\0" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableFileError


def _csv_rows(text: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            yield Row(number, tuple(_undefused(cell.strip()) for cell in cells))
    except csv.Error as error:
        raise UnreadableFileError(row=reader.line_num) from error


def _separator(text: str) -> str:
    """Comma, semicolon or tab: whichever the first lines use most outside quotes."""
    sample = re.sub(r'"[^"]*"', "", "\n".join(text.splitlines()[:20]))
    return max(",;\t", key=sample.count)


def _undefused(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def _book_rows(content: bytes) -> Iterator[Row]:
    # Measured before anything is opened: what is small on disk may be boundless inside.
    measure(content)
    return _xlsx_rows(content)


def _xlsx_rows(content: bytes) -> Iterator[Row]:
    from python_calamine import CalamineError, load_workbook  # noqa: PLC0415 - only an import of people needs it

    try:
        sheet = load_workbook(io.BytesIO(content)).get_sheet_by_index(0)
        first = sheet.start[0] + 1 if sheet.start else 1
        rows = sheet.to_python(skip_empty_area=True)
    except (CalamineError, IndexError, OSError, ValueError) as error:
        raise UnreadableFileError from error
    for number, cells in enumerate(rows, first):
        yield Row(number, tuple(_undefused(_text(cell)) for cell in cells))


def _text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _write_csv(table: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(table)
    return out.getvalue().encode("utf-8-sig")


def _write_xlsx(table: Iterable[Sequence[str]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - only an export of people needs it
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - as above

    book = Workbook(write_only=True)
    sheet = book.create_sheet("people")
    for row in table:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=text)
            cell.data_type = "s"  # a text, whatever it begins with
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
