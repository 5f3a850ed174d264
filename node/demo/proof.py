"""The proof of the story: nothing that the exchange stored holds a personal value of anyone.

Searched as typed, in UTF-16, in hexadecimal, and in base64 at each of its three alignments, in the files as they lie
and in every cell of the database as it is read.
"""

from __future__ import annotations

import base64
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_PREFIX = 8
_PERSONAL = ("name", "mail", "phone", "note")


def is_personal(header: str) -> bool:
    """Whether a column of this header holds personal values."""
    return any(word in header for word in _PERSONAL)


def _spellings(value: str) -> Iterator[bytes]:
    raw = value.encode()
    yield raw
    yield value.encode("utf-16-le")
    yield raw.hex().encode()
    for lead in range(3):
        # The characters that only `value` decides, whatever stands before and after it.
        encoded = base64.b64encode(b"\0" * lead + raw)
        kept = encoded[-(-lead * 8 // 6) : (lead + len(raw)) * 8 // 6]
        yield kept
        yield kept.replace(b"+", b"-").replace(b"/", b"_")


def _cells(path: Path) -> Iterator[bytes]:
    """Every cell of a SQLite file; long ones are split over pages, so that the file alone does not show them."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - a name the file itself gave
                yield b"\0".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in row)


def _blobs(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        content = path.read_bytes()
        yield path.name, content
        if content.startswith(b"SQLite format 3\0"):
            yield f"{path.name} (cells)", b"\0".join(_cells(path))


def find(blob: bytes, patterns: Iterable[bytes]) -> set[bytes]:
    """Which of `patterns` (8 bytes or longer) occur in `blob`; one pass, whatever their number."""
    by_prefix = dict[int, list[bytes]]()
    for pattern in patterns:
        by_prefix.setdefault(int.from_bytes(pattern[:_PREFIX], "little"), []).append(pattern)
    wanted = np.fromiter(by_prefix, dtype="<u8", count=len(by_prefix))
    found = set[bytes]()
    for offset in range(min(_PREFIX, max(len(blob) - _PREFIX + 1, 0))):
        words = np.frombuffer(blob, dtype="<u8", offset=offset, count=(len(blob) - offset) // _PREFIX)
        for index in np.flatnonzero(np.isin(words, wanted)).tolist():
            start = offset + index * _PREFIX
            candidates = by_prefix[int(words[index])]
            found.update(pattern for pattern in candidates if blob.startswith(pattern, start))
    return found


def leaks(folder: Path, values: Mapping[str, str]) -> list[str]:
    """Where below `folder` a personal value occurs, as "file: origin". `values`: each by its origin ("row 3 email")."""
    origins = dict[bytes, str]()
    for origin, value in values.items():
        for pattern in _spellings(value):
            if len(pattern) >= _PREFIX:
                origins[pattern] = origin
    return sorted({f"{place}: {origins[hit]}" for place, blob in _blobs(folder) for hit in find(blob, origins)})
