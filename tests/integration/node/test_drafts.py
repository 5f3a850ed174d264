"""Drafts of who meets whom, by commands: made, read, changed, signed off, published; and the program's rules."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from federation.ground.writing import Json
from node.domain.matching.finding import Aspect
from tests.support.commands import Run

COLUMNS = (
    "name,email,community,occupation,languages,mode,seats,waiting_since,topics,slots,specialisation,preferences,notes"
)
MENTORS = """Mary Mentor,mary@example.org,Redcliff,21300,en,online,1,,resume,mon-evening,bridge design,,kind
Omar Mentor,omar@example.org,Redcliff,22300,en,online,1,,,,,circle,
Fatima Doctor,fatima@example.org,Redcliff,31102,en,either,2,,,,,,
"""
MENTEES = """\
Amara Okafor,a@example.org,Redcliff,21300,en:8,either,,2001-01-01,resume,mon-evening,bridges,experienced,ready
Nadia Haddad,nadia@example.org,Redcliff,21300,en:8,either,,2001-01-01,,,,,
Linh Pham,linh@example.org,Redcliff,21300,en:8,either,,,,,,,
Yonas Tesfay,yonas@example.org,Redcliff,21300,ti:12,either,,2001-01-01,,,,,
"""


def rows(fields: dict[str, Json], name: str) -> list[dict[str, Json]]:
    """The objects of one list of an answer."""
    found = fields[name]
    assert isinstance(found, list)
    return [one for one in found if isinstance(one, dict)]


def text_of(file: Path) -> str:
    """What a letter says."""
    body = message_from_bytes(file.read_bytes(), policy=policy.default).get_body()
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


@pytest.fixture
def people(program: Run, tmp_path: Path) -> dict[str, str]:
    for kind, text in (("mentors", MENTORS), ("mentees", MENTEES)):
        file = tmp_path / f"{kind}.csv"
        file.write_text(f"{COLUMNS}\n{text}", "utf-8")
        said = program("people", "import", str(file), "--kind", kind)
        assert said.code == 0, said.out
    return {str(person["name"]).split()[0]: str(person["id"]) for person in program("people", "list", "--json").items}


def test_a_draft_says_who_meets_whom_and_why_everybody_else_does_not(program: Run, people: dict[str, str]) -> None:
    made = program("match", "draft", "--json").fields
    pairs = {(str(pair["mentee_name"]), str(pair["mentor_name"])) for pair in rows(made, "pairs")}
    why = {str(one["name"]): one["why"] for one in rows(made, "unmatched")}

    assert pairs == {("Amara Okafor", "Mary Mentor"), ("Nadia Haddad", "Omar Mentor")}
    assert why == {"Linh Pham": "longer_wait", "Yonas Tesfay": "nobody_compatible"}
    assert program("letters", "list").out == "There is no letter.\n"
    assert "waited longer" in program("match", "why-not", people["Linh"]).out
    assert (
        "No mentor here is compatible: none of the same or a similar occupation"
        in program("match", "why-not", people["Yonas"]).out
    )
    assert people["Mary"] in program("match", "why-not", people["Amara"]).out
    assert program("match", "why-not", people["Mary"]).code == 1


def test_a_draft_is_changed_by_hand_and_compared_with_the_last(program: Run, people: dict[str, str]) -> None:
    assert program("match", "show").code == 1
    program("match", "draft")
    assert program("match", "change", people["Nadia"]).out == "A compatible place is free.\n"
    changed = program("match", "change", people["Linh"], people["Omar"])
    assert "+ similar work: " in changed.out
    shown = program("match", "show")
    assert "Linh Pham" in shown.out
    assert "(by hand)" in shown.out
    assert "went to somebody whom a coordinator wants" in shown.out
    assert program("match", "change", people["Yonas"], people["Mary"]).code == 1
    assert program("match", "change", people["Mary"], people["Mary"]).code == 1
    assert program("match", "change", people["Nadia"], people["Omar"]).code == 1

    again = program("match", "draft")
    assert f"{people['Nadia']} gains" in again.out
    assert f"{people['Linh']} loses" in again.out


def test_a_published_draft_takes_seats_and_writes_letters_once(program: Run, people: dict[str, str]) -> None:
    program("match", "draft")
    program("match", "exclude", people["Nadia"], people["Omar"])
    published = program("match", "publish", "--yes")

    assert "1 mentorships begun" in published.out
    assert f"{people['Nadia']} and {people['Omar']} could no longer" in published.out
    assert len(program("mentorship", "list", "--json").items) == 1
    assert program("match", "publish", "--yes").code == 1
    assert program("match", "discard").code == 1
    again = program("match", "draft", "--json").fields
    assert people["Amara"] not in {str(one["mentee"]) for one in rows(again, "unmatched")}
    assert "Thrown away" in program("match", "discard").out


def test_a_second_person_signs_off_where_the_program_wants_it(
    program: Run, people: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "rules.toml"
    file.write_text("[drafts]\nsecond_person = true\n", "utf-8")
    program("match", "rules", "save", str(file), "--yes")
    program("match", "draft")

    assert "Somebody else" in program("match", "publish", "--yes").err
    assert program("match", "sign").code == 1


def test_a_pin_is_kept_by_every_draft_unless_a_hard_rule_forbids_it(program: Run, people: dict[str, str]) -> None:
    assert program("match", "pin", people["Linh"], people["Mary"]).code == 0
    assert program("match", "pin", people["Linh"], people["Omar"]).code == 1
    program("match", "pin", people["Yonas"], people["Mary"])
    made = program("match", "draft", "--json").fields
    pairs = {(str(pair["mentee"]), str(pair["mentor"])): pair["by_hand"] for pair in rows(made, "pairs")}
    assert pairs[people["Linh"], people["Mary"]] is True
    assert people["Yonas"] not in {mentee for mentee, _ in pairs}

    suggested = program("match", "suggest", people["Linh"])
    assert "! a coordinator wants these two together" in suggested.out
    assert program("match", "pin", people["Linh"], people["Mary"], "--undo").code == 0
    assert program("match", "pin", people["Linh"], people["Mary"], "--undo").code == 1


def test_of_two_who_are_wanted_with_one_free_mentor_the_longer_wait_comes_first(
    program: Run, people: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "later.csv"
    file.write_text(f"{COLUMNS}\nZora Added Last,z@example.org,Redcliff,21300,en:8,either,,2001-01-01,,,,,\n", "utf-8")
    assert program("people", "import", str(file), "--kind", "mentees").code == 0
    (zora,) = (one["id"] for one in program("people", "list", "--json").items if one["name"] == "Zora Added Last")
    for mentee in (people["Linh"], str(zora)):
        assert program("match", "pin", mentee, people["Mary"]).code == 0

    made = program("match", "draft", "--json").fields

    assert {str(pair["mentee"]) for pair in rows(made, "pairs") if pair["mentor"] == people["Mary"]} == {zora}
    assert "waited longer" in program("match", "why-not", people["Linh"]).out


def test_a_pair_that_is_kept_apart_is_wanted_no_longer_and_cannot_be(program: Run, people: dict[str, str]) -> None:
    linh = people["Linh"]
    program("match", "pin", linh, people["Mary"])
    assert program("match", "exclude", linh, people["Mary"]).code == 0
    assert program("match", "exclude", linh, people["Omar"], "--json").fields["pinned"] is False

    refused = program("match", "pin", linh, people["Omar"])
    assert (refused.code, refused.err.splitlines()[0]) == (1, "These two are kept apart.")
    program("match", "exclude", linh, people["Omar"], "--undo")
    assert program("match", "pin", linh, people["Omar"]).code == 0


def test_a_change_that_cannot_be_is_refused_with_its_reason(program: Run, people: dict[str, str]) -> None:
    program("match", "draft")
    program("match", "exclude", people["Linh"], people["Mary"])

    said = program("match", "change", people["Linh"], people["Mary"])

    assert said.code == 1
    assert "a coordinator keeps these two apart" in said.err


def test_a_suggestion_shows_points_notes_and_what_else_there_is(program: Run, people: dict[str, str]) -> None:
    said = program("match", "suggest", people["Amara"])
    assert "Notes: kind" in said.out
    assert "Notes: ready" in said.out
    assert "+ both name the same speciality" in said.out
    assert "o would rather carry a group of four to eight" in said.out
    assert "Any professional can speak of Canadian working life (1): first Fatima Doctor" in said.out
    assert "Someone of a near occupation (1): first Omar Mentor" in said.out

    why = program("match", "why", people["Amara"], people["Mary"])
    assert "occupation 400/400" in why.out
    assert "can help with: résumé" in why.out or "can help with" in why.out
    fields = program("match", "why", people["Amara"], people["Mary"], "--json").fields
    assert program("match", "why", "0" * 64, people["Mary"]).code == 1
    assert sum(int(str(part["points"])) for part in rows(fields, "parts")) == fields["fit"]


def test_other_rules_are_tried_before_they_are_kept(program: Run, people: dict[str, str], tmp_path: Path) -> None:
    shown = program("match", "rules", "show").out
    assert "occupation = 400" in shown
    file = tmp_path / "rules.toml"
    file.write_text(shown.replace("occupation = 400", "occupation = 0"), "utf-8")

    assert "of 4 suggestions change at the top" in program("match", "rules", "try", str(file)).out
    assert "occupation = 400" in program("match", "rules", "show").out
    asked = program("match", "rules", "save", str(file))
    assert asked.code != 0
    assert "of 4 suggestions change at the top" in asked.err
    assert "Keep these rules from now on?" in asked.err
    assert "occupation = 400" in program("match", "rules", "show").out
    assert program("match", "rules", "save", str(file), "--yes").code == 0
    assert "occupation = 0" in program("match", "rules", "show").out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not toml", "cannot be read"),
        ("[colours]", "colours"),
        ("weights = 3", "weights"),
        ("[weights]\ntopics = 'many'", "weights.topics"),
        ("[weights]\ntopics = true", "weights.topics"),
        ("[weights]\ntopics = -1", "between 0 and 10000"),
        ("[limits]\nlanguage_level = 13", "between 4 and 12"),
        (
            "[weights]\n" + "\n".join(f"{name} = 0" for name in Aspect),
            "switched off",
        ),
    ],
)
def test_rules_that_make_no_sense_are_refused_by_name(
    program: Run, people: dict[str, str], tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(text, "utf-8")
    refused = program("match", "rules", "try", str(file))
    assert refused.code == 1
    assert said in refused.err


def test_seats_kept_for_locals_show_what_they_cost(program: Run, people: dict[str, str], tmp_path: Path) -> None:
    away = tmp_path / "away.csv"
    away.write_text("name,community,occupation,languages,seats\nRuth Mentor,Medicine Hat,41200,en,2\n", "utf-8")
    assert program("people", "import", str(away), "--kind", "mentors").code == 0
    far = tmp_path / "far.csv"
    rows = "".join(f"Mentee {n},Redcliff,41200,en:9,2001-01-01\n" for n in ("one", "two"))
    far.write_text(f"name,community,occupation,languages,waiting_since\n{rows}", "utf-8")
    assert program("people", "import", str(far), "--kind", "mentees").code == 0
    rules = tmp_path / "rules.toml"
    rules.write_text("[drafts]\nlocal_seats_percent = 50\n", "utf-8")
    program("match", "rules", "save", str(rules), "--yes")

    assert "Places kept for locals cost one match." in program("match", "draft").out


def test_places_in_a_circle_are_counted_and_marked_and_no_seat_is_both(
    program: Run, people: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "circle.csv"
    file.write_text(f"{COLUMNS}\nCleo Circle,c@example.org,Redcliff,21300,en,online,11,,,,,circle,\n", "utf-8")
    assert program("people", "import", str(file), "--kind", "mentors").code == 0

    posed = program("match", "problem", "--json").fields
    made = program("match", "draft", "--json").fields
    shown = program("match", "show").out

    assert [one["seats"] for one in rows(posed, "mentors") if one["circle"]] == [8], "a circle has no more places"
    assert sum(bool(one["circle"]) for one in rows(posed, "mentors")) == 1, "one seat makes no circle"
    assert isinstance(made["figures"], dict)
    assert (made["figures"]["circle_seats"], made["figures"]["seats"]) == (8, 12)
    marked = {str(pair["mentor_name"]): pair["circle"] for pair in rows(made, "pairs")}
    assert marked["Cleo Circle"] is True
    assert not any(circle for name, circle in marked.items() if name != "Cleo Circle")
    assert "8 are in circles" in shown
    assert "(in a circle)" in shown

    suggested = program("match", "suggest", people["Linh"]).out
    assert "o carries a circle of four to eight: a free place here is a place in the circle" in suggested
    published = program("match", "publish", "--yes").out
    assert "2 of them are places in circles: the letters say that the coordinator forms the circle." in published
    program("letters", "send")
    letters = [text_of(file) for file in (tmp_path / "data" / "letters").glob("*.eml")]
    assert sum("We form the circle" in letter for letter in letters) == 4, "both letters of both places"
    assert len(letters) == 6
