"""Every attack the protocol stands against names the tests that hold the rule, and those tests exist."""

import re
from pathlib import Path

from tests.architecture.tree import read

PAGE = Path("docs/protocol/attacks.md")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_row_names_a_test() -> None:
    rows = [line for line in read(PAGE).splitlines() if line.startswith("| ") and "| rule |" not in line]

    assert rows
    assert [row for row in rows if not NAMED.search(row)] == []


def test_every_test_that_is_named_exists() -> None:
    named = NAMED.findall(read(PAGE))

    assert [f"{path}::{name}" for path, name in named if f"def {name}(" not in read(Path(path))] == []
