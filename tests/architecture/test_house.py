"""The shape of the house: what lies at the top, how large a file may be, and which words and habits stay out."""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from tests.architecture.tree import PACKAGES, ROOT, files, read

TOP = {"node", "federation", "protocol", "tests", "docs", "pyproject.toml", "docker-compose.yml", "README.md"} | {
    "Makefile",
    "Dockerfile",
    "LICENSE",
    "requirements.txt",
    "requirements-dev.txt",
}
MATCHING = "node/domain/matching"
LINES = 300
LINES_OF_A_SUITE = 500
"""Cases of one subject may stand together; what runs in production may not grow so long."""
EMPTY_WORDS = {"utils", "util", "helpers", "helper", "manager", "common", "data", "info", "misc"}
HABITS = {
    "pytest.skip": "install what is missing instead",
    "pytest.importorskip": "install what is missing instead",
    "pytest.mark.skip": "delete the test or make it true",
    "pytest.mark.skipif": "make the test run everywhere",
    "pytest.xfail": "make the test true",
    "pytest.mark.xfail": "make the test true",
    "time.sleep": "poll a condition with a deadline",
    "unittest.mock": "write a fake of the port",
    "unittest.skip": "make the test run",
    "pytest_mock": "write a fake of the port",
}
PLACES = re.compile(
    r"(?<![\w.])/(?:root|home/\w+|Users/\w+|work/\w+|opt/\w+)\b|[A-Z]:\\Users"
    # a package index, by the words that address one
    r"|--(?:extra-)?index-url\s+\S|--find-links\s+\S|//[\w.-]*registry[\w.-]*/|//[\w.-]+/simple\b"
)


def test_the_top_level_holds_only_what_the_design_names() -> None:
    top = {path.parts[0] for path in files()}

    assert {name for name in top if not name.startswith(".")} <= TOP
    assert {"node", "federation", "protocol", "tests", "docs", "README.md", "Makefile", "LICENSE"} <= top


def test_every_python_file_is_small_enough_to_hold_in_mind() -> None:
    sizes = {str(path): len(read(path).splitlines()) for path in files(".py") if "migrations" not in path.parts}

    limits = {path: LINES_OF_A_SUITE if path.startswith("tests") else LINES for path in sizes}

    assert {path: size for path, size in sizes.items() if size > limits[path]} == {}


def test_every_hard_rule_and_criterion_has_a_test_file_of_its_own() -> None:
    rules = {path.stem for room in ("criteria", "hard") for path in files(".py", under=f"{MATCHING}/{room}")}
    tested = {path.stem.removeprefix("test_") for path in files(".py", under=f"tests/unit/{MATCHING}")}

    assert rules - {"__init__", "criterion", "rule"} <= tested


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = {path: {path.stem, *path.parts[:-1]} for package in PACKAGES for path in files(".py", under=package)}

    assert [str(path) for path, words in names.items() if words & EMPTY_WORDS] == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    here = Path(__file__).relative_to(ROOT)

    assert [f"{path}: {match[0]}" for path in files() if path != here for match in PLACES.finditer(_text(path))] == []


def _text(path: Path) -> str:
    return (ROOT / path).read_bytes().decode("utf-8", errors="replace")


def test_tests_keep_to_honest_habits() -> None:
    found = [
        f"{path}:{line}: {name}: {HABITS[habit]}"
        for path in files(".py", under="tests")
        if any(habit.rpartition(".")[2] in read(path) for habit in HABITS)
        for line, name in _dotted_names(ast.parse(read(path)))
        for habit in HABITS
        if name == habit or name.startswith(f"{habit}.")
    ]

    assert found == []


def _dotted_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from ((node.lineno, f"{module}.{alias.name}") for alias in names)
            case ast.Attribute():
                yield node.lineno, ast.unparse(node)
            case _:
                pass


def test_the_habits_are_found_where_they_hide() -> None:
    hidden = "from time import sleep\nfrom unittest import mock\nimport unittest.mock as m\npytest.mark.skipif(x)(y)\n"

    found = {name for _, name in _dotted_names(ast.parse(hidden))}

    assert {"time.sleep", "unittest.mock", "pytest.mark.skipif"} <= found


def test_every_exception_to_a_rule_says_its_reason() -> None:
    silent = re.compile(r"#\s*noqa(?::\s*[A-Z0-9, ]+)?\s*$")

    assert [
        f"{path}:{number}"
        for path in files(".py")
        for number, line in enumerate(read(path).splitlines(), 1)
        if silent.search(line)
    ] == []


def test_commits_pass_local_hooks_only() -> None:
    hooks = read(Path(".pre-commit-config.yaml"))

    assert re.findall(r"repo: (\S+)", hooks) == ["local"]
    assert set(re.findall(r"language: (\S+)", hooks)) == {"system"}


def test_what_a_tool_leaves_behind_is_ignored() -> None:
    ignored = read(Path(".gitignore")).split()

    assert [path for path in (".venv", ".coverage.json", "__pycache__/") if path not in ignored] == []
    assert not any(fnmatch(str(path), "*.pyc") for path in files())
