"""Every attack the protocol and the pages stand against names the tests that hold the rule, and those tests exist."""

import re
from pathlib import Path

import pytest

from tests.architecture.tree import read

PAGES = pytest.mark.parametrize("page", [Path("docs/protocol/attacks.md"), Path("docs/security.md")])
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


@PAGES
def test_every_row_names_a_test(page: Path) -> None:
    rows = [line for line in read(page).splitlines() if line.startswith("| ") and "| rule |" not in line]
    rows = [line for line in rows if not line.startswith("| ---")]

    assert rows
    assert [row for row in rows if not NAMED.search(row)] == []


@PAGES
def test_every_test_that_is_named_exists(page: Path) -> None:
    named = NAMED.findall(read(page))

    assert [f"{path}::{name}" for path, name in named if f"def {name}(" not in read(Path(path))] == []
