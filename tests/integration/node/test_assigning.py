"""A program's people as an abstract problem, and the exact answer to any problem, by commands."""

import json
from pathlib import Path

import pytest

from node.words import Words
from tests.support.commands import Run

COLUMNS = "name,community,occupation,languages,mode,seats,waiting_since"
PEOPLE = {
    "mentors": f"{COLUMNS}\nMary Mentor,Redcliff,21300,fr:12,online,1,\nOmar Mentor,Redcliff,31301,en:12,online,2,\n",
    "mentees": f"{COLUMNS}\nAmara Okafor,Redcliff,21300,fr:8,either,,2001-01-01\n"
    "Nadia Haddad,Redcliff,21300,en:8,either,,2001-01-01\nLinh Pham,Redcliff,22300,fr:9,either,,\n",
}
PAIRS = (
    '{"mentees": [{"id": "a", "tier": 0}, {"id": "b", "tier": 1}], "mentors": [{"id": "m", "seats": 1}], '
    '"pairs": [["a", "m", 1], '
)


@pytest.fixture
def people(program: Run, tmp_path: Path) -> dict[str, str]:
    for kind, text in PEOPLE.items():
        file = tmp_path / f"{kind}.csv"
        file.write_text(text, "utf-8")
        assert program("people", "import", str(file), "--kind", kind).code == 0
    return {str(person["id"]): str(person["name"]) for person in program("people", "list", "--json").items}


def test_the_problem_names_nobody_and_its_answer_seats_who_waited_longest(
    program: Run, people: dict[str, str], tmp_path: Path
) -> None:
    said = program("match", "problem", "--json")
    assert not any(name in said.out for name in people.values())
    problem = said.fields
    assert {(people[str(pair[0])], people[str(pair[1])]) for pair in problem["pairs"]} == {  # type: ignore[index, union-attr]
        ("Amara Okafor", "Mary Mentor"),
        ("Linh Pham", "Mary Mentor"),
    }
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(problem), "utf-8")
    answer = program("match", "solve", "--problem", str(file), "--json").fields
    assert answer["optimal"] is True
    assert answer["matched"] == 1
    assert answer["by_tier"] == [1, 0, 0]
    assert isinstance(answer["assignment"], list)
    assert [people[str(pair[0])] for pair in answer["assignment"]] == ["Amara Okafor"]  # type: ignore[index]
    assert "3" in program("match", "problem").out


def test_what_a_problem_says_besides_and_the_mark_some_editors_write_change_nothing(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "problem.json"
    file.write_text(PAIRS + '["b", "m", 2]], "note": {"by": [{"a": 1.5}, {"a": 2}]}}', "utf-8-sig")

    assert run("match", "solve", "--problem", str(file), "--json").fields["assignment"] == [["a", "m"]]


@pytest.mark.parametrize(
    ("content", "field", "wanted"),
    [
        ("not json", "file:1:2", "json"),
        ("", "file:1:0", "json"),
        ("{} more", "file:1:4", "json"),
        ("[" * 5000, "file:1:202", "json"),
        ("[]", "file", "object"),
        ('{"mentees": [], "mentors": []}', "pairs", "list"),
        ('{"mentees": null, "mentors": [], "pairs": []}', "mentees", "list"),
        ('{"mentees": ["a"], "mentors": [], "pairs": []}', "mentees[0]", "object"),
        ('{"mentees": [{"id": "a", "tier": 0}, {"id": "b"}], "mentors": [], "pairs": []}', "mentees[1].tier", "number"),
        ('{"mentees": [], "mentors": [{"id": "m", "seats": 1.5}], "pairs": []}', "mentors[0].seats", "number"),
        ('{"mentees": [], "mentors": [{"id": "m", "seats": NaN}], "pairs": []}', "mentors[0].seats", "number"),
        ('{"mentees": [], "mentors": [], "pairs": [["a", "m", 1]]}', "pairs[0][0]", "mentee"),
        (PAIRS + '["b", "m", 1.5]]}', "pairs[1][2]", "number"),
        (PAIRS + '["b", 7, 1]]}', "pairs[1][1]", "text"),
        (PAIRS + '["b", "m"]]}', "pairs[1]", "pair"),
        (PAIRS + '["b", "m", 1, 2]]}', "pairs[1]", "pair"),
        (PAIRS + '["b", "m", 1]], "pairs": []}', "pairs", "once"),
        (PAIRS + '["b", "m", 1]], "mentors": [{"id": "m", "seats": 9}]}', "mentors", "once"),
        (PAIRS.replace('"tier": 1', '"tier": 1, "tier": 0') + '["b", "m", 1]]}', "mentees[1].tier", "once"),
        (PAIRS + '["b", "m", 1]], "note": {"by": [1, {"a": 1.5, "a": 2}]}}', "note.by[1].a", "once"),
        ('{"mentees": [{"id": 1, "tier": 0}], "mentors": [], "pairs": []}', "mentees[0].id", "text"),
        ('{"mentees": [{"id": "a", "tier": true}], "mentors": [], "pairs": []}', "mentees[0].tier", "number"),
    ],
)
def test_a_problem_that_cannot_be_read_is_refused_by_field_and_what_is_wanted(
    run: Run, tmp_path: Path, content: str, field: str, wanted: str
) -> None:
    file = tmp_path / "problem.json"
    file.write_text(content, "utf-8")
    said = run("match", "solve", "--problem", str(file), "--json")
    assert said.code == 1
    assert said.fields["params"] == {"field": field, "wanted": wanted}
    assert f" {field}. Wanted: {Words('en')('wanted.' + wanted)}." in str(said.fields["title"])
