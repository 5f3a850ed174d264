"""How large a workbook is inside, found out without unpacking it whole. Leaves reading its cells to `files`."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from node.domain.errors import MacrosError, SheetTooLargeError, UnreadableFileError

MOST_COLUMNS = 300
_MOST_UNPACKED = 100 * 1024 * 1024
_MOST_PARTS = 2_000
_MOST_CELLS = 20_000_000
"""Cells between the first and the last one filled: a reader makes room for all of them."""
_CHUNK = 256 * 1024
_SHEET = re.compile(r"^xl/worksheets/[^/]+\.xml$", re.IGNORECASE)
_ADDRESS = re.compile(r"^([A-Z]{1,3})([0-9]{1,7})$")


def measure(content: bytes) -> None:
    """Pass if a workbook is an XLSX file without macros, and no larger than a list of people.

    Raises: UnreadableFileError, SheetTooLargeError, MacrosError.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            parts = book.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                raise SheetTooLargeError
            if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
                raise MacrosError
            if not any(_SHEET.match(part.filename) for part in parts):
                raise UnreadableFileError
            for part in parts:
                _measure_part(part.filename, _pieces(book, part))
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, RuntimeError, NotImplementedError) as error:
        raise UnreadableFileError from error


def _pieces(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with book.open(part) as stream:
        while piece := stream.read(_CHUNK):
            yield piece


def _measure_part(name: str, pieces: Iterator[bytes]) -> None:
    """Read one part to its end, so that what it says of its own size is true; count the cells of a sheet."""
    if not _SHEET.match(name):
        for _ in pieces:
            pass
        return
    extent = _Extent()
    parser = expat.ParserCreate()
    parser.StartElementHandler = extent.begin
    for piece in pieces:
        parser.Parse(piece, False)
    parser.Parse(b"", True)


class _Extent:
    """Where the last filled cell of a sheet stands; a cell without an address stands after the one before it."""

    def __init__(self) -> None:
        self._row = self._column = self._rows = self._columns = 0

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """Hear of one element."""
        name = tag.rpartition(":")[2]
        if name == "row":
            self._row = int(attributes["r"]) if attributes.get("r", "").isdigit() else self._row + 1
            self._column = 0
        elif name == "c":
            address = _ADDRESS.match(attributes.get("r", ""))
            self._column = _number(address[1]) if address else self._column + 1
            self._row = int(address[2]) if address else self._row
        elif name in {"v", "is"}:
            self._filled()

    def _filled(self) -> None:
        self._rows, self._columns = max(self._rows, self._row), max(self._columns, self._column)
        if self._columns > MOST_COLUMNS or self._rows * self._columns > _MOST_CELLS:
            raise SheetTooLargeError


def _number(letters: str) -> int:
    """The number of a column: A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
