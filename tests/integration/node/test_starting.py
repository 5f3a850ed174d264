"""A command waits for what it needs and for nothing else: most of what is installed is for few of them."""

import subprocess
import sys

import pytest

from tests.support.commands import Run

SLOW = {
    "alembic",
    "apscheduler",
    "http_message_signatures",
    "httpx",
    "joserfc",
    "jinja2",
    "node.adapters.membership",
    "numpy",
    "openpyxl",
    "rich",
    "scipy",
    "structlog",
    "tuf",
    "uvicorn",
}
LOOK = """
import sys
from federation.ground.cli import main
from node.main import app
code = main(app, sys.argv[1:])
print("loaded:", *sorted(sys.modules), file=sys.stderr)
raise SystemExit(code)
"""


def loaded(*arguments: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", LOOK, *arguments], capture_output=True, text=True, check=True)
    return set(done.stderr.rpartition("loaded: ")[2].split())


@pytest.mark.parametrize("words", [("people", "list"), ("mentorship", "list"), ("users", "list")])
def test_a_plain_command_loads_nothing_that_only_others_need(program: Run, words: tuple[str, ...]) -> None:
    assert loaded(*words) & SLOW == set()


def test_help_opens_no_database() -> None:
    assert loaded("--help") & ((SLOW | {"sqlalchemy"}) - {"rich"}) == set()
