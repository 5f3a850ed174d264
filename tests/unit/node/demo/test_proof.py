"""The search for personal values finds what is there, however it is written, and nothing else."""

import base64
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from node.demo.proof import is_personal, leaks

NAME = "Ines Tunde Abdi"
VALUES = {"mentors row 1 name": NAME, "mentors row 2 name": "Oksana Teresa Obi"}


@pytest.mark.parametrize(
    "written",
    [
        NAME.encode(),
        NAME.encode("utf-16-le"),
        NAME.encode().hex().encode(),
        base64.b64encode(b'{"name":"' + NAME.encode() + b'"}'),
        base64.urlsafe_b64encode(b'{"a":1,"name":"' + NAME.encode() + b'","b":2}'),
        base64.b64encode(b"xy" + NAME.encode()),
    ],
)
def test_a_name_is_found_however_it_is_written(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "file.bin").write_bytes(os.urandom(1001) + written + os.urandom(17))
    assert leaks(tmp_path, VALUES) == ["file.bin: mentors row 1 name"]


def test_a_name_split_over_database_pages_is_found_in_its_cell(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "some.sqlite3")) as connection:
        connection.execute("CREATE TABLE t (body)")
        for lead in range(4000, 4100):
            connection.execute("INSERT INTO t VALUES (?)", (b"x" * lead + NAME.encode() + b"x" * 5000,))
        connection.commit()
    assert "some.sqlite3 (cells): mentors row 1 name" in leaks(tmp_path, VALUES)


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "short").write_bytes(b"Ines")
    (tmp_path / "noise").write_bytes(os.urandom(50_000))
    assert leaks(tmp_path, VALUES) == []


def test_columns_with_personal_values_are_known_by_their_header() -> None:
    assert [header for header in ("name", "email", "phone", "notes", "community", "seats") if is_personal(header)] == [
        "name",
        "email",
        "phone",
        "notes",
    ]
