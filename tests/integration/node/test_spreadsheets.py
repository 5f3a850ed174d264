"""Spreadsheets as programs keep them, good and bad: every row comes in or none."""

import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from node.services.intake import people
from tests.support.commands import Run, Said

HEADER = "name,email,community,occupation,languages"
GOOD = f"{HEADER}\nAmara Okafor,amara@example.org,Redcliff,21300,en:8\n"


@pytest.fixture
def bring_in(program: Run, tmp_path: Path) -> Run:
    """Import the content of a file and return what was said as JSON."""

    def bring(content: str | bytes, *options: str, name: str = "people.csv", kind: str | None = "mentees") -> Said:
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        chosen = ("--kind", kind) if kind else ()
        return program("people", "import", str(file), *chosen, "--json", *options)

    return bring


def problems(said: Said) -> list[tuple[object, object, object]]:
    assert said.code == 1
    found = said.fields["problems"]
    assert isinstance(found, list)
    return [(item["row"], item["column"], item["code"]) for item in found if isinstance(item, dict)]


def names(program: Run) -> list[object]:
    return [person["name"] for person in program("people", "list", "--json").items]


def test_a_plain_file_comes_in(bring_in: Run, program: Run) -> None:
    report = bring_in(GOOD)

    assert (report.code, report.fields["imported"]) == (0, 1)
    assert names(program) == ["Amara Okafor"]


def test_a_dry_run_writes_nothing(bring_in: Run, program: Run) -> None:
    report = bring_in(GOOD, "--dry-run")

    assert (report.code, report.fields["imported"], report.fields["mentees"]) == (0, 0, 1)
    assert names(program) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_usual_encoding_and_separator_is_understood(
    bring_in: Run, program: Run, encoding: str, separator: str
) -> None:
    text = GOOD.replace("Amara Okafor", "Zoé Brûlé").replace(",", separator)

    assert bring_in(text.encode(encoding)).code == 0
    assert names(program) == ["Zoé Brûlé"]


def test_french_headers_and_a_name_in_two_columns_are_understood(bring_in: Run, program: Run) -> None:
    text = "Prénom;Nom;Courriel;Ville;Profession;Langues\nLuc;Roy;luc@exemple.ca;redcliff;10;français:9\n"

    assert bring_in(text).code == 0
    (person,) = program("people", "list", "--json").items
    assert (person["name"], person["occupation"]) == ("Luc Roy", "00010")
    assert person["languages"] == [{"code": "fr", "level": 9}]


def test_titles_blank_rows_and_merged_headers_above_the_table_are_skipped(bring_in: Run) -> None:
    text = f"Our people,,,,\n,,,,\nPerson,,Place,,\n{HEADER}\n,,,,\nAmara,a@example.org,Redcliff,21300,en\n,,,,\n"

    assert bring_in(text).fields["imported"] == 1


def test_an_excel_file_with_real_dates_and_numbers_comes_in(bring_in: Run, program: Run) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Mentors of 2026"])
    sheet.merge_cells("A1:F1")
    sheet.append([*HEADER.split(","), "seats", "arrived_on"])
    sheet.append(["Amara Okafor", "amara@example.org", "Redcliff", 10, "en", 2, date(1999, 5, 3)])
    out = io.BytesIO()
    book.save(out)

    assert bring_in(out.getvalue(), name="people.xlsx", kind=None).fields["mentors"] == 1
    (line,) = program("people", "list", "--json").items
    person = program("people", "show", str(line["id"]), "--json").fields
    assert (person["occupation"], person["seats"], person["arrived_on"]) == ("00010", 2, "1999-05-03")


def test_every_problem_is_named_by_row_and_column_and_nothing_is_kept(bring_in: Run, program: Run) -> None:
    text = (
        f"{HEADER},mode,arrived_on,seats\n"
        "Amara Okafor,amara@example.org,Redcliff,21300,en:8,online,2020-01-01,\n"
        ",not an address,Calgary,astronaut,martian,by pigeon,2999-01-01,many\n"
    )

    assert problems(bring_in(text)) == [
        (3, "name", "blank"),
        (3, "community", "community-unknown"),
        (3, "occupation", "occupation-unknown"),
        (3, "languages", "languages-unreadable"),
        (3, "seats", "number-unreadable"),
    ]
    assert names(program) == []


def test_further_problems_of_a_row_are_named_too(bring_in: Run) -> None:
    text = f"{HEADER},mode,arrived_on\nA B,not an address,Redcliff,21300,en,by pigeon,2999-01-01\n"

    assert problems(bring_in(text)) == [
        (2, "email", "email-unreadable"),
        (2, "mode", "mode-unknown"),
        (2, "arrived_on", "date-impossible"),
    ]


def test_an_unknown_community_is_answered_with_the_known_ones(bring_in: Run, program: Run, tmp_path: Path) -> None:
    refused = bring_in(GOOD.replace("Redcliff", "Calgary"))

    found = refused.fields["problems"]
    assert isinstance(found, list)
    assert isinstance(found[0], dict)
    assert found[0]["known"] == ["Medicine Hat", "Redcliff"]
    said = program("people", "import", str(tmp_path / "people.csv"), "--kind", "mentees").out
    assert "Row 2, community: the program has no such community." in said
    assert "Use one of: Medicine Hat, Redcliff" in said


def test_a_blank_community_is_asked_for_where_there_are_several(bring_in: Run) -> None:
    assert problems(bring_in(GOOD.replace("Redcliff", ""))) == [(2, "community", "blank")]


def test_a_person_twice_in_the_file_is_named_with_both_rows(bring_in: Run) -> None:
    text = GOOD + "Somebody Else,AMARA@example.org,Redcliff,21300,en\nA B,,Redcliff,21300,en\na b,,Redcliff,21300,en\n"

    assert problems(bring_in(text)) == [(3, "email", "twice-in-file"), (5, "name", "twice-in-file")]


def test_a_person_who_is_here_already_is_not_taken_twice(bring_in: Run, program: Run) -> None:
    bring_in(GOOD)

    assert problems(bring_in(GOOD)) == [(2, "email", "here-already")]
    assert names(program) == ["Amara Okafor"]


def test_dates_that_can_be_read_two_ways_are_asked_about(bring_in: Run) -> None:
    text = f"{HEADER},birth_date\nA B,,Redcliff,21300,en,01/03/1990\n"

    assert problems(bring_in(text)) == [(2, "birth_date", "date-ambiguous")]
    assert bring_in(text + "C D,,Redcliff,21300,en,31/03/1990\n").code == 0


def test_a_consent_in_the_file_is_recorded_with_its_day_and_how(bring_in: Run, program: Run) -> None:
    text = f"{HEADER},consent_outside,consent_contact\nA B,,Redcliff,21300,en,2026-03-01 par téléphone,no\n"

    assert bring_in(text).fields["consents"] == 1
    (person,) = program("people", "list", "--json").items
    (consent,) = program("people", "consent", "list", str(person["id"]), "--json").items
    assert (consent["purpose"], consent["given"]) == ("outside", "phone")
    assert consent["granted_at"] == "2026-03-01T00:00:00Z"


@pytest.mark.parametrize("cell", ["yes", "2026-03-01", "2026-03-01 by thought", "2999-01-01 phone"])
def test_a_consent_without_day_or_way_is_refused(bring_in: Run, cell: str) -> None:
    refused = bring_in(f"{HEADER},consent_outside\nA B,,Redcliff,21300,en,{cell}\n")

    assert [column for _, column, _ in problems(refused)] == ["consent_outside"]


def test_a_file_that_does_not_say_who_they_are_is_asked(bring_in: Run) -> None:
    assert problems(bring_in(GOOD, kind=None)) == [(2, "kind", "kind-unclear")]


def test_a_column_tells_mentors_from_mentees(bring_in: Run, program: Run) -> None:
    text = f"{HEADER},kind,state\nA B,,Redcliff,21300,en,mentor,paused\nC D,,Redcliff,21300,en,mentorée,\n"

    assert bring_in(text, kind=None).code == 0
    assert [(p["kind"], p["state"]) for p in program("people", "list", "--json").items] == [
        ("mentor", "paused"),
        ("mentee", "active"),
    ]


def test_a_column_only_mentees_have_tells_that_they_are_mentees(bring_in: Run) -> None:
    text = f"{HEADER},waiting_since\nA B,,Redcliff,21300,en,2026-01-05\n"

    assert bring_in(text, kind=None).fields["mentees"] == 1


def test_unknown_columns_are_left_out_and_said_so(bring_in: Run, program: Run, tmp_path: Path) -> None:
    report = bring_in(f"{HEADER},shoe size\nA B,,Redcliff,21300,en,44\n", "--dry-run")

    assert report.fields["ignored_columns"] == ["shoe size"]
    assert "shoe size" in program("people", "import", str(tmp_path / "people.csv"), "--kind", "mentees").out


def test_missing_columns_are_named_once(bring_in: Run) -> None:
    assert problems(bring_in("name,email\nA B,a@example.org\n")) == [
        (1, "occupation", "column-missing"),
        (1, "languages", "column-missing"),
        (1, "community", "column-missing"),
    ]


def test_a_file_without_headers_is_refused(bring_in: Run) -> None:
    assert problems(bring_in("Amara,a@example.org\n")) == [(1, "", "header-missing")]


def test_headers_without_people_are_refused(bring_in: Run) -> None:
    assert problems(bring_in(f"{HEADER}\n")) == [(1, "", "no-people")]


def test_a_name_that_is_a_novel_is_refused(bring_in: Run) -> None:
    assert problems(bring_in(f"{HEADER}\n{'A' * 300},,Redcliff,21300,en\n")) == [(2, "name", "too-long")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n ",
        b"PK\x03\x04 not a workbook",
        b"\xd0\xcf\x11\xe0 an old workbook",
        b'name,email\n"never closed',
        b"\xff\xfea",
        b"n\0\0\0a\0",
    ],
)
def test_a_file_that_is_no_spreadsheet_is_refused(bring_in: Run, content: bytes) -> None:
    refused = bring_in(content)

    assert (refused.code, refused.fields["code"]) == (1, "unreadable-file")


def test_too_many_rows_are_refused(bring_in: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "MOST_ROWS", 2)
    rows = "".join(f"A B{n},,Redcliff,21300,en\n" for n in range(3))

    assert bring_in(f"{HEADER}\n{rows}").fields["params"] == {"most": 2}
    assert bring_in(f"{HEADER}\n{rows * 60}").fields["params"] == {"most": 52}


def test_rows_far_below_the_last_one_are_not_looked_at(bring_in: Run) -> None:
    assert bring_in(GOOD + ",,,,\n" * 1500 + "A B,,Redcliff,21300,en\n").fields["imported"] == 1


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_was_exported_can_be_read_again(bring_in: Run, program: Run, tmp_path: Path, ending: str) -> None:
    bring_in(
        f"{HEADER},phone,birth_date,mode,topics,slots,seats,visibility,notes,consent_listing\n"
        "Zoé Brûlé,z@example.org,Redcliff,00010,en:12; fr:9,+1 403 555 0100,1961-05-03,online,resume,"
        "mon-evening,2,3,=knows irrigation,2026-01-02 paper\n",
        kind="mentors",
    )
    file = tmp_path / f"out.{ending}"

    assert program("people", "export", str(file), "--json").fields["people"] == 1
    (before,) = program("people", "list", "--json").items
    program("people", "erase", str(before["id"]), "--yes")
    assert program("people", "import", str(file)).code == 0

    (after,) = program("people", "list", "--json").items
    changing = {"id", "added_at"}
    assert {k: v for k, v in after.items() if k not in changing} == {
        k: v for k, v in before.items() if k not in changing
    }
    (consent,) = program("people", "consent", "list", str(after["id"]), "--json").items
    assert (consent["purpose"], consent["given"]) == ("listing", "paper")
