"""The vectors in docs/protocol/vectors are what the generator makes, and this implementation answers as they say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from protocol.errors import every_error
from tests.conformance.vectors.generate import FILES, TARGET, answer, render

if TYPE_CHECKING:
    from tests.conformance.vectors.case import Fields

COMMAND = "run .venv/bin/python -m tests.conformance.vectors.generate"


def load(name: str) -> list[Fields]:
    whole = json.loads((TARGET / f"{name}.json").read_text("utf-8"))
    found: list[Fields] = whole["cases"]
    return found


CASES = [pytest.param(case, id=f"{name}: {case['name']}") for name in FILES for case in load(name)]


@pytest.mark.parametrize("name", list(FILES))
def test_the_vectors_are_what_the_generator_makes(name: str) -> None:
    assert (TARGET / f"{name}.json").read_text("utf-8") == render(name), COMMAND


def test_no_file_of_vectors_is_left_over() -> None:
    assert {path.stem for path in TARGET.glob("*.json")} == set(FILES)


@pytest.mark.parametrize("case", CASES)
def test_this_implementation_answers_as_the_vector_says(case: Fields) -> None:
    operation, given = case["operation"], case["input"]
    assert isinstance(operation, str)
    assert isinstance(given, dict)
    expected = {key: case[key] for key in ("output", "error") if key in case}
    assert len(expected) == 1
    assert answer(operation, given) == expected


def test_every_file_says_what_is_right_and_what_is_refused_by_which_code() -> None:
    codes = {error.code for error in every_error()}
    for name in FILES:
        cases = load(name)
        assert any("output" in case for case in cases)
        refusals = {case["error"] for case in cases if "error" in case}
        assert refusals
        assert refusals <= codes
        names = [case["name"] for case in cases]
        assert len(set(map(str, names))) == len(names)
