"""The specification in docs/protocol says what the code does: whole tables, every code, citations that hold."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import protocol
from protocol.bodies import BODIES, Kind
from protocol.errors import ProtocolError, every_error
from protocol.jws import Typ
from protocol.thread.table import DUTIES, RANKS, TABLE
from protocol.vocabulary import (
    ANSWERS,
    Answer,
    Mode,
    Outcome,
    Progress,
    Publishes,
    Question,
    SeatBand,
    SizeBracket,
    Topic,
    vocabulary_hash,
)

ROOT = Path(__file__).parents[3]
PAGES = {page.name: page.read_text("utf-8") for page in sorted((ROOT / "docs" / "protocol").glob("*.md"))}
PARAGRAPH = re.compile(r"^- \*\*(\d+)\.(\d+)\.(\d+)\*\*", re.MULTILINE)
CODE = "\n".join(
    path.read_text("utf-8")
    for folder in ("protocol", "federation", "node", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
)


def paragraphs(page: str) -> list[tuple[int, ...]]:
    return [tuple(int(number) for number in found) for found in PARAGRAPH.findall(PAGES[page])]


def codes() -> set[str]:
    for module in pkgutil.walk_packages(protocol.__path__, "protocol."):
        importlib.import_module(module.name)
    return {error.code for error in every_error() if error.__module__.startswith("protocol.")} - {ProtocolError.code}


@pytest.mark.parametrize("page", [page for page in PAGES if page[0].isdigit()])
def test_paragraphs_are_numbered_in_order_and_belong_to_their_page(page: str) -> None:
    found = paragraphs(page)
    assert found == sorted(set(found))
    assert {number[0] for number in found} == {int(page[:2])}
    for chapter in {number[1] for number in found}:
        last = [number[2] for number in found if number[1] == chapter]
        assert last == list(range(1, len(last) + 1))


def test_every_page_that_code_cites_exists() -> None:
    cited = set(re.findall(r"docs/protocol/(\d\d-[a-z]+\.md)", CODE))
    assert cited
    assert cited <= set(PAGES)


def test_every_paragraph_that_code_cites_exists() -> None:
    cited = re.findall(r"(\d\d-[a-z]+) ((?:\d+\.\d+(?:\.\d+)?(?:, )?)+)", CODE)
    assert len(cited) > 20
    for page, numbers in cited:
        text = PAGES[f"{page}.md"]
        for number in numbers.removesuffix(", ").split(", "):
            assert f"**{number}" in text, f"{page} {number}"


def test_pages_point_at_paragraphs_that_exist() -> None:
    known = {".".join(map(str, number)) for page in PAGES if page != "index.md" for number in paragraphs(page)}
    chapters = {number.rpartition(".")[0] for number in known}
    for page, text in PAGES.items():
        for number in re.findall(r"[(, ](\d{1,2}\.\d(?:\.\d)?)(?=[),. ;])", text):
            assert number in known | chapters | {"1.0"}, f"{page}: {number}"


def test_every_row_of_the_table_stands_in_the_specification() -> None:
    page = PAGES["05-messages.md"]
    for (state, side, kind), after in TABLE.items():
        assert f"| `{state.value}` | {side.value} | `{kind.value}` | `{after.value}` |\n" in page
    rows = re.findall(r"^\| `[a-z_]+` \| (?:home|host) \| `[a-z.]+` \| `[a-z_]+` \|$", page, re.MULTILINE)
    assert len(rows) == len(TABLE)


def test_every_duty_stands_in_the_specification() -> None:
    page = PAGES["05-messages.md"]
    for state, duty in DUTIES.items():
        row = f"| `{state.value}` | {duty.owner.value} | {duty.nudge.days} days | {duty.deadline.days} days |\n"
        assert row in page
    assert len(RANKS) == page.count(" > ") + 1


def test_every_body_stands_in_the_specification_with_its_fields() -> None:
    rows = [line for line in PAGES["05-messages.md"].splitlines() if line.startswith("| `") and line.count("|") == 3]
    for kind in Kind:
        (row,) = [line for line in rows if f"`{kind.value}`" in line.split("|")[1]]
        assert all(re.search(rf"\b{field}\b", row) for field in BODIES[kind].model_fields), kind


def test_every_kind_of_signed_object_stands_in_the_specification() -> None:
    listed = re.findall(r"^\| `(mentorweave-[a-z+-]+)` \|", PAGES["03-signatures.md"], re.MULTILINE)
    assert listed == [typ.value for typ in Typ]


def test_every_list_of_the_vocabulary_stands_in_the_specification() -> None:
    page = PAGES["10-vocabulary.md"]
    for kind in (Mode, Topic, Question, Answer, Outcome, Progress, SeatBand, SizeBracket, Publishes):
        values = ", ".join(f"`{member.value}`" for member in kind)
        assert f"| `{kind.__name__}` | {values} |\n" in page
    for question, answers in ANSWERS.items():
        values = ", ".join(f"`{answer.value}`" for answer in Answer if answer in answers)
        assert f"| `{question.value}` | {values} |\n" in page
    assert vocabulary_hash() in page


def test_every_refusal_of_the_language_stands_in_the_specification() -> None:
    whole = "".join(PAGES.values())
    assert {code for code in codes() if f"`{code}`" not in whole} == set()
